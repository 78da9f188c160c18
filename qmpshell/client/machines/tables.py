"""The kernel's tables of sockets, ``/proc/net/unix`` and ``/proc/net/tcp``, as values. Pure.

Their columns: ``proc(5)``, and Linux's net/unix/af_unix.c (``unix_seq_show``) and
Documentation/networking/proc_net_tcp.rst.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from qmpshell.named_tuple import NamedTuple

_UNIX_LINE = (
    rb"^[0-9a-fA-F]+: \S+ \S+ ([0-9A-F]{8}) [0-9A-F]{4} ([0-9A-F]{2}) +(\d{1,20})(?: (.+))?$"
)
_TCP_LINE = (
    rb"^ *\d+: ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{2})"
    rb" \S+ \S+ \S+ +\d+ +\d+ (\d{1,20})"
)
_ACCEPTS_CONNECTIONS = 0x10000
_UNIX_CONNECTED = 3
_TCP_ESTABLISHED = 1
_TCP_LISTEN = 10


class UnixSocket(NamedTuple):
    """A Unix socket that has a name.

    Attributes:
        inode: the socket's number, as ``/proc/PID/fd`` shows it.
        path: as it was bound, perhaps relative; ``@NAME`` in the abstract namespace. What a
            server accepted has the server's path.
        listening, connected: which of the two it is, if any.
    """

    inode: int
    path: str
    listening: bool
    connected: bool


class TCPSocket(NamedTuple):
    """A TCP socket.

    Attributes:
        inode: the socket's number.
        local, remote: host and port of either end.
        listening, connected: which of the two it is, if any.
    """

    inode: int
    local: tuple[str, int]
    remote: tuple[str, int]
    listening: bool
    connected: bool


def read_unix_table(data: bytes) -> Iterator[UnixSocket]:
    """Read ``/proc/net/unix``, but for sockets without a name."""
    for flags, state, inode, path in re.findall(_UNIX_LINE, data, re.MULTILINE):
        if path:
            yield UnixSocket(
                int(inode),
                os.fsdecode(path),
                listening=bool(int(flags, 16) & _ACCEPTS_CONNECTIONS),
                connected=int(state, 16) == _UNIX_CONNECTED,
            )


def read_tcp_table(data: bytes) -> Iterator[TCPSocket]:
    """Read ``/proc/net/tcp`` or ``/proc/net/tcp6``."""
    for host, port, other, other_port, state, inode in re.findall(_TCP_LINE, data, re.MULTILINE):
        if len(host) in (8, 32) and len(other) == len(host):
            yield TCPSocket(
                int(inode),
                (_host(host), int(port, 16)),
                (_host(other), int(other_port, 16)),
                listening=int(state, 16) == _TCP_LISTEN,
                connected=int(state, 16) == _TCP_ESTABLISHED,
            )


def _host(digits: bytes) -> str:
    """Read an address, written as words of four bytes in the machine's order."""
    words = [int(digits[at : at + 8], 16) for at in range(0, len(digits), 8)]
    packed = b"".join(word.to_bytes(4, "little") for word in words)
    if len(packed) == 4:
        return str(IPv4Address(packed))
    address = IPv6Address(packed)
    return str(address.ipv4_mapped or address)
