"""TCP, IPv4 and IPv6."""

from __future__ import annotations

import socket

from qmpshell.address import TCPAddress
from qmpshell.errors import ConnectError, NoAnswer, NobodyListens


def open_tcp(address: TCPAddress, timeout: float | None) -> socket.socket:
    """Connect to the first of the host's addresses that answers.

    Parameters:
        address: where to.
        timeout: how long that may take, in seconds; ``None`` for the system's own limit.

    Raises:
        ConnectError: none answered.
    """
    try:
        stream = socket.create_connection((address.host, address.port), timeout)
    except socket.gaierror as error:
        raise ConnectError(
            f"{address}: the host isn't known: {error.strerror}",
            "is it spelled right? An IP address does as well",
        ) from None
    except UnicodeError:
        raise ConnectError(f"{address}: that is no host's name", "is it spelled right?") from None
    except TimeoutError:
        raise NoAnswer(
            f"{address}: no answer in {timeout:g} s",
            "the host is down, a firewall drops it, or other clients queue for this monitor",
        ) from None
    except ConnectionRefusedError:
        raise NobodyListens(
            f"{address}: refused: nothing listens there",
            f"is QEMU running, with -qmp tcp:HOST:{address.port},server=on,wait=off?",
        ) from None
    except OSError as error:
        raise ConnectError(f"{address}: {error.strerror or error}") from None
    stream.settimeout(0)
    # A command is small and waits for its answer: nothing is gained by holding it back.
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream
