"""The sockets between a virtual machine and its host (``vsock(7)``)."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Generator, Iterator

from qmpshell.address import VsockAddress
from qmpshell.errors import ConnectError, NoAnswer, NobodyListens, WrongAddress
from qmpshell.transport.connecting import connected

#: What a kernel says that knows no way to the machine of this number.
_NO_WAY = (errno.ENODEV, errno.EADDRNOTAVAIL, errno.ENETUNREACH, errno.EAFNOSUPPORT)


def open_vsock(address: VsockAddress, timeout: float | None) -> socket.socket:
    """Connect to a port of another virtual machine, or of the host.

    Parameters:
        address: where to.
        timeout: how long that may take, in seconds; ``None`` for the system's own limit.

    Raises:
        ConnectError: there is no way there, or nobody answers.
    """
    with _explaining(address, timeout):
        stream = _new_socket()
        try:
            stream.settimeout(timeout)
            stream.connect((address.cid, address.port))
            stream.settimeout(0)
        except BaseException:
            stream.close()
            raise
    return stream


def begin_vsock(address: VsockAddress, timeout: float) -> Generator[None, None, socket.socket]:
    """Connect without ever waiting: each step looks whether there is an answer.

    Parameters:
        address: where to.
        timeout: how long all steps may take together, in seconds.

    Raises:
        ConnectError: there is no way there, or nobody answers.
    """
    with _explaining(address, timeout):
        return (yield from connected(_new_socket(), (address.cid, address.port), timeout))


def _new_socket() -> socket.socket:
    family = getattr(socket, "AF_VSOCK", None)
    if family is None:
        raise OSError(errno.EAFNOSUPPORT, "no such sockets here")
    return socket.socket(family, socket.SOCK_STREAM)


@contextlib.contextmanager
def _explaining(address: VsockAddress, timeout: float | None) -> Iterator[None]:
    """Say for a person what the kernel's errors mean."""
    try:
        yield
    except ConnectionResetError:
        raise NobodyListens(
            f"{address}: refused: nothing listens there", "is QEMU running there?"
        ) from None
    except TimeoutError:
        within = "" if timeout is None else f" in {timeout:g} s"
        raise NoAnswer(
            f"{address}: no answer{within}", "is a machine of this number running?"
        ) from None
    except OSError as error:
        said = f"{address}: {error.strerror or error}"
        if error.errno in _NO_WAY:
            raise WrongAddress(
                f"{said}: this kernel has no way there",
                "a host of virtual machines needs vhost_vsock, a guest a vsock device",
            ) from None
        raise ConnectError(said) from None
