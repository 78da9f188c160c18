"""The shell's own commands, those with a slash: one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qmpshell.errors import LineError
from qmpshell.language import ShellCommand
from qmpshell.render import Role, Styled
from qmpshell.shell.session import Session


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the shell itself.

    Attributes:
        name: the word behind the slash.
        arguments: what follows it, as shown by ``/help``; ``""`` when nothing may.
        summary: what it does, in a few words.
        run: does it, given the session and what followed the word.
    """

    name: str
    arguments: str
    summary: str
    run: Callable[[Session, str], None]


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
        names = ", ".join(f"/{command.name}" for command in COMMANDS)
        raise LineError(f"no such command of the shell; there are {names}", name.start, name.end)
    if line.rest and not command.arguments:
        raise LineError(
            f"/{command.name} takes no arguments", line.rest_start, line.rest_start + len(line.rest)
        )
    command.run(session, line.rest)


_TYPING = """
A line is a QMP command with its arguments, or JSON as QEMU's documentation shows it:
  query-status                                  device_add driver=e1000 id=net1
  blockdev-add driver=qcow2 node-name=disk1 file.driver=file file.filename="my disk.qcow2"
  {"execute": "query-version"}                  transaction( ACTION ... )
Tab completes, Ctrl-R searches the history, Ctrl-C gives up, Ctrl-D leaves; the machine
runs on. What the commands do is in QEMU's manual: man qemu-qmp-ref"""


def _help(session: Session, topic: str) -> None:
    if topic:
        session.printer.note(
            f'no help on "{topic}" here yet; what QMP commands do is in QEMU\'s manual:'
            " man qemu-qmp-ref"
        )
        return
    styled: Styled = []
    for command in COMMANDS:
        usage = f"/{command.name} {command.arguments}"
        styled += [(Role.COMMAND, f"{usage:14}"), (Role.TEXT, f" {command.summary}\n")]
    session.printer.show([*styled, (Role.TEXT, _TYPING)])


def _exit(session: Session, _: str) -> None:
    session.leave()


def _hmp(session: Session, line: str) -> None:
    session.run_hmp(line)


def _reconnect(session: Session, _: str) -> None:
    session.reconnect()


COMMANDS = (
    Command("exit", "", "leave; the machine runs on", _exit),
    Command("help", "", "show this", _help),
    Command("hmp", "LINE", "run a line of the human monitor (HMP)", _hmp),
    Command("reconnect", "", "connect to the same address again", _reconnect),
)
