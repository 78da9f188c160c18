"""A program whose standard input and output are the connection: ``exec:COMMAND``."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from qmpshell.address import CommandAddress
from qmpshell.transport.child import Child, ChildStream


def open_program(address: CommandAddress, _timeout: float | None) -> ChildStream:
    """Start a program; it has no terminal, and ends with the stream.

    Parameters:
        address: its command, for ``sh``.

    Raises:
        WrongAddress: there is no ``sh``.
    """
    return start(["sh", "-c", address.command])


def start(words: Sequence[str]) -> ChildStream:
    """Start a program, and return the stream to its standard input and output.

    Parameters:
        words: the program and its arguments.

    Raises:
        WrongAddress: it can't be started.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            child = Child(words, theirs)
        except BaseException:
            ours.close()
            raise
    return ChildStream(ours, child)
