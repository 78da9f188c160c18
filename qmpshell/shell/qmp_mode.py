"""The shell's own language: shorthand, raw JSON, transactions, and ``/`` commands."""

from __future__ import annotations

from collections.abc import Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.lexers import Lexer

from qmpshell.errors import CommandError
from qmpshell.language import BoundCommand, ShellCommand, Slot, bind, expected, is_complete, parse
from qmpshell.protocol import ErrorReply, Request, Return
from qmpshell.render import Role, compact_json, pretty_json
from qmpshell.shell.commands import COMMANDS, run_shell_command
from qmpshell.shell.lexer import LineLexer
from qmpshell.shell.mode import completions
from qmpshell.shell.session import Session


class QMPMode:
    """Commands go to the server as QMP."""

    label = ""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.names: list[str] = []
        self.completer: Completer = _QMPCompleter(self)
        self.lexer: Lexer = LineLexer()

    def ask_server(self) -> None:
        """Ask for the commands' names."""
        self._session.client.submit({"execute": "query-commands"}, on_reply=self._take_names)

    def is_complete(self, text: str) -> bool:
        """Say whether brackets and blocks are closed."""
        return is_complete(text)

    def run(self, text: str) -> None:
        """Run a line: send a command and show its reply, or do what a ``/`` command says."""
        line = parse(text)
        if line is None:
            return
        if isinstance(line, ShellCommand):
            run_shell_command(self._session, line)
            return
        command = bind(line)
        if command.options.dry_run:
            self._session.printer.show(pretty_json(command.members, self._session.printer.width))
        else:
            self._send(command)

    def _send(self, command: BoundCommand) -> None:
        try:
            reply = self._session.request(
                command.members, timeout=command.options.timeout, on_sent=self._show_sent
            )
        except CommandError as error:
            self._show_received(error.members)
            raise
        self._show_received(reply.members)
        self._session.printer.show(pretty_json(reply.value, self._session.printer.width))

    def _show_sent(self, request: Request) -> None:
        if self._session.options.verbose:
            self._session.printer.show([(Role.COMMENT, f"-> {compact_json(request.members)}")])

    def _show_received(self, members: object) -> None:
        if self._session.options.verbose:
            self._session.printer.show([(Role.COMMENT, f"<- {compact_json(members)}")])

    def _take_names(self, reply: Return | ErrorReply) -> None:
        match reply:
            case Return(value=list(commands)):
                self.names = [name for name in map(_name_of, commands) if name]


def _name_of(command: object) -> str | None:
    match command:
        case {"name": str(name)}:
            return name
    return None


class _QMPCompleter(Completer):
    def __init__(self, mode: QMPMode) -> None:
        self._mode = mode

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Offer what fits at the cursor."""
        fits = expected(document.text_before_cursor)
        if not (fits.prefix or complete_event.completion_requested):
            return
        match fits.kind:
            case Slot.COMMAND_NAME:
                yield from completions(fits.prefix, self._mode.names)
            case Slot.SHELL_COMMAND_NAME:
                for command in COMMANDS:
                    yield from completions(fits.prefix, [command.name], command.summary)
