"""Byte streams: an address → something with ``fileno``, ``send``, ``recv`` and ``close``.

Nothing above this package knows what kind of stream it has. A new kind is a module
beside ``tcp`` and ``unix``, and a line in :func:`open_stream`; one whose opening takes time
has a line in :func:`begin_stream` as well.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

from qmpshell.address import AbstractAddress, Address, TCPAddress, UnixAddress

#: A longer time limit is more than some systems' calls take.
LONGEST_SECONDS = 1_000_000.0


class Stream(Protocol):
    """A two-way stream of bytes that never blocks."""

    def fileno(self) -> int:
        """Return the descriptor to poll for what can be read or written."""

    def recv(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes; ``b""`` at the end.

        Raises:
            BlockingIOError: nothing is there now.
            OSError: the connection broke.
        """

    def send(self, data: bytes, /) -> int:
        """Send a beginning of ``data``; return how many bytes that was.

        Raises:
            BlockingIOError: nothing can be sent now.
            OSError: the connection broke.
        """

    def close(self) -> None:
        """Let go of the stream. May be called twice."""


def open_stream(address: Address, timeout: float | None) -> Stream:
    """Connect to an address.

    Parameters:
        address: where to.
        timeout: how long that may take, in seconds; ``None`` for as long as it takes.

    Raises:
        ConnectError: nobody could be reached; its text says why.
    """
    if timeout is not None:
        timeout = min(timeout, LONGEST_SECONDS)
    match address:
        case TCPAddress():
            from qmpshell.transport.tcp import open_tcp

            return open_tcp(address, timeout)
        case UnixAddress():
            from qmpshell.transport.unix import open_unix

            return open_unix(address, timeout)
        case AbstractAddress():
            from qmpshell.transport.unix import open_abstract

            return open_abstract(address, timeout)


def begin_stream(address: Address, timeout: float) -> Generator[None, None, Stream]:
    """Connect to an address without ever waiting: each step does what can be done now.

    Parameters:
        address: where to; one of those that :func:`every_address` returns.
        timeout: how long all steps may take together, in seconds.

    Raises:
        ConnectError: nobody could be reached; its text says why.
    """
    if isinstance(address, TCPAddress):
        from qmpshell.transport.tcp import begin_tcp

        return (yield from begin_tcp(address, min(timeout, LONGEST_SECONDS)))
    return open_stream(address, 0)


def every_address(address: Address) -> list[Address]:
    """Return what an address stands for: a host may have several, which it may take to look up.

    Raises:
        WrongAddress: there is no such host.
    """
    if isinstance(address, TCPAddress):
        from qmpshell.transport.tcp import look_up

        return [*look_up(address)]
    return [address]
