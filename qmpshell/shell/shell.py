"""The loop: ask for a line, run it, show what came of it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import History

from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import CommandError, Error, GivenUp, LineError, NotSent, SourceError
from qmpshell.render import (
    Role,
    caret_line,
    caret_lines,
    columns,
    error_line,
    escape,
    escape_lines,
)
from qmpshell.shell.attendance import Attendance
from qmpshell.shell.connection_news import ConnectionNews
from qmpshell.shell.ending_signals import EndingSignals
from qmpshell.shell.mode import Mode
from qmpshell.shell.polling import polling
from qmpshell.shell.prompt import Prompt
from qmpshell.shell.question import ask
from qmpshell.shell.session import Session
from qmpshell.shell.toolbar import Toolbar
from qmpshell.shell.watch import watch_interrupt


class Shell:
    """Asks for lines and runs them, until the person leaves.

    Parameters:
        session: what the lines are about; the shell closes it at the end.
        history: what was typed before.
        output: returns what a QEMU that we started has written since it was last asked.
    """

    def __init__(self, session: Session, history: History, output: Callable[[], str] = str) -> None:
        self._session = session
        self._printer = session.printer
        self._output = output
        self._news = ConnectionNews(session)
        self._under_line = False
        self._look: Callable[[], None] = lambda: None
        self._interrupt = Interrupt()
        self._ending = EndingSignals()
        session.ask = self._ask_whether
        session.appeared = self._on_prompt
        editing = EditingMode.VI if session.options.vi else EditingMode.EMACS
        self._prompt = Prompt(
            self._load_mode,
            history,
            self._printer.theme,
            editing,
            self._label,
            Toolbar(session),
            self._show_error,
        )

    def run(self) -> None:
        """Ask and run."""
        try:
            self._session.connection.settle()
            self._show_end()
            while not self._session.leaving:
                # A Ctrl-C that comes while something is shown ends nothing but that.
                with contextlib.suppress(KeyboardInterrupt):
                    self._ask_and_run()
        finally:
            self._session.close()
            self._interrupt.close()
            self._ending.close()

    def _ask_and_run(self) -> None:
        """One turn. Whatever goes wrong in it is shown, and the next turn comes."""
        text = ""
        try:
            self._show_output()
            text = self._ask()
            self._run(text)
        except EOFError:
            self._session.leave()
        except KeyboardInterrupt:
            self._on_ctrl_c(text)
        except GivenUp as error:
            # The terminal has echoed the ^C; what is said about it begins a line.
            self._printer.note(f"\n{error}")
            self._prompt.forget_typed_ahead()
        except NotSent as error:
            self._printer.note(str(error))
        except LineError as error:
            self._show_line_error(text, error)
        except SourceError as error:
            self._show_source_error(error)
        except Error as error:
            if error is not self._session.client.end:
                self._show_error(error)
        self._session.show_time()
        if self._session.overdue.untold and not self._session.client.closed:
            from qmpshell.shell.rescue import tell  # few sessions need it

            tell(self._session)
        self._show_end()
        self._news.tell_connected(at_once=True)

    def _run(self, text: str) -> None:
        mode = self._prompt.mode
        if "\n" not in text:
            mode.run(text)
            return
        from qmpshell.shell.source import run_lines  # most sessions paste nothing

        run_lines(self._session, text)

    def _on_ctrl_c(self, run: str) -> None:
        """Say what a Ctrl-C has ended, if it wasn't just what stood on the line."""
        if run:
            self._printer.note("\ninterrupted")
            self._prompt.forget_typed_ahead()
        elif self._session.connection.waiting and not self._prompt.text:
            self._session.connection.give_up_waiting()
            self._news.tell_given_up()

    def _ask(self) -> str:
        try:
            with self._prompting():
                return self._prompt.ask(self._on_prompt, stay_low=self._printer.picture_shown)
        finally:
            self._look = lambda: None
            self._under_line = not self._printer.prompt_gone()

    def _ask_whether(self, question: Callable[[], str]) -> bool:
        try:
            with self._prompting():
                return ask(question, self._on_prompt)
        except KeyboardInterrupt:
            return False
        finally:
            self._printer.prompt_gone()

    @contextlib.contextmanager
    def _prompting(self) -> Iterator[None]:
        """Hold Ctrl-C back around a prompt: it is a key there, but a signal just before and after.

        An event loop that begins or ends would be torn by it, and complain on the terminal.
        """
        with self._ending.noted(), self._interrupt.catching_sigint():
            yield
            try:
                self._interrupt.raise_if_set()
            except KeyboardInterrupt:
                self._prompt.forget_typed_ahead()
                raise

    def _load_mode(self) -> Mode:
        """Import the language that is spoken, and all that it takes to complete and explain it."""
        mode: Mode
        if self._session.options.hmp:
            from qmpshell.shell.hmp_mode import HMPMode

            mode = HMPMode(self._session)
        else:
            from qmpshell.shell.qmp_mode import QMPMode

            mode = QMPMode(self._session)
        self._session.run_line = mode.run
        self._session.on_connected = functools.partial(self._begin, mode)
        self._begin(mode)
        self._look()
        return mode

    def _begin(self, mode: Mode) -> None:
        """Take note of another connection."""
        mode.connected()
        if self._session.options.negotiated:
            # The first prompt stands by now.
            from qmpshell.client.activity import Activity

            self._session.activity = Activity()

    def _on_prompt(self, app: Application[Any]) -> None:
        self._printer.prompt_appeared(app)
        watch_interrupt(self._interrupt, app)
        self._ending.watch(app)
        look = self._look = polling(self._session)

        def changed() -> None:
            app.invalidate()
            look()

        connection = self._session.connection
        Attendance(connection, self._news, self._show_end, changed).begin()

    def _show_end(self) -> None:
        """Say once that a connection has ended, unless it was we who ended it."""
        if self._news.has_end() and not self._session.leaving:
            self._show_output()
            self._news.tell_end()

    def _show_output(self) -> None:
        if text := escape_lines(self._output()).rstrip("\n"):
            self._printer.show([(Role.COMMENT, text)])

    def _show_error(self, error: Error) -> None:
        if isinstance(error, CommandError):
            self._printer.show(error_line(error))
        else:
            self._printer.say(error_line(error))

    def _show_line_error(self, text: str, error: LineError) -> None:
        """Put the carets under the line as it was typed, if it still is the last one."""
        width = self._printer.width
        margin = columns("".join(self._label())) + len("> ")
        fits = "\n" not in text and margin + columns(escape(text)) < width
        if fits and self._under_line:
            self._printer.show(caret_line(text, error, margin, width))
        else:
            self._printer.show(caret_lines(text, error, width=width))

    def _show_source_error(self, error: SourceError) -> None:
        if isinstance(error.reason, LineError):
            width = self._printer.width
            self._printer.show(caret_lines(error.text, error.reason, error.where, width))
        else:
            self._printer.show([(Role.TEXT, error.where), *error_line(error.reason)])

    def _language(self) -> str:
        """Return what the prompt says of the language, if that is another than QEMU's QMP."""
        if self._session.server.is_agent:
            return " agent"
        return " hmp" if self._session.options.hmp else ""

    def _label(self) -> tuple[str, str]:
        """Return the prompt's text: the machine's name, and its state."""
        name = self._session.machine.name + self._language()
        if self._session.client.closed:
            return name, " waiting" if self._session.connection.waiting else " disconnected"
        state = self._session.machine.state
        return name, f" {state}" if state else ""
