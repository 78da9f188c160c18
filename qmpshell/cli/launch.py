"""A QEMU of our own: started with a private monitor socket, and ended or left running."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from qmpshell.address import UnixAddress
from qmpshell.client import Client, Traffic
from qmpshell.client.connect import attempt
from qmpshell.errors import ConnectError, NobodyListens, UsageError
from qmpshell.private_folder import private_folder

#: How often we look whether the monitor's socket is there, in seconds.
LOOK_SECONDS = 0.01

#: How long a QEMU may take to end when asked, in seconds, before it is killed.
END_SECONDS = 5.0


#: The signals by which a person or the system ends us.
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

SOCKET_NAME = "monitor.sock"


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
        folder: the private folder; known once it is entered, as is the address.
        address: the monitor's address.
    """

    def __init__(self, command: Callable[[UnixAddress, Path], Sequence[str]]) -> None:
        self._command = command
        self._left_running = False
        self._read_up_to = 0
        self._undo = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Start the program.

        Raises:
            UsageError: it can't be started, or there is no place for its files.
        """
        try:
            # A signal between a folder or a process being made and us knowing of it would
            # leave it behind.
            with _signals_held_back():
                self._start()
        except BaseException:
            self._finish()
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._finish()

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
                return attempt(self.address, timeout=None, traffic=traffic)
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

    def _last_words(self) -> str:
        words = self.output().strip().splitlines()
        status = self._process.returncode
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return "; ".join(words) or f"{self._name} ended with {how} and said nothing"

    def _start(self) -> None:
        # A signal can unwind us just before __exit__ does its first step.
        atexit.register(self._finish)
        self._undo.callback(atexit.unregister, self._finish)
        self.folder = private_folder()
        self._undo.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.address = UnixAddress(str(self.folder / SOCKET_NAME))
        try:
            self._output = self._undo.enter_context(
                (self.folder / "output").open("x+b", buffering=0)
            )
            words = list(self._command(self.address, self.folder))
        except OSError as error:
            raise UsageError(
                f"QEMU's files can't be written in {self.folder.parent}: {error.strerror}"
            ) from None
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
            raise UsageError(f"{words[0]}: can't be started: {error.strerror}") from None
        self._undo.callback(self._end)

    def _finish(self) -> None:
        """Undo all that was done so far, unless the program is to run on."""
        if self._left_running and self.running:
            return
        with _signals_held_back():
            self._undo.close()

    def _end(self) -> None:
        """End the program, gently first; whoever signals meanwhile has no patience left."""
        with _signals_held_back() as held:
            self._process.terminate()
            deadline = time.monotonic() + END_SECONDS
            while self.running and not held and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def _signals_held_back() -> Iterator[list[int]]:
    """Let the signals that end us come only at the end; the list tells of them before.

    They aren't blocked, as what is started meanwhile would inherit that, and be deaf to
    SIGTERM. Sections can be nested.
    """
    held: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(number)

    before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
    try:
        for number in before:
            signal.signal(number, hold)
        yield held
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in held:
            signal.raise_signal(late)
