"""Streams of descriptors that are no sockets."""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Callable

from qmpshell.errors import ConnectError

#: So much is written at a time.
_MOST_BYTES = 1 << 16


class DescriptorStream:
    """A descriptor that is read from and written to.

    Parameters:
        descriptor: the descriptor; the stream closes it.
        on_close: is called before that.
    """

    def __init__(self, descriptor: int, on_close: Callable[[], object] = lambda: None) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._on_close = on_close

    def fileno(self) -> int:
        """Return the descriptor; -1 when it is closed."""
        return self._descriptor

    def recv(self, size: int, /) -> bytes:
        """Read what is there."""
        try:
            return os.read(self._descriptor, size)
        except OSError as error:
            # What a terminal says whose other side is gone.
            if error.errno == errno.EIO:
                return b""
            raise

    def send(self, data: bytes, /) -> int:
        """Write as much as there is room for."""
        return os.write(self._descriptor, data)

    def close(self) -> None:
        """Close the descriptor."""
        if self._descriptor >= 0:
            try:
                self._on_close()
            finally:
                os.close(self._descriptor)
                self._descriptor = -1


class PairStream:
    """A descriptor that is read from, and another that is written to.

    Who waits for a stream waits for one descriptor, so this one has a third, which can be read
    from when something is to be done with either (``epoll(7)``). Nobody waits until it can be
    written to: it takes everything, and what there is no room for is written as there is.

    Parameters:
        reading, writing: the two descriptors; the stream closes them.

    Raises:
        ConnectError: this system has no such descriptor.
    """

    def __init__(self, reading: int, writing: int) -> None:
        if not hasattr(select, "epoll"):
            raise ConnectError("two descriptors make a connection on Linux alone")
        self._reading = reading
        self._writing = writing
        self._unsent = bytearray()
        self._both = select.epoll()
        for descriptor in (reading, writing):
            os.set_blocking(descriptor, False)
        self._both.register(reading, select.EPOLLIN)

    def fileno(self) -> int:
        """Return the descriptor to poll; -1 when it is closed."""
        return -1 if self._both.closed else self._both.fileno()

    def recv(self, size: int, /) -> bytes:
        """Read what is there."""
        if self._unsent:
            self._send_some()
        return os.read(self._reading, size)

    def send(self, data: bytes, /) -> int:
        """Write it, or as soon as there is room."""
        if not self._unsent:
            self._both.register(self._writing, select.EPOLLOUT)
        self._unsent += data
        self._send_some()
        return len(data)

    def close(self) -> None:
        """Close both."""
        if not self._both.closed:
            self._both.close()
            os.close(self._reading)
            os.close(self._writing)

    def _send_some(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: os.write(self._writing, self._unsent[:_MOST_BYTES])]
        except BlockingIOError:
            return
        except OSError:
            # What came before the other side left is still to be read.
            self._unsent.clear()
        self._both.unregister(self._writing)
