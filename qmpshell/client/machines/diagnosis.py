"""What ``/proc/net/unix`` leaves out: who is at the other end of a Unix socket, and its file.

Linux tells over netlink, every user the same: ``sock_diag(7)``. Where it doesn't (a
container may forbid it, an old kernel not know it), nothing is known.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator

from qmpshell.named_tuple import NamedTuple

_SOCK_DIAG = 4
_DIAG_BY_FAMILY = 20
_REQUEST_DUMP = 0x301
_ALL_STATES = 0xFFFFFFFF
_NO_COOKIE = 0xFFFFFFFF
_SHOW_FILE_AND_PEER = 0x2 | 0x4
_FILE, _PEER = 1, 2

_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBHIIIII")
_ANSWER = struct.Struct("=BBBBIII")
_ATTRIBUTE = struct.Struct("=HH")
_NUMBER = struct.Struct("=I")

#: The kernel never writes more into one answer.
_ANSWER_BYTES = 1 << 16


class Diagnosed(NamedTuple):
    """What is known of a Unix socket besides.

    Attributes:
        peer: the socket's number at the other end; 0 for none.
        file: the inode of the file that it is bound to; 0 for none.
    """

    peer: int = 0
    file: int = 0


def diagnose_sockets() -> dict[int, Diagnosed]:
    """Return what is known of the Unix sockets in our network namespace, by their number."""
    found: dict[int, Diagnosed] = {}
    with contextlib.suppress(OSError, AttributeError), _open_link() as link:
        request = _REQUEST.pack(
            socket.AF_UNIX, 0, 0, _ALL_STATES, 0, _SHOW_FILE_AND_PEER, _NO_COOKIE, _NO_COOKIE
        )
        size = _HEADER.size + len(request)
        link.send(_HEADER.pack(size, _DIAG_BY_FAMILY, _REQUEST_DUMP, 1, 0) + request)
        while read_answer(link.recv(_ANSWER_BYTES), found):
            pass
    return found


def _open_link() -> socket.socket:
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG)
    link.settimeout(1)
    return link


def read_answer(data: bytes, found: dict[int, Diagnosed]) -> bool:
    """Read a datagram of the answer.

    Parameters:
        data: the datagram.
        found: is given what stands in it.

    Returns:
        Whether more is to come.
    """
    for kind, body in _messages(data):
        if kind != _DIAG_BY_FAMILY or len(body) < _ANSWER.size:
            return False
        inode = _ANSWER.unpack_from(body)[4]
        attributes = dict(_attributes(body[_ANSWER.size :]))
        found[inode] = Diagnosed(
            _number(attributes.get(_PEER, b"")), _number(attributes.get(_FILE, b""))
        )
    return bool(data)


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(data):
        size, kind, *_ = _HEADER.unpack_from(data, at)
        yield kind, data[at + _HEADER.size : at + size]
        at += max(_aligned(size), _HEADER.size)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(data):
        size, kind = _ATTRIBUTE.unpack_from(data, at)
        yield kind, data[at + _ATTRIBUTE.size : at + size]
        at += max(_aligned(size), _ATTRIBUTE.size)


def _number(data: bytes) -> int:
    return int(_NUMBER.unpack_from(data)[0]) if len(data) >= _NUMBER.size else 0


def _aligned(size: int) -> int:
    return (size + 3) & ~3
