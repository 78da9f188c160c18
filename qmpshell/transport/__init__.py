"""Byte streams: an address → something with ``fileno``, ``send``, ``recv`` and ``close``.

Nothing above this package knows what kind of stream it has. A new kind is a module
beside ``tcp`` and ``unix``, and a line in ``_OPENERS``; one whose opening takes time has a line
in ``_BEGINNERS`` as well. No module is imported before an address asks for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator
from typing import Any, Protocol

from qmpshell.address import (
    AbstractAddress,
    Address,
    CommandAddress,
    DescriptorAddress,
    DeviceAddress,
    LibvirtAddress,
    ListenAddress,
    PipeAddress,
    SSHAddress,
    TCPAddress,
    TLSAddress,
    UnixAddress,
    VsockAddress,
)
from qmpshell.errors import ConnectError

#: A longer time limit is more than some systems' calls take.
LONGEST_SECONDS = 1_000_000.0


class Stream(Protocol):
    """A two-way stream of bytes that never blocks."""

    def fileno(self) -> int:
        """Return the descriptor to poll for what can be read or written."""

    def recv(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, which are 16 KiB or more; ``b""`` at the end.

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


class RelayError(ConnectionError):
    """What stands between us and the server ended or failed, and said why.

    Parameters:
        what: its words, escaped.
        advice: what to do about it.
        kind: what it means when that is before a greeting.
    """

    def __init__(
        self, what: str, advice: str = "", kind: type[ConnectError] = ConnectError
    ) -> None:
        super().__init__(what)
        self.advice = advice
        self.kind = kind


#: What opens an address, given the time limit: a module, and a function in it.
_OPENERS: dict[type[Address], tuple[str, str]] = {
    TCPAddress: ("tcp", "open_tcp"),
    UnixAddress: ("unix", "open_unix"),
    AbstractAddress: ("unix", "open_abstract"),
    VsockAddress: ("vsock", "open_vsock"),
    DeviceAddress: ("device", "open_device"),
    PipeAddress: ("pipe", "open_pipe"),
    DescriptorAddress: ("inherited", "open_inherited"),
    CommandAddress: ("program", "open_program"),
    SSHAddress: ("ssh", "open_ssh"),
    ListenAddress: ("listening", "open_listening"),
    TLSAddress: ("tls", "open_tls"),
    LibvirtAddress: ("libvirt.opening", "open_libvirt"),
}

#: What does so in steps, where that takes time.
_BEGINNERS: dict[type[Address], tuple[str, str]] = {
    TCPAddress: ("tcp", "begin_tcp"),
    VsockAddress: ("vsock", "begin_vsock"),
    SSHAddress: ("ssh", "begin_ssh"),
    ListenAddress: ("listening", "begin_listening"),
    TLSAddress: ("tls", "begin_tls"),
}


def open_stream(address: Address, timeout: float | None) -> Stream:
    """Connect to an address.

    Parameters:
        address: where to.
        timeout: how long that may take, in seconds; ``None`` for as long as it takes. What a
            person takes to answer a question, such as for a password, doesn't count.

    Raises:
        ConnectError: nobody could be reached; its text says why.
    """
    if timeout is not None:
        timeout = min(timeout, LONGEST_SECONDS)
    open_it: Callable[[Address, float | None], Stream] = _function(_OPENERS[type(address)])
    return open_it(address, timeout)


def begin_stream(address: Address, timeout: float) -> Generator[None, None, Stream]:
    """Connect to an address without ever waiting: each step does what can be done now.

    Parameters:
        address: where to; one of those that :func:`every_address` returns.
        timeout: how long all steps may take together, in seconds.

    Raises:
        ConnectError: nobody could be reached; its text says why.
    """
    name = _BEGINNERS.get(type(address))
    if name is None:
        return open_stream(address, 0)
    begin: Callable[[Address, float], Generator[None, None, Stream]] = _function(name)
    return (yield from begin(address, min(timeout, LONGEST_SECONDS)))


def comes_to_us(address: Address) -> bool:
    """Say whether it is the other side that connects, when it likes to."""
    return isinstance(address, ListenAddress)


def takes_others_time(address: Address) -> bool:
    """Say whether opening waits for others than the server, such as a person with a password."""
    return isinstance(address, SSHAddress | ListenAddress)


def _function(name: tuple[str, str]) -> Any:
    module, function = name
    return getattr(importlib.import_module(f"{__name__}.{module}"), function)


def every_address(address: Address) -> list[Address]:
    """Return what an address stands for: a host may have several, which it may take to look up.

    Raises:
        WrongAddress: there is no such host.
    """
    if isinstance(address, TCPAddress):
        from qmpshell.transport.tcp import look_up

        return [*look_up(address)]
    if isinstance(address, TLSAddress):
        from qmpshell.transport.tls import every_place

        return [*every_place(address)]
    return [address]
