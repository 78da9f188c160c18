"""The human monitor: each line goes through ``human-monitor-command``."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.lexers import Lexer, SimpleLexer

from qmpshell.client.hmp import hmp_request, names_from_help
from qmpshell.errors import CommandError, ConnectionLost, UsageError
from qmpshell.language import ShellCommand, SystemCommand, expected, parse
from qmpshell.language.destination import find_redirection, split_hmp
from qmpshell.language.destination_cursor import expected_in
from qmpshell.protocol import ErrorReply, Return
from qmpshell.shell.hmp_line import run_hmp
from qmpshell.shell.mode import WriteBottomLine, completions
from qmpshell.shell.own_completion import OWN_SLOTS, OwnCompletion
from qmpshell.shell.run_command import run_shell_command
from qmpshell.shell.session import Session
from qmpshell.shell.system_command import run_system_command

#: Lines that are the shell's own also here. ``help`` is HMP's, and ``exit`` no word of it.
_OWN_LINE = re.compile(r"\s*(/[a-z?]|exit\b|!)")


class HMPMode:
    """Lines go to the server as HMP, with the CPU that ``cpu N`` chose."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cpu_index = 0
        self.own = OwnCompletion(session.server, session.options.configuration.targets)
        self.names: dict[str, list[str]] = {"": [], "info": []}
        self.completer: Completer = _HMPCompleter(self)
        self.lexer: Lexer = SimpleLexer()
        self.bottom_line: WriteBottomLine = _no_bottom_line

    def connected(self) -> None:
        """Begin at the first CPU; ask for the help texts that name commands and ``info`` topics."""
        self._cpu_index = 0
        self.names = {"": [], "info": []}
        with contextlib.suppress(ConnectionLost):
            for topic in self.names:
                request = hmp_request(f"help {topic}".strip())
                self._session.client.submit(request, on_reply=self._names_taker(topic))

    def is_complete(self, text: str) -> bool:
        """Say yes: HMP has no line that goes on."""
        return True

    def run(self, text: str) -> None:
        """Run a line of HMP, or one of the shell's own."""
        if _OWN_LINE.match(text):
            own = parse(text)
            if isinstance(own, SystemCommand):
                run_system_command(self._session, own)
                return
            assert isinstance(own, ShellCommand)
            run_shell_command(self._session, own)
            return
        line, destination = split_hmp(text)
        with self._session.output.delivery.to(destination):
            self._run_hmp(line)

    def _run_hmp(self, line: str) -> None:
        match line.split():
            case []:
                pass
            case ["cpu", *rest]:
                self._choose_cpu(rest)
            case _:
                run_hmp(self._session, line, self._cpu_index)

    def _choose_cpu(self, rest: list[str]) -> None:
        """HMP's own ``cpu`` is forgotten after each call, so the choice is kept here."""
        match rest:
            case [index] if index.isascii() and index.isdigit() and len(index) < 10:
                try:
                    self._session.request(hmp_request("info version", int(index)))
                except CommandError:
                    raise UsageError(f"there is no CPU {index}; `info cpus` lists them") from None
                self._cpu_index = int(index)
            case _:
                raise UsageError(
                    f"the current CPU is {self._cpu_index}; `cpu N` takes another one's number"
                )

    def _names_taker(self, topic: str) -> Callable[[Return | ErrorReply], None]:
        def take(reply: Return | ErrorReply) -> None:
            match reply:
                case Return(value=str(text)):
                    self.names[topic] = names_from_help(text)

        return take


def _no_bottom_line(_text: str, _width: int) -> list[tuple[str, str]]:
    """HMP's commands are in no schema."""
    return []


class _HMPCompleter(Completer):
    def __init__(self, mode: HMPMode) -> None:
        self._mode = mode

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Offer commands, or topics behind ``info``."""
        text = document.text_before_cursor
        fits = None
        if text.lstrip().startswith(("/", "!")):
            fits = expected(text)
        elif behind := find_redirection(text, 0, hmp=True):
            fits = expected_in(text, behind)
        if fits:
            if fits.kind in OWN_SLOTS:
                yield from self._mode.own.at(fits, document, complete_event)
            return
        *before, typed = re.split(r"\s+", text.lstrip())
        if not (typed or complete_event.completion_requested):
            return
        match before:
            case [] | ["help"]:
                yield from completions(typed, self._mode.names[""])
            case ["info"] | ["help", "info"]:
                yield from completions(typed, self._mode.names["info"])
