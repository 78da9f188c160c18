"""TCP, IPv4 and IPv6."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator, Iterator, Sequence

from qmpshell.address import TCPAddress
from qmpshell.errors import ConnectError, NoAnswer, NobodyListens, WrongAddress
from qmpshell.transport.connecting import connected


def open_tcp(address: TCPAddress, timeout: float | None) -> socket.socket:
    """Connect to the first of the host's addresses that answers.

    Parameters:
        address: where to.
        timeout: how long that may take, in seconds; ``None`` for the system's own limit.

    Raises:
        ConnectError: none answered.
    """
    with _explaining(address, timeout):
        stream = socket.create_connection((address.host, address.port), timeout)
    return _prepared(stream)


def begin_tcp(address: TCPAddress, timeout: float) -> Generator[None, None, socket.socket]:
    """Connect without ever waiting: each step looks whether there is an answer.

    Parameters:
        address: where to; of a host that has several addresses, one of :func:`look_up`'s.
        timeout: how long all steps may take together, in seconds.

    Raises:
        ConnectError: there is no answer, or it is no.
    """
    with _explaining(address, timeout):
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        stream = yield from connected(socket.socket(family, kind, protocol), place, timeout)
    return _prepared(stream)


def look_up(address: TCPAddress) -> list[TCPAddress]:
    """Return all addresses of a host. A name may have to be looked up, which takes its time.

    Parameters:
        address: the host, by name or address.

    Raises:
        WrongAddress: there is no such host.
    """
    with _explaining(address, None):
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    hosts = dict.fromkeys(_host(family, place) for family, *_, place in found)
    return [TCPAddress(host, address.port) for host in hosts]


def _host(family: int, place: Sequence[object]) -> str:
    """Return the host of a socket address; a local one of IPv6 needs its interface."""
    scope = place[3] if family == socket.AF_INET6 else 0
    return f"{place[0]}%{scope}" if scope else f"{place[0]}"


def _prepared(stream: socket.socket) -> socket.socket:
    stream.settimeout(0)
    # A command is small and waits for its answer: nothing is gained by holding it back.
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream


@contextlib.contextmanager
def _explaining(address: TCPAddress, timeout: float | None) -> Iterator[None]:
    """Say for a person what the system's errors mean."""
    try:
        yield
    except socket.gaierror as error:
        raise WrongAddress(
            f"{address}: the host isn't known: {error.strerror}",
            "is it spelled right? An IP address does as well",
        ) from None
    except UnicodeError:
        raise WrongAddress(f"{address}: that is no host's name", "is it spelled right?") from None
    except TimeoutError:
        within = "" if timeout is None else f" in {timeout:g} s"
        raise NoAnswer(
            f"{address}: no answer{within}",
            "the host is down, a firewall drops it, or other clients queue for this monitor",
        ) from None
    except ConnectionRefusedError:
        raise NobodyListens(
            f"{address}: refused: nothing listens there",
            f"is QEMU running, with -qmp tcp:HOST:{address.port},server=on,wait=off?",
        ) from None
    except OSError as error:
        raise ConnectError(f"{address}: {error.strerror or error}") from None
