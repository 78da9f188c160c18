"""Unix sockets: in the file system (paths of any length) and in the abstract namespace."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from array import array
from collections.abc import Iterator

from qmpshell.address import AbstractAddress, UnixAddress
from qmpshell.errors import ConnectError, NoAnswer, NobodyListens, WrongAddress

#: What a socket address holds on Linux, less the NUL at the end of a path.
MAX_PATH_BYTES = 107

_KINDS = {
    stat.S_IFREG: "a plain file",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
}


def open_unix(address: UnixAddress, timeout: float | None) -> socket.socket:
    """Connect to a Unix socket in the file system.

    Parameters:
        address: its path.
        timeout: how long to queue behind others, in seconds; 0 not at all, ``None`` without
            an end.

    Raises:
        ConnectError: there is no socket, nobody listens on it, or we may not.
    """
    path = address.path
    try:
        _refuse_other_files(path)
        with _connectable(path) as name:
            return _connect(name, timeout)
    except FileNotFoundError:
        raise NobodyListens(f"{path}: no such file", "is QEMU running?") from None
    except NotADirectoryError:
        raise WrongAddress(f"{path}: a part of this path is a file, not a folder") from None
    except PermissionError:
        # Only who is refused pays for the explanation.
        from qmpshell.transport.access import who_may_connect

        raise ConnectError(f"{path}: permission denied", who_may_connect(path)) from None
    except ConnectionRefusedError:
        raise NobodyListens(
            f"{path}: refused: nobody listens there",
            "the QEMU that made this socket is gone, and starting one makes it anew",
        ) from None
    except OSError as error:
        raise _failure(path, error, timeout) from None


def open_abstract(address: AbstractAddress, timeout: float | None) -> socket.socket:
    """Connect to a socket in Linux's abstract namespace.

    Parameters:
        address: its name.
        timeout: how long to queue behind others, in seconds; 0 not at all, ``None`` without
            an end.

    Raises:
        ConnectError: nobody listens there.
    """
    try:
        return _connect(abstract_name(address), timeout)
    except ConnectionRefusedError:
        raise NobodyListens(
            f"{address}: refused: no abstract socket of that name", "is QEMU running?"
        ) from None
    except OSError as error:
        raise _failure(f"{address}", error, timeout) from None


def abstract_name(address: AbstractAddress) -> bytes:
    """Return what the system takes for the name of an abstract socket."""
    name = b"\0" + os.fsencode(address.name)
    return name if address.tight else name.ljust(MAX_PATH_BYTES + 1, b"\0")


def _refuse_other_files(path: str) -> None:
    """Linux calls it "refused" to connect to a plain file; say what is there instead."""
    mode = os.stat(path).st_mode
    if not stat.S_ISSOCK(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise WrongAddress(
            f"{path}: {kind}, not a socket", "give the path that stands in QEMU's -qmp option"
        )


@contextlib.contextmanager
def _connectable(path: str) -> Iterator[str]:
    """Give a name for the socket that is short enough for the system."""
    if len(os.fsencode(path)) <= MAX_PATH_BYTES:
        yield path
        return
    if not os.path.isdir("/proc/self/fd"):
        raise WrongAddress(f"{path}: longer than this system's {MAX_PATH_BYTES} bytes")
    descriptor = os.open(path, os.O_PATH)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _connect(name: str | bytes, timeout: float | None) -> socket.socket:
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # A queue that is full makes a connect that doesn't block fail at once, and one
        # that blocks wait as long as this option says.
        limit = 0.0 if timeout is None else max(timeout, 0.001)
        seconds, fraction = divmod(limit, 1)
        # A timeval, see socket(7).
        option = array("l", (int(seconds), int(fraction * 1_000_000)))
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, option)
        stream.connect(name)
        stream.settimeout(0)
    except BaseException:
        stream.close()
        raise
    return stream


def _failure(name: str, error: OSError, timeout: float | None) -> ConnectError:
    if isinstance(error, BlockingIOError) and timeout is not None:
        return NoAnswer(
            f"{name}: busy for {timeout:g} s" if timeout else f"{name}: busy",
            "another client holds this monitor, and more queue for it; a second monitor"
            " takes a second -qmp option",
        )
    return ConnectError(f"{name}: {error.strerror or error}")
