"""The shell's own commands, those with a slash: one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qmpshell.errors import LineError
from qmpshell.language import ShellCommand, nearest
from qmpshell.language.guest_words import GET_OPTIONS, PUT_OPTIONS, RUN_OPTIONS
from qmpshell.language.options import OUTPUT_FORMS
from qmpshell.language.shell_words import placed_behind
from qmpshell.named_tuple import NamedTuple
from qmpshell.render import Role
from qmpshell.shell.server import Server
from qmpshell.shell.session import Session

QEMU = "QEMU"
AGENT = "a guest agent"


class Command(NamedTuple):
    """A command of the shell itself.

    Attributes:
        name: the word behind the slash.
        arguments: what follows it, as shown by ``/help``; ``""`` when nothing may.
        summary: what it does, in a few words.
        run: does it, given the session and what followed the word.
        words: says what may follow the word, given what is known of the server; a mapping
            has what stands beside each in the menu.
        within_words: what stands between names in one word, such as those of keys.
        goes_to_targets: whether the name of a configured target may follow the word.
        takes_path: whether a file's path may follow as well.
        shows_text: whether what it shows is a text, which can go elsewhere.
        needs: what has to answer for it: ``QEMU``, or ``AGENT``, a guest's; else anyone may.
    """

    name: str
    arguments: str
    summary: str
    run: Callable[[Session, str], None]
    words: Callable[[Server], Iterable[str]] = lambda _: ()
    within_words: str = ""
    goes_to_targets: bool = False
    takes_path: bool = False
    shows_text: bool = False
    needs: str = ""

    def suits(self, server: Server) -> bool:
        """Say whether it can be carried out with what answers."""
        return self.needs in ("", AGENT if server.is_agent else QEMU)


def run_shell_command(session: Session, line: ShellCommand) -> None:
    """Run a command of the table.

    Parameters:
        session: what it is about.
        line: what was typed.

    Raises:
        LineError: there is no such command, or it takes no arguments.
        Error: whatever went wrong in it.
    """
    name = line.name
    command = next((command for command in COMMANDS if command.name == name.text), None)
    if command is None:
        meant = nearest(name.text, [command.name for command in COMMANDS])
        hint = f"; nearest: /{meant}" if meant else ""
        raise LineError(f"no such command{hint}; /help lists them", name.start, name.end)
    if not command.suits(session.server):
        raise LineError(_unsuited(command), name.start, name.end)
    if line.rest and not command.arguments:
        raise LineError(
            f"/{command.name} takes no arguments", line.rest_start, line.rest_start + len(line.rest)
        )
    if line.destination and not command.shows_text:
        operator = line.destination.operator
        message = f"/{command.name} shows no text that could go there"
        raise LineError(message, operator.start, line.destination.target.end)
    with placed_behind(line), session.output.delivery.to(line.destination):
        command.run(session, line.rest)


def _unsuited(command: Command) -> str:
    if command.needs == AGENT:
        return f"/{command.name} needs the guest's agent: qmp-shell --agent ADDRESS"
    return f"/{command.name} is for QEMU's monitor, and this is a guest's agent"


def _help(session: Session, topic: str) -> None:
    name = topic.removeprefix("/")
    if own := next((command for command in COMMANDS if command.name == name), None):
        usage = f"{_usage(own):14} "
        session.output.show([(Role.COMMAND, usage), (Role.TEXT, own.summary)])
    elif topic:
        # What it needs takes time to import, which the first prompt would wait for.
        from qmpshell.shell.help import show_topic

        show_topic(session, topic)
    else:
        from qmpshell.shell.overview import overview

        suited = (command for command in COMMANDS if command.suits(session.server))
        lines = [(_usage(command), command.summary) for command in suited]
        session.output.show(overview(lines, to_agent=session.server.is_agent))


def _topics(server: Server) -> Iterable[str]:
    """What there is help on, but for the types, which nobody knows by name."""
    yield from (command.name for command in COMMANDS if command.suits(server))
    yield from server.commands
    if server.schema:
        yield from server.schema.events


def _usage(command: Command) -> str:
    return f"/{command.name} {command.arguments}"


def _search(session: Session, word: str) -> None:
    from qmpshell.shell.search import show_search

    show_search(session, word)


def _events(session: Session, words: str) -> None:
    from qmpshell.shell.events_command import run_events

    run_events(session, words)


def _config(session: Session, name: str) -> None:
    from qmpshell.shell.config_command import show_configuration

    show_configuration(session, name)


def _config_names(_: Server) -> Iterable[str]:
    from qmpshell.configuration.keys import KEYS

    return (key.name for key in KEYS)


def _exit(session: Session, _: str) -> None:
    session.leave()


def _jobs(session: Session, _: str) -> None:
    from qmpshell.shell.jobs_command import show_jobs

    show_jobs(session)


def _run(session: Session, rest: str) -> None:
    from qmpshell.shell.guest_commands import run_program

    run_program(session, rest)


def _get(session: Session, rest: str) -> None:
    from qmpshell.shell.guest_commands import get_file

    get_file(session, rest)


def _put(session: Session, rest: str) -> None:
    from qmpshell.shell.guest_commands import put_file

    put_file(session, rest)


def _hmp(session: Session, line: str) -> None:
    session.run_hmp(line)


def _keys(session: Session, keys: str) -> None:
    from qmpshell.shell.keyboard import press_keys

    press_keys(session, keys)


def _key_names(server: Server) -> Iterable[str]:
    from qmpshell.language.keyboard.combinations import key_names

    return key_names(server.schema)


def _connect(session: Session, address: str) -> None:
    from qmpshell.shell.connect_command import connect

    connect(session, address)


def _addresses(server: Server) -> Iterable[str]:
    from qmpshell.client.machines import Language
    from qmpshell.shell.connect_command import running_addresses

    return running_addresses(Language.AGENT if server.is_agent else Language.QMP)


def _output(session: Session, rest: str) -> None:
    from qmpshell.shell.output_command import choose_output

    choose_output(session, rest)


def _reconnect(session: Session, _: str) -> None:
    session.connection.reconnect()


def _rescue(session: Session, rest: str) -> None:
    from qmpshell.shell.rescue import rescue

    rescue(session, rest)


def _save(session: Session, rest: str) -> None:
    from qmpshell.shell.save import save_reply

    save_reply(session, rest)


#: As ``render.picture`` has them, which takes time to import.
_FORMS = ("blocks", "iterm", "kitty", "sixel")


def _screen(session: Session, words: str) -> None:
    from qmpshell.shell.screen import show_screen

    show_screen(session, words)


def _sendfd(session: Session, rest: str) -> None:
    from qmpshell.shell.sendfd_command import send_descriptor

    send_descriptor(session, rest)


def _sendfd_options(_: Server) -> Iterable[str]:
    from qmpshell.language.sendfd_words import SENDFD_OPTIONS

    return SENDFD_OPTIONS


def _source(session: Session, rest: str) -> None:
    from qmpshell.shell.source import run_source

    run_source(session, rest)


def _timing(session: Session, rest: str) -> None:
    from qmpshell.shell.output_command import switch_timing

    switch_timing(session, rest)


def _type(session: Session, text: str) -> None:
    from qmpshell.shell.keyboard import type_text

    type_text(session, text)


COMMANDS = (
    Command(
        "config",
        "[KEY]",
        "show the configuration, and where it is from",
        _config,
        _config_names,
        shows_text=True,
    ),
    Command(
        "connect",
        "[ADDRESS]",
        "leave this machine for another, or list those that run here",
        _connect,
        _addresses,
        goes_to_targets=True,
    ),
    Command(
        "events",
        "[WORD]",
        "show the last events, or choose which are shown",
        _events,
        shows_text=True,
        needs=QEMU,
    ),
    Command("exit", "", "leave; the machine runs on", _exit),
    Command(
        "get",
        "FILE [LOCAL]",
        "copy a file from the guest; LOCAL - shows it; --overwrite",
        _get,
        lambda _: GET_OPTIONS,
        takes_path=True,
        shows_text=True,
        needs=AGENT,
    ),
    Command(
        "help",
        "[NAME]",
        "show this, or what a command, an event or a type is",
        _help,
        _topics,
        shows_text=True,
    ),
    Command(
        "hmp", "LINE", "run a line of the human monitor (HMP)", _hmp, shows_text=True, needs=QEMU
    ),
    Command(
        "jobs",
        "",
        "show how far jobs and the migration are, until a key is pressed",
        _jobs,
        needs=QEMU,
    ),
    Command(
        "keys",
        "KEYS...",
        "press keys of the machine: /keys ctrl-alt-f2 ret; --hold MS",
        _keys,
        lambda server: ("--hold", *_key_names(server)),
        within_words="-",
        needs=QEMU,
    ),
    Command(
        "output",
        "[FORM]",
        "show how replies are shown, or choose it, and what of them: /output table [].id",
        _output,
        lambda _: OUTPUT_FORMS,
    ),
    Command(
        "put",
        "LOCAL FILE",
        "copy a file to the guest; --overwrite --in-place",
        _put,
        lambda _: PUT_OPTIONS,
        takes_path=True,
        needs=AGENT,
    ),
    Command("reconnect", "", "connect to the same address again", _reconnect),
    Command(
        "rescue",
        "[NUMBER]",
        "show what may free QEMU while a command hangs in it, or run that",
        _rescue,
        needs=QEMU,
    ),
    Command(
        "run",
        "COMMAND",
        "run a program in the guest; --input FILE --timeout SECONDS",
        _run,
        lambda _: RUN_OPTIONS,
        shows_text=True,
        needs=AGENT,
    ),
    Command(
        "save",
        "FILE",
        "save the last reply as JSON; --output FORM --overwrite",
        _save,
        lambda _: ("--output", "--overwrite", *OUTPUT_FORMS),
        takes_path=True,
    ),
    Command(
        "screen",
        "[FILE]",
        "show the machine's screen, or save it as a PNG; --device ID --head N --as FORM",
        _screen,
        lambda _: ("--as", "--device", "--head", "--overwrite", *_FORMS),
        takes_path=True,
        needs=QEMU,
    ),
    Command(
        "search",
        "WORD",
        "find commands, arguments and events by part of a name",
        _search,
        shows_text=True,
    ),
    Command(
        "sendfd",
        "NAME FILE",
        "give QEMU a file, opened here: --read --write --read-write --fdset NUMBER",
        _sendfd,
        _sendfd_options,
        takes_path=True,
        needs=QEMU,
    ),
    Command("source", "FILE", "run the lines of a file", _source, takes_path=True),
    Command(
        "timing",
        "[WORD]",
        "say how long each reply took: on, off, or the other than now",
        _timing,
        lambda _: ("on", "off"),
    ),
    Command(
        "type",
        "TEXT",
        'type a text on the machine\'s keyboard: /type "root\\n"; --enter --hold MS',
        _type,
        lambda _: ("--enter", "--hold"),
        needs=QEMU,
    ),
)
