"""A program whose standard input and output are the connection: ``exec:COMMAND``."""

from __future__ import annotations

import socket

from qmpshell.address import CommandAddress
from qmpshell.transport.child import Child, ChildStream


def open_program(address: CommandAddress, _timeout: float | None) -> ChildStream:
    """Start a program; it has no terminal, and ends with the stream.

    Parameters:
        address: its command, for ``sh``.

    Raises:
        WrongAddress: there is no ``sh``.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            child = Child(["sh", "-c", address.command], theirs)
        except BaseException:
            ours.close()
            raise
    return ChildStream(ours, child)
