"""Runs a line with a slash, or says what is wrong with it."""

from __future__ import annotations

from qmpshell.errors import LineError
from qmpshell.language import ShellCommand, nearest
from qmpshell.language.shell_words import placed_behind
from qmpshell.shell.command import AGENT, Command
from qmpshell.shell.commands import COMMANDS
from qmpshell.shell.server import Server
from qmpshell.shell.session import Session

#: What other shells call ``/exit``.
_LEAVING = ("bye", "q", "quit")


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
        names = [command.name for command in COMMANDS]
        meant = "exit" if name.text in _LEAVING else nearest(name.text, names)
        hint = f"; nearest: /{meant}" if meant else ""
        raise LineError(f"no such command{hint}; /help lists them", name.start, name.end)
    if not command.suits(session.server):
        reason = _unsuited(command, session.server)
        raise LineError(reason, name.start, name.end)
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


def _unsuited(command: Command, server: Server) -> str:
    if command.needs == AGENT:
        return f"/{command.name} needs the guest's agent: qmp-shell --agent ADDRESS"
    if server.is_agent:
        return f"/{command.name} is for QEMU's monitor, and this is a guest's agent"
    return f"/{command.name} needs {command.uses}, which this server doesn't have"
