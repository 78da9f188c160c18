"""A connection that is there already: descriptors from who started us."""

from __future__ import annotations

import fcntl
import os
import socket
import stat

from qmpshell.address import DescriptorAddress
from qmpshell.errors import WrongAddress
from qmpshell.transport import Stream
from qmpshell.transport.descriptors import DescriptorStream, PairStream

#: Numbers that were used. By now they may be another file's.
_used: set[int] = set()


def open_inherited(address: DescriptorAddress, _timeout: float | None) -> Stream:
    """Make a stream of descriptors; it closes them. That can be done once.

    Parameters:
        address: their numbers.

    Raises:
        WrongAddress: they aren't open, or no connection.
    """
    for number, mode in zip(address, (os.O_RDONLY, os.O_WRONLY), strict=True):
        _check(address, number, mode)
    stream = _stream(address)
    _used.update(address)
    for number in address:
        # What we start must not keep it open.
        os.set_inheritable(number, False)  # noqa: FBT003 (it can't be named)
    return stream


def _check(address: DescriptorAddress, number: int, needed: int) -> None:
    if number in _used:
        raise WrongAddress(f"{address}: used already", "an inherited connection can be used once")
    try:
        kind = os.fstat(number).st_mode
        mode = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE
    except OSError:
        raise WrongAddress(
            f"{address}: descriptor {number} is not open",
            "who starts us has to hand it over, as in qmp-shell fd:3 3<>/dev/tcp/HOST/PORT",
        ) from None
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
        raise WrongAddress(f"{address}: descriptor {number} is a file, not a connection")
    if mode not in (needed, os.O_RDWR):
        way = "reading" if mode == os.O_RDONLY else "writing"
        raise WrongAddress(
            f"{address}: descriptor {number} is open for {way} alone",
            "fd:N,M reads from N and writes to M",
        )


def _stream(address: DescriptorAddress) -> Stream:
    if address.reading != address.writing:
        return PairStream(*address)
    if not stat.S_ISSOCK(os.fstat(address.reading).st_mode):
        return DescriptorStream(address.reading)
    stream = socket.socket(fileno=address.reading)
    try:
        stream.getpeername()
    except OSError:
        stream.detach()
        raise WrongAddress(
            f"{address}: that socket isn't connected", "give the one that `accept` returned"
        ) from None
    stream.settimeout(0)
    return stream
