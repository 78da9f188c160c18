"""From an address to a client that is ready for commands, or to a sentence that says why not."""

from __future__ import annotations

from qmpshell.address import Address, parse_address
from qmpshell.client.client import Client
from qmpshell.client.deadline import Deadline
from qmpshell.client.exchange import Traffic
from qmpshell.errors import CommandError, ConnectError, ConnectionLost, ProtocolError, TimedOut
from qmpshell.protocol import Connection
from qmpshell.transport import open_stream

#: How long connecting, the greeting and the negotiation may take together, in seconds.
CONNECT_SECONDS = 5.0


def connect(
    address: str | Address,
    *,
    timeout: float | None = CONNECT_SECONDS,
    negotiate: bool = True,
    traffic: Traffic | None = None,
) -> Client:
    """Connect to a QMP server, ready for commands.

    Parameters:
        address: where it listens: ``"/run/vm.sock"``, ``"localhost:4444"``, or another
            form that :func:`qmpshell.address.parse_address` reads.
        timeout: how long all of it may take, in seconds; ``None`` without an end.
        negotiate: ``False`` for a server that doesn't greet (the guest agent): nothing is
            awaited, commands may follow at once.
        traffic: is given every message in both directions, from the greeting on.

    Returns:
        A client, to be used in a ``with`` statement.

    Raises:
        AddressError: the address can't be understood.
        ConnectError: no connection came about; its text says why and what to do.
    """
    if isinstance(address, str):
        address = parse_address(address)
    deadline = Deadline(timeout)
    client = Client(open_stream(address, timeout), Connection(negotiate=negotiate), traffic)
    try:
        if negotiate:
            _negotiate(client, address, deadline)
        else:
            client.resync()
    except BaseException:
        client.close()
        raise
    return client


def _negotiate(client: Client, address: Address, deadline: Deadline) -> None:
    limit = deadline.remaining
    try:
        client.negotiate(timeout=limit)
    except TimedOut:
        raise ConnectError(f"{address}: {_why_silent(client)}") from None
    except CommandError as error:
        raise ConnectError(f"{address}: the server refuses qmp_capabilities: {error}") from None
    except ProtocolError as error:
        raise ConnectError(f"{address}: {error}{_hint(str(error))}") from None
    except ConnectionLost as error:
        when = "before it answered qmp_capabilities" if client.greeting else "before its greeting"
        raise ConnectError(f"{address}: {error}, {when}; is QEMU ending?") from None


def _why_silent(client: Client) -> str:
    if client.greeting:
        return (
            "greeted, but no answer to qmp_capabilities in time: a command of the client"
            " before is probably still running; try again later, or with a longer time limit"
        )
    if client.received_some:
        return "the greeting began and didn't end in time: is this QMP?"
    return (
        "connected, but no greeting: another client probably holds this monitor, which"
        " serves one at a time (end it, or give QEMU a second -qmp); a guest agent takes -N"
    )


def _hint(text: str) -> str:
    if "monitor - type" in text:
        return "; this is a human monitor (HMP): connect to the one that -qmp made"
    if "HTTP/" in text:
        return "; this is a web server"
    return ""
