"""The loop: ask for a line, run it, show what came of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import History

from qmpshell.client import Client
from qmpshell.client.hmp import hmp_request
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import ConnectionLost, Error, LineError, TimedOut
from qmpshell.protocol import Event, Request, Return
from qmpshell.render import (
    Role,
    caret_line,
    caret_lines,
    columns,
    error_line,
    escape,
    escape_lines,
    event_line,
)
from qmpshell.shell.hmp_mode import HMPMode
from qmpshell.shell.machine import Machine
from qmpshell.shell.mode import Mode
from qmpshell.shell.printer import Printer
from qmpshell.shell.prompt import Prompt
from qmpshell.shell.qmp_mode import QMPMode
from qmpshell.shell.watch import watch

#: How long the first prompt may wait for the machine's name and state, in seconds. What
#: comes later is shown when it comes.
FIRST_PROMPT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ShellOptions:
    """What the person chose for the session.

    Attributes:
        hmp: speak HMP.
        vi: vi's keys, not Emacs'.
        verbose: show requests and replies whole.
        negotiated: the server is a QMP monitor that was greeted by, so it can be asked
            for its name and state.
    """

    hmp: bool = False
    vi: bool = False
    verbose: bool = False
    negotiated: bool = True


class Shell:
    """An interactive session with one machine, over one or several connections.

    Parameters:
        client: the connection to begin with; the shell closes what it holds at the end.
        connect: makes another, for ``/reconnect``.
        printer: where everything is shown.
        history: what was typed before.
        options: what the person chose.
        output: returns what a QEMU that we started has written since it was last asked.

    Attributes:
        client: the connection as it is now.
        printer, options: as given.
    """

    def __init__(
        self,
        client: Client,
        connect: Callable[[], Client],
        printer: Printer,
        history: History,
        options: ShellOptions,
        output: Callable[[], str] = str,
    ) -> None:
        self.client = client
        self.printer = printer
        self.options = options
        self._connect = connect
        self._output = output
        self._interrupt = Interrupt()
        self._machine = Machine(client)
        self._leaving = False
        self._told_end: Error | None = None
        self._under_line = False
        self._mode: Mode = HMPMode(self) if options.hmp else QMPMode(self)
        editing = EditingMode.VI if options.vi else EditingMode.EMACS
        self._prompt = Prompt(self._mode, history, printer.theme, editing, self._label)
        self._attach(client)

    def run(self) -> None:
        """Ask and run, until the person leaves."""
        try:
            while not self._leaving:
                self._ask_and_run()
        finally:
            self.client.close()
            self._interrupt.close()

    def leave(self) -> None:
        """End the session after this line."""
        self._leaving = True

    def request(
        self,
        members: dict[str, Any],
        *,
        timeout: float | None = None,
        on_sent: Callable[[Request], None] | None = None,
    ) -> Return:
        """Send a request and wait for its reply; Ctrl-C gives up the waiting only.

        Parameters:
            members, timeout, on_sent: as in :meth:`Client.request`.

        Raises:
            Error: as :meth:`Client.request`.
            KeyboardInterrupt: Ctrl-C; the connection is in step.
        """
        if self.client.closed:
            raise ConnectionLost("not connected; /reconnect, or Ctrl-D")
        with self._interrupt.catching_sigint():
            return self.client.request(members, timeout=timeout, on_sent=on_sent)

    def run_hmp(self, line: str, cpu_index: int = 0) -> None:
        """Run a line of HMP and show its text."""
        text = self.request(hmp_request(line, cpu_index)).value
        if shown := escape_lines(str(text)).rstrip("\n"):
            self.printer.show([(Role.TEXT, shown)])

    def reconnect(self) -> None:
        """Leave the connection, if there still is one, and make another."""
        self.client.close()
        self._attach(self._connect())

    def _attach(self, client: Client) -> None:
        """Take over a fresh connection, and ask it for what the prompt shows."""
        self.client = client
        client.interrupt = self._interrupt
        client.listener = self._on_event
        self._machine = Machine(client)
        if self.options.negotiated:
            with self._interrupt.catching_sigint(), contextlib.suppress(TimedOut, ConnectionLost):
                self._machine.ask()
                self._mode.prepare()
                client.wait(lambda: client.idle, timeout=FIRST_PROMPT_SECONDS)

    def _ask_and_run(self) -> None:
        """One turn. Whatever goes wrong in it is shown, and the next turn comes."""
        text = ""
        try:
            self._show_output()
            text = self._ask()
            self._mode.run(text)
        except EOFError:
            self.leave()
        except KeyboardInterrupt:
            if text:
                self.printer.note("gave up waiting; a reply that still comes is dropped")
        except LineError as error:
            self._show_line_error(text, error)
        except Error as error:
            if error is not self.client.end:
                self.printer.show(error_line(error))
        self._show_end()

    def _ask(self) -> str:
        try:
            return self._prompt.ask(self._on_prompt)
        finally:
            self._under_line = not self.printer.prompt_gone()

    def _on_prompt(self) -> None:
        self.printer.prompt_appeared()
        if not self.client.closed:
            watch(self.client, self._prompt.redraw, self._show_end)

    def _on_event(self, event: Event) -> None:
        self.printer.show(event_line(event))
        self._machine.on_event(event)

    def _show_end(self) -> None:
        """Say once that a connection has ended, unless it was we who ended it."""
        end = self.client.end
        if end is None or end is self._told_end or self._leaving:
            return
        self._told_end = end
        self._show_output()
        self.printer.show([*error_line(end), (Role.NOTE, "; /reconnect, or Ctrl-D")])

    def _show_output(self) -> None:
        if text := escape_lines(self._output()).rstrip("\n"):
            self.printer.show([(Role.COMMENT, text)])

    def _show_line_error(self, text: str, error: LineError) -> None:
        """Put the carets under the line as it was typed, if it still is the last one."""
        margin = columns(self._prompt.text)
        fits = "\n" not in text and margin + columns(escape(text)) < self.printer.width
        if fits and self._under_line:
            self.printer.show(caret_line(text, error, margin))
        else:
            self.printer.show(caret_lines(text, error))

    def _label(self) -> tuple[str, str]:
        if self.client.closed:
            return self._machine.name, " disconnected"
        state = f" {self._machine.state}" if self._machine.state else ""
        return self._machine.name + self._mode.label, state
