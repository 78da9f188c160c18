"""A QEMU of our own: started with a private monitor socket, and ended or left running."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from qmpshell.address import UnixAddress
from qmpshell.client import Client, Traffic, connect
from qmpshell.errors import ConnectError, NobodyListens, UsageError

#: How often we look whether the monitor's socket is there, in seconds.
LOOK_SECONDS = 0.01

#: How long a QEMU may take to end when asked, in seconds, before it is killed.
END_SECONDS = 5.0


class LaunchError(ConnectError):
    """QEMU failed to start; the text is what it wrote itself."""


class Launched:
    """A program that offers a QMP monitor on a private socket, started by us.

    Use it in a ``with`` statement: at its end the program is ended, unless
    :meth:`leave_running` was called, and the socket and its folder are gone.

    Parameters:
        command: returns the program and its arguments, given the socket's address and
            the private folder, which only we can enter.

    Attributes:
        folder: the private folder.
        address: the monitor's address.
    """

    def __init__(self, command: Callable[[UnixAddress, Path], Sequence[str]]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="qmp-shell-"))
        self.address = UnixAddress(str(self.folder / "monitor.sock"))
        self._left_running = False
        self._output = (self.folder / "output").open("x+b", buffering=0)
        words = list(command(self.address, self.folder))
        self._name = words[0]
        try:
            self._process = subprocess.Popen(  # noqa: S603 (running it is what we are for)
                words,
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                # Out of reach of the Ctrl-C that is meant for the shell.
                start_new_session=True,
            )
        except OSError as error:
            self._clean_up()
            raise UsageError(f"{words[0]}: can't be started: {error.strerror}") from None
        self._read_up_to = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._left_running and self.running:
            return
        self.end()
        self._clean_up()

    @property
    def running(self) -> bool:
        """Whether the program hasn't ended."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def output(self) -> str:
        """Return what the program has written since this was last called."""
        data = os.pread(self._output.fileno(), 1 << 20, self._read_up_to)
        self._read_up_to += len(data)
        return data.decode(errors="replace")

    def connect(self, traffic: Traffic | None = None) -> Client:
        """Connect as soon as the monitor is there.

        There is no time limit: a machine with much memory takes its time to start. When
        the program ends instead, that is told at once.

        Raises:
            LaunchError: the program ended before its monitor was there.
            ConnectError: the monitor doesn't answer as one.
        """
        while True:
            try:
                return connect(self.address, timeout=None, traffic=traffic)
            except NobodyListens:
                if not self.running:
                    raise LaunchError(self._last_words()) from None
                time.sleep(LOOK_SECONDS)
            except ConnectError:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(END_SECONDS)
                    raise LaunchError(self._last_words()) from None
                raise

    def leave_running(self) -> None:
        """Don't end the program; its socket stays where it is."""
        self._left_running = True

    def end(self) -> None:
        """End the program, gently first."""
        if not self.running:
            return
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        words = self.output().strip().splitlines()
        status = self._process.returncode
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return "; ".join(words) or f"{self._name} ended with {how} and said nothing"

    def _clean_up(self) -> None:
        self._output.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the program, so that what it started is ended too."""

    def unwind(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, unwind) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
