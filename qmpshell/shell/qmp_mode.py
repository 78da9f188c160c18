"""The shell's own language: shorthand, raw JSON, transactions, and ``/`` commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prompt_toolkit.completion import Completer
from prompt_toolkit.lexers import Lexer

from qmpshell.errors import CommandError
from qmpshell.language import BoundCommand, ShellCommand, SystemCommand, bind, is_complete, parse
from qmpshell.language.last_reply import bind_last_reply, is_last_reply
from qmpshell.language.options import Options
from qmpshell.language.rendition import Rendition
from qmpshell.protocol import Request, Return
from qmpshell.render import Role, compact_json, escape
from qmpshell.secrets import hide_in_reply, hide_in_request
from qmpshell.shell.bottom_line import BottomLine
from qmpshell.shell.lexer import LineLexer
from qmpshell.shell.mode import WriteBottomLine
from qmpshell.shell.out_of_band import check_out_of_band
from qmpshell.shell.permission import ask_before
from qmpshell.shell.qmp_completer import QMPCompleter
from qmpshell.shell.run_command import run_shell_command
from qmpshell.shell.session import Session
from qmpshell.shell.system_command import run_system_command

if TYPE_CHECKING:
    from qmpshell.client.waiting import Ending


class QMPMode:
    """Commands go to the server as QMP."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._completer = QMPCompleter(
            session.server, session.replies, session.options.configuration.targets
        )
        self.completer: Completer = self._completer
        self.lexer: Lexer = LineLexer()
        self.bottom_line: WriteBottomLine = BottomLine(lambda: session.schema)

    def connected(self) -> None:
        """Complete for another connection from now on."""
        self._session.on_event = self._completer.on_event
        self._completer.begin(self._session.client)

    def is_complete(self, text: str) -> bool:
        """Say whether brackets and blocks are closed, in the last of several lines."""
        if "\n" in text:
            from qmpshell.shell.source import split_lines

            text = next((each for _, each in reversed(split_lines(text, hmp=False))), "")
        return is_complete(text)

    def run(self, text: str) -> None:
        """Run a line: send a command and show its reply, or do what a ``/`` command says."""
        self._completer.end_line()
        line = parse(text)
        if line is None:
            return
        if isinstance(line, ShellCommand):
            run_shell_command(self._session, line)
            return
        if isinstance(line, SystemCommand):
            run_system_command(self._session, line)
            return
        if is_last_reply(line):
            rendition = self._rendition(bind_last_reply(line))
            with self._session.output.delivery.to(line.destination):
                self._session.output.reply(self._session.replies.find_last(), rendition)
            return
        if not self._session.server.complete:
            self._session.connection.await_schema()
        # A driver's properties are the machine's to say.
        with self._session.catching_sigint():
            command = bind(
                line,
                self._session.schema,
                checked=not self._session.options.no_check,
                further=self._completer.further_arguments,
            )
        for note in command.notes:
            self._session.printer.note(escape(note))
        check_out_of_band(self._session.client, line, command)
        ending = None
        if command.options.wait:
            from qmpshell.shell.waiting import find_ending

            ending = find_ending(line, command)
        if command.options.dry_run:
            with self._session.output.delivery.to(line.destination):
                self._session.output.value(command.members, Rendition())
            return
        ask_before(self._session, command.members, yes=command.options.yes)
        with self._session.output.delivery.to(line.destination):
            self._send(command, ending)

    def _send(self, command: BoundCommand, ending: Ending | None) -> None:
        self._session.warn_of_overdue(command.members)
        try:
            reply = self._request(command, ending)
        except CommandError as error:
            self._show_received(error.members, command)
            raise
        finally:
            self._completer.on_command(str(command.members.get("execute")))
        self._session.replies.last = reply
        self._show_received(reply.members, command)
        self._session.output.reply(reply, self._rendition(command.options))

    def _rendition(self, options: Options) -> Rendition:
        return (self._session.replies.rendition or Rendition()).for_line(options)

    def _request(self, command: BoundCommand, ending: Ending | None) -> Return:
        timeout = command.options.timeout
        with self._session.replies.timed() as begin:

            def sent(request: Request) -> None:
                begin()
                self._show_sent(request)

            if ending is None:
                # The last reply may be asked for raw later.
                return self._session.request(
                    command.members, timeout=timeout, on_sent=sent, keep_document=True
                )
            done = self._session.request_and_wait(
                command.members, ending, timeout=timeout, on_sent=sent
            )
        if done.remark:
            self._session.printer.note(escape(done.remark))
        return done.reply

    def _show_sent(self, request: Request) -> None:
        if self._session.options.verbose:
            shown = hide_in_request(request.members).members
            self._session.printer.show([(Role.COMMENT, f"-> {compact_json(shown)}")])

    def _show_received(self, members: Mapping[str, Any], command: BoundCommand) -> None:
        if self._session.options.verbose:
            shown = hide_in_reply(members, hide_in_request(command.members))
            self._session.printer.show([(Role.COMMENT, f"<- {compact_json(shown)}")])
