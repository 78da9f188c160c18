"""``/run``, ``/get`` and ``/put`` without a prompt: bytes go in and out as they are."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Callable, Iterator
from io import RawIOBase

from qmpshell.cli.output import Output
from qmpshell.client.agent.client import AgentClient
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import UsageError
from qmpshell.language.guest_words import read_get, read_put, read_run
from qmpshell.progress import Progress
from qmpshell.render import escape_lines
from qmpshell.shell.bar import Bar
from qmpshell.shell.guest import get_from_guest, put_to_guest, run_in_guest

#: How much is read at once, in bytes.
_PIECE = 64 * 1024


def run_guest_command(
    guest: AgentClient,
    name: str,
    rest: str,
    output: Output,
    warn: Callable[[str], None],
    *,
    has_input: bool,
) -> int:
    """Run ``/run``, ``/get`` or ``/put``.

    Parameters:
        guest: the connection.
        name: which of them.
        rest: what stands behind it.
        output: what is written goes there.
        warn: says on standard error what has to be known.
        has_input: whether standard input is free to be read.

    Returns:
        The exit status; of ``/run``, the program's own.

    Raises:
        LineError: it isn't understood.
        GivenUp: Ctrl-C.
        Error: whatever went wrong.
    """
    around = _Script(guest, output, warn, has_input=has_input)
    match name:
        case "run":
            return run_in_guest(guest, read_run(rest), around)
        case "get":
            get_from_guest(guest, read_get(rest), around)
        case "put":
            put_to_guest(guest, read_put(rest), around)
    return 0


class _Script:
    def __init__(
        self,
        guest: AgentClient,
        output: Output,
        warn: Callable[[str], None],
        *,
        has_input: bool,
    ) -> None:
        self._guest = guest
        self._output = output
        self.warn = warn
        self._has_input = has_input
        self._interrupt: Interrupt | None = None
        self._bar = Bar(sys.stderr, None)

    def output(self, data: bytes) -> None:
        self._output.data(data)

    def errors(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            if sys.stderr.isatty():
                sys.stderr.write(escape_lines(data.decode("utf-8", "replace")))
            else:
                sys.stderr.flush()
                sys.stderr.buffer.write(data)
            sys.stderr.flush()

    def note(self, text: str) -> None:
        """Say nothing: whoever isn't there needn't be told that all is well."""

    def progress(self, progress: Progress) -> None:
        if sys.stderr.isatty():
            self._bar.show(progress)

    def end_progress(self, *, interrupted: bool = False) -> None:
        self._bar.end(left="^C\n" if interrupted else "")

    def standard_input(self) -> RawIOBase:
        if not self._has_input:
            raise UsageError("- is standard input, and the lines come from there")
        assert self._interrupt
        return _Input(self._interrupt)

    @contextlib.contextmanager
    def attentive(self) -> Iterator[None]:
        with contextlib.closing(Interrupt()) as self._interrupt:
            self._guest.heed(self._interrupt)
            try:
                with self._interrupt.catching_sigint():
                    yield
            finally:
                self._guest.heed(None)


class _Input(RawIOBase):
    """Standard input, for which Ctrl-C ends the waiting."""

    def __init__(self, interrupt: Interrupt) -> None:
        super().__init__()
        self._interrupt = interrupt

    def fileno(self) -> int:
        return sys.stdin.fileno()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        poll.register(self._interrupt, select.POLLIN)
        poll.poll()
        self._interrupt.raise_if_set()
        data = os.read(self.fileno(), size)
        # Ctrl-C ends whoever writes to us too: that is no end of what there was to read.
        self._interrupt.raise_if_set()
        return data
