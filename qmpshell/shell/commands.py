"""The shell's own commands, those with a slash: one table."""

from __future__ import annotations

from collections.abc import Iterable

from qmpshell.language.guest_words import GET_OPTIONS, PUT_OPTIONS, RUN_OPTIONS
from qmpshell.language.options import OUTPUT_FORMS
from qmpshell.shell.command import AGENT, QEMU, Command, later
from qmpshell.shell.server import Server
from qmpshell.shell.session import Session


def _help(session: Session, topic: str) -> None:
    name = topic.removeprefix("/")
    if own := next((command for command in COMMANDS if command.name == name), None):
        from qmpshell.shell.overview import entry

        session.output.show(entry(_usage(own), own.summary, 14, session.printer.width))
    elif topic:
        # What it needs takes time to import, which the first prompt would wait for.
        from qmpshell.shell.help import show_topic

        show_topic(session, topic)
    else:
        from qmpshell.shell.overview import overview, spoken

        suited = (command for command in COMMANDS if command.suits(session.server))
        lines = [(_usage(command), command.summary) for command in suited]
        session.output.show(overview(lines, spoken(session), session.printer.width))


def _topics(server: Server) -> Iterable[str]:
    """What there is help on, but for the types, which nobody knows by name."""
    yield from (command.name for command in COMMANDS if command.suits(server))
    yield from server.commands
    if server.schema:
        yield from server.schema.events


def _usage(command: Command) -> str:
    return f"/{command.name} {command.arguments}"


def _config_names(_: Server) -> Iterable[str]:
    from qmpshell.configuration.keys import KEYS

    return (key.name for key in KEYS)


def _exit(session: Session, _: str) -> None:
    session.leave()


def _jobs(session: Session, _: str) -> None:
    from qmpshell.shell.jobs_command import show_jobs

    show_jobs(session)


def _key_names(server: Server) -> Iterable[str]:
    from qmpshell.language.keyboard.combinations import key_names

    return key_names(server.schema)


def _addresses(server: Server) -> Iterable[str]:
    from qmpshell.client.machines import Language
    from qmpshell.shell.connect_command import running_addresses

    return running_addresses(Language.AGENT if server.is_agent else Language.QMP)


def _reconnect(session: Session, _: str) -> None:
    session.connection.reconnect()


#: As ``render.picture`` has them, which takes time to import.
_FORMS = ("blocks", "iterm", "kitty", "sixel")


def _sendfd_options(_: Server) -> Iterable[str]:
    from qmpshell.language.sendfd_words import SENDFD_OPTIONS

    return SENDFD_OPTIONS


COMMANDS = (
    Command(
        "config",
        "[KEY]",
        "show the configuration, and where it is from",
        later("config_command", "show_configuration"),
        _config_names,
        shows_text=True,
    ),
    Command(
        "connect",
        "[ADDRESS]",
        "leave this machine for another, or list those that run here",
        later("connect_command", "connect"),
        _addresses,
        goes_to_targets=True,
    ),
    Command(
        "events",
        "[WORD]",
        "show the last events, NUMBER one whole; or choose which are shown: on, off,"
        " only PATTERN..., except PATTERN...",
        later("events_command", "run_events"),
        shows_text=True,
        needs=QEMU,
    ),
    Command("exit", "", "leave; the machine runs on", _exit),
    Command(
        "get",
        "FILE [LOCAL]",
        "copy a file from the guest; LOCAL - shows it; --overwrite",
        later("guest_commands", "get_file"),
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
        "hmp",
        "LINE",
        "run a line of the human monitor (HMP)",
        later("hmp_line", "run_hmp"),
        shows_text=True,
        needs=QEMU,
        uses="human-monitor-command",
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
        later("keyboard", "press_keys"),
        lambda server: ("--hold", *_key_names(server)),
        within_words="-",
        needs=QEMU,
        uses="send-key",
    ),
    Command(
        "output",
        "[FORM]",
        "say how replies are shown, or choose it (pretty, json, flat, table, raw) and what of"
        " them: /output table [].id",
        later("output_command", "choose_output"),
        lambda _: OUTPUT_FORMS,
    ),
    Command(
        "put",
        "LOCAL FILE",
        "copy a file to the guest; --overwrite --in-place",
        later("guest_commands", "put_file"),
        lambda _: PUT_OPTIONS,
        takes_path=True,
        needs=AGENT,
    ),
    Command("reconnect", "", "connect to the same address again", _reconnect),
    Command(
        "rescue",
        "[NUMBER]",
        "show what may free QEMU while a command hangs in it, or run that",
        later("rescue", "rescue"),
        needs=QEMU,
    ),
    Command(
        "run",
        "COMMAND",
        "run a program in the guest; --input FILE --timeout SECONDS",
        later("guest_commands", "run_program"),
        lambda _: RUN_OPTIONS,
        shows_text=True,
        needs=AGENT,
    ),
    Command(
        "save",
        "FILE",
        "save the last reply as JSON; --output FORM --overwrite",
        later("save", "save_reply"),
        lambda _: ("--output", "--overwrite", *OUTPUT_FORMS),
        takes_path=True,
    ),
    Command(
        "screen",
        "[FILE]",
        "show the machine's screen, or save it as a PNG; --overwrite --device ID --head N"
        " --as kitty|iterm|sixel|blocks",
        later("screen", "show_screen"),
        lambda _: ("--as", "--device", "--head", "--overwrite", *_FORMS),
        takes_path=True,
        needs=QEMU,
        uses="screendump",
    ),
    Command(
        "search",
        "WORD",
        "find commands, arguments and events by part of a name",
        later("search", "show_search"),
        shows_text=True,
    ),
    Command(
        "sendfd",
        "NAME FILE",
        "give QEMU a file, opened here: --read --write --read-write --fdset NUMBER|new",
        later("sendfd_command", "send_descriptor"),
        _sendfd_options,
        takes_path=True,
        needs=QEMU,
    ),
    Command(
        "source", "FILE", "run the lines of a file", later("source", "run_source"), takes_path=True
    ),
    Command(
        "timing",
        "[WORD]",
        "say how long each reply took: on, off, or the other than now",
        later("output_command", "switch_timing"),
        lambda _: ("on", "off"),
    ),
    Command(
        "type",
        "TEXT",
        'type a text on the machine\'s keyboard: /type "root\\n"; --enter --hold MS',
        later("keyboard", "type_text"),
        lambda _: ("--enter", "--hold"),
        needs=QEMU,
        uses="send-key",
    ),
)
