"""A program that stands between us and the server: it ends with us, and what it said is kept."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

from qmpshell.errors import WrongAddress
from qmpshell.render.escape import escape
from qmpshell.transport import RelayError

#: ``prctl(2)``: the signal that comes when who started a process ends, however that happens.
_PR_SET_PDEATHSIG = 1

#: How long a program may take to end when asked, in seconds, before it is killed.
_END_SECONDS = 2.0

#: A program's descriptors are closed a moment before it has ended: how long that is, at most.
_MOMENT_SECONDS = 0.2

#: How often we look whether it has ended, in seconds.
_LOOK_SECONDS = 0.002

_IF_ENDED = os.WEXITED | os.WNOHANG | os.WNOWAIT

#: Of what it said, so many lines are shown, and so many bytes are kept.
_LAST_LINES = 2
_MOST_BYTES = 1 << 16


class Child:
    """A program that we have started.

    Parameters:
        words: the program and its arguments.
        stream: its standard input and output; ``None`` for neither.
        may_ask: it may ask a person something on the terminal. Otherwise it has none.

    Raises:
        WrongAddress: there is no such program, or it can't be started.
    """

    def __init__(
        self, words: Sequence[str], stream: socket.socket | None = None, *, may_ask: bool = False
    ) -> None:
        self._own_group = not may_ask
        both = subprocess.DEVNULL if stream is None else stream.fileno()
        self._shown_up_to = 0
        self._said = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (closed in end())
        # It starts anew when there is much in it, and the program goes on at its end.
        fcntl.fcntl(self._said, fcntl.F_SETFL, os.O_APPEND)
        try:
            self._process = subprocess.Popen(  # noqa: S603 (a person's own command)
                words,
                stdin=both,
                stdout=both,
                stderr=self._said,
                start_new_session=self._own_group,
                preexec_fn=_preparation(),
            )
        except OSError as error:
            self._said.close()
            raise WrongAddress(
                f"{words[0]} can't be started: {error.strerror}", "is it installed?"
            ) from None

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        # It isn't reaped yet, so that its number, and its group's, stay its own.
        return os.waitid(os.P_PID, self._process.pid, _IF_ENDED) is not None

    @property
    def said(self) -> int:
        """How much it has said so far, in bytes."""
        return os.fstat(self._said.fileno()).st_size

    def forget(self, said: int) -> None:
        """Take what it said up to then for no reason of anything that is to come."""
        self._shown_up_to = said

    def keep_little(self) -> None:
        """Forget all it has said if that is much: it may say something all the time."""
        if self.said > _MOST_BYTES:
            self._said.truncate(0)
            self._shown_up_to = 0

    def last_words(self) -> str:
        """Return the last lines that it said, as one, escaped; else how it ended, if badly."""
        self._wait(_MOMENT_SECONDS)
        begin = max(self._shown_up_to, self.said - _MOST_BYTES)
        data = os.pread(self._said.fileno(), _MOST_BYTES, begin)
        lines = [line.strip() for line in data.decode(errors="replace").splitlines()]
        if told := [line for line in lines if line.strip("@ ")]:
            return escape("; ".join(told[-_LAST_LINES:]))
        end = os.waitid(os.P_PID, self._process.pid, _IF_ENDED)
        if end is None or end.si_status == 0:
            return ""
        exited = end.si_code == os.CLD_EXITED
        return f"{'it ended with status' if exited else 'it was ended by signal'} {end.si_status}"

    def end(self) -> None:
        """End it, gently first. May be called twice."""
        if self._said.closed:
            return
        self._signal(signal.SIGTERM)
        self._wait(_END_SECONDS)
        # What it has started itself, too.
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._said.close()

    def _wait(self, seconds: float) -> None:
        """Wait until it has ended, for so long at most."""
        end = time.monotonic() + seconds
        while not self.ended and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._own_group:
                os.killpg(self._process.pid, number)
            else:
                os.kill(self._process.pid, number)


class ChildStream:
    """A stream that a program relays.

    Parameters:
        stream: leads to the program; closed with the stream.
        child: the program, which ends with the stream.
        advice: what to do about what it says at its end.
    """

    def __init__(self, stream: socket.socket, child: Child, advice: str = "") -> None:
        stream.settimeout(0)
        self._stream = stream
        self._child = child
        self._advice = advice
        self._said_nothing = True

    def fileno(self) -> int:
        """Return the descriptor to poll."""
        return self._stream.fileno()

    def recv(self, size: int, /) -> bytes:
        """Read what is there.

        Raises:
            RelayError: it has ended, and the program says why.
        """
        self._child.keep_little()
        try:
            data = self._stream.recv(size)
        except ConnectionResetError:
            data = b""
        if data:
            self._said_nothing = False
        elif words := self._child.last_words():
            raise RelayError(words, self._advice)
        elif self._said_nothing:
            raise RelayError("it ended, and nothing came of it")
        return data

    def send(self, data: bytes, /) -> int:
        """Send a beginning."""
        return self._stream.send(data)

    def close(self) -> None:
        """Let go of the stream, and end the program."""
        self._stream.close()
        self._child.end()


def _preparation() -> Callable[[], None]:
    """Return what a program does, as soon as it is a process of its own, to end when we do."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = os.getpid()

    def prepare() -> None:
        # What a person presses at the prompt isn't meant for it, and it shares the terminal.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGQUIT, signal.SIG_IGN)
        if libc:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return prepare
