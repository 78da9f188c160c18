"""Ctrl-C that arrives between two messages, and never in the middle of one.

A ``KeyboardInterrupt`` can be raised between any two steps of Python code: also between
taking bytes from the socket and giving them to the parser, and then they are lost. So
while an :class:`Interrupt` is in force, the signal only makes a descriptor readable; who
waits on the socket waits on that too, and raises where nothing can get lost.
"""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterator
from types import FrameType


class Interrupt:
    """A Ctrl-C that can be polled for."""

    def __init__(self) -> None:
        self._receiver, self._sender = socket.socketpair()
        self._receiver.settimeout(0)
        self._sender.settimeout(0)

    def fileno(self) -> int:
        """Return the descriptor that is readable once Ctrl-C was pressed."""
        return self._receiver.fileno()

    def set(self) -> None:
        """Ask whoever waits to stop. Safe in a signal handler."""
        with contextlib.suppress(BlockingIOError):
            self._sender.send(b"\0")

    def clear(self) -> None:
        """Forget a Ctrl-C that nobody was waiting for, or that was answered."""
        with contextlib.suppress(BlockingIOError):
            self._receiver.recv(4096)

    def raise_if_set(self) -> None:
        """Answer it, if it was set.

        Raises:
            KeyboardInterrupt: it was.
        """
        try:
            self._receiver.recv(4096)
        except BlockingIOError:
            return
        raise KeyboardInterrupt

    def close(self) -> None:
        """Let go of the descriptors."""
        self._receiver.close()
        self._sender.close()

    @contextlib.contextmanager
    def catching_sigint(self) -> Iterator[None]:
        """Turn Ctrl-C into :meth:`set` for a while. Only the main thread may do so.

        Raises:
            KeyboardInterrupt: it came when nothing was waited for any more.
        """

        def caught(_signal: int, _frame: FrameType | None) -> None:
            self.set()

        before = signal.signal(signal.SIGINT, caught)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
            self.raise_if_set()
