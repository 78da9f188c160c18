"""A socket on which we listen, for a QEMU that connects to us."""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import shlex
import socket
import stat
import time
from collections.abc import Generator, Iterator

from qmpshell.address import AbstractAddress, ListenAddress, TCPAddress, UnixAddress
from qmpshell.errors import NobodyListens, WrongAddress
from qmpshell.transport.unix import MAX_PATH_BYTES, abstract_name

#: Those who connect while one is served wait, so many of them.
_QUEUE = 1

#: The sockets that we listen on, until we end: a QEMU that comes back finds us at its place.
_listeners: dict[ListenAddress, socket.socket] = {}


def open_listening(address: ListenAddress, timeout: float | None) -> socket.socket:
    """Wait until somebody connects to us.

    Parameters:
        address: where we listen. A Unix socket there is ours alone to connect to, and removed
            at our end.
        timeout: how long to wait, in seconds; ``None`` without an end.

    Raises:
        ConnectError: we can't listen there, or nobody came.
    """
    listener = _listener(address)
    listener.settimeout(timeout)
    try:
        return _prepared(listener.accept()[0])
    except (TimeoutError, BlockingIOError):
        advice = "; --reconnect waits for it" if timeout else ""
        raise _nobody(address, timeout, advice) from None


def begin_listening(address: ListenAddress, timeout: float) -> Generator[None, None, socket.socket]:
    """Do as :func:`open_listening`, but without waiting: each step looks who has come.

    Where we haven't listened before, nobody can have come: that is said at once.

    Parameters:
        address: where we listen.
        timeout: how long all steps may take together, in seconds.

    Raises:
        ConnectError: we can't listen there, or nobody came.
    """
    end = time.monotonic() + timeout
    if address not in _listeners:
        _listener(address)
        raise _nobody(address, 0)
    listener = _listener(address)
    listener.settimeout(0)
    while True:
        with contextlib.suppress(BlockingIOError):
            return _prepared(listener.accept()[0])
        if time.monotonic() > end:
            raise _nobody(address, timeout)
        yield


def _nobody(address: ListenAddress, timeout: float | None, advice: str = "") -> NobodyListens:
    within = f" in {timeout:g} s" if timeout else ""
    return NobodyListens(
        f"{address}: nobody has connected{within}",
        f"QEMU does with -qmp {address.place},server=off,reconnect=1{advice}",
    )


def _prepared(stream: socket.socket) -> socket.socket:
    stream.settimeout(0)
    if stream.family != socket.AF_UNIX:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream


def _listener(address: ListenAddress) -> socket.socket:
    if address not in _listeners:
        match address.place:
            case TCPAddress() as place:
                _listeners[address] = _listen_tcp(address, place)
            case UnixAddress(path):
                _listeners[address] = _listen_unix(address, path)
            case AbstractAddress() as place:
                with _explaining(address):
                    _listeners[address] = _listening(socket.AF_UNIX, abstract_name(place))
    return _listeners[address]


def _listening(family: int, place: tuple[object, ...] | str | bytes) -> socket.socket:
    listener = socket.socket(family)
    try:
        if family != socket.AF_UNIX:
            # A connection that has just ended is no reason to keep the port from us.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(_QUEUE)
    except BaseException:
        listener.close()
        raise
    return listener


def _listen_tcp(address: ListenAddress, place: TCPAddress) -> socket.socket:
    with _explaining(address):
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        # Of a name for both, such as localhost, QEMU is mostly given the older one.
        found.sort(key=lambda one: one[0] != socket.AF_INET)
        return _listening(found[0][0], found[0][4])


def _listen_unix(address: ListenAddress, path: str) -> socket.socket:
    if len(os.fsencode(path)) > MAX_PATH_BYTES:
        raise WrongAddress(
            f"{address}: longer than the {MAX_PATH_BYTES} bytes that QEMU takes as a path"
        )
    before = os.umask(0o177)
    try:
        with _explaining(address, path):
            listener = _listening(socket.AF_UNIX, path)
    finally:
        os.umask(before)
    atexit.register(_remove, path, os.lstat(path).st_ino)
    return listener


def _remove(path: str, number: int) -> None:
    """Remove the socket that we made, if it is still that."""
    with contextlib.suppress(OSError):
        if os.lstat(path).st_ino == number:
            os.unlink(path)


@contextlib.contextmanager
def _explaining(address: ListenAddress, path: str | None = None) -> Iterator[None]:
    """Say for a person what the system's errors mean."""
    try:
        yield
    except socket.gaierror as error:
        raise WrongAddress(f"{address}: the host isn't known: {error.strerror}") from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise WrongAddress(f"{address}: we can't listen there: {error.strerror}") from None
        reason = _who_is_there(path) if path else ("another program listens there already", "")
        raise WrongAddress(f"{address}: {reason[0]}", reason[1]) from None


def _who_is_there(path: str) -> tuple[str, str]:
    """Say what is at a path, and what to do about it."""
    try:
        is_socket = stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return "something is in the way there", ""
    if not is_socket:
        return "a file is there already", "give a path that is free"
    if _is_listened_on(path):
        return (
            "another program listens there already",
            "connect to it without listen:, or give a path that is free",
        )
    return (
        "a socket is there that nobody listens on any more",
        f"`rm {shlex.quote(path)}` removes it",
    )


def _is_listened_on(path: str) -> bool:
    """Say whether a socket is somebody's, without connecting: this kind of ours never does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other_kind:
        return other_kind.connect_ex(path) != errno.ECONNREFUSED
