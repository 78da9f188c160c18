"""From an address to a client that is ready for commands, or to a sentence that says why not."""

from __future__ import annotations

from collections.abc import Generator

from qmpshell.address import Address, parse_address
from qmpshell.client.client import Client
from qmpshell.client.deadline import Deadline
from qmpshell.client.exchange import Traffic
from qmpshell.errors import (
    CommandError,
    ConnectError,
    ConnectionLost,
    NoAnswer,
    NotQMP,
    ProtocolError,
    TimedOut,
)
from qmpshell.protocol import Connection
from qmpshell.transport import begin_stream, open_stream

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
    try:
        return attempt(address, timeout=timeout, negotiate=negotiate, traffic=traffic)
    except ConnectError as error:
        # Only who fails pays for the examination.
        from qmpshell.client.doctor import explained

        raise explained(error, address) from None


def attempt(
    address: Address,
    *,
    timeout: float | None,
    negotiate: bool = True,
    traffic: Traffic | None = None,
) -> Client:
    """Do as :func:`connect`, but don't look around for the reason when it fails.

    Parameters:
        address, timeout, negotiate, traffic: as in :func:`connect`.

    Raises:
        ConnectError: no connection came about.
    """
    deadline = Deadline(timeout)
    client = Client(open_stream(address, timeout), Connection(negotiate=negotiate), traffic)
    try:
        if not negotiate:
            client.resync()
        elif not _negotiate(client, address, deadline.remaining):
            raise _silence(client, address)
    except BaseException:
        client.close()
        raise
    return client


def attempt_in_steps(
    address: Address,
    *,
    timeout: float,
    negotiate: bool = True,
    traffic: Traffic | None = None,
) -> Generator[None, None, Client]:
    """Do as :func:`attempt`, but never wait: each step does what can be done now.

    Parameters:
        address: where to; one of those that :func:`qmpshell.transport.every_address` returns.
        timeout: how long all steps may take together, in seconds.
        negotiate, traffic: as in :func:`connect`.

    Raises:
        ConnectError: no connection came about.
    """
    deadline = Deadline(timeout)
    stream = yield from begin_stream(address, timeout)
    client = Client(stream, Connection(negotiate=negotiate), traffic)
    try:
        if not negotiate:
            client.resync()
        while negotiate and not _negotiate(client, address, 0):
            if deadline.passed:
                raise _silence(client, address)
            yield
    except BaseException:
        client.close()
        raise
    return client


def _negotiate(client: Client, address: Address, timeout: float | None) -> bool:
    """Negotiate as far as that comes in time; say whether it is done."""
    try:
        client.negotiate(timeout=timeout)
    except TimedOut:
        return False
    except CommandError as error:
        raise ConnectError(f"{address}: the server refuses qmp_capabilities: {error}") from None
    except ProtocolError as error:
        raise NotQMP(f"{address}: {error}", _hint(str(error))) from None
    except ConnectionLost as error:
        when = "before it answered qmp_capabilities" if client.greeting else "before its greeting"
        raise ConnectError(f"{address}: {error}, {when}", "is QEMU ending?") from None
    return True


def _silence(client: Client, address: Address) -> ConnectError:
    if client.greeting:
        return NoAnswer(
            f"{address}: greeted, but no answer to qmp_capabilities in time",
            "a command of the client before is probably still running: try again later, or"
            " with a longer time limit",
            greeted=True,
        )
    if client.received_some:
        return NotQMP(f"{address}: the greeting began and didn't end in time", "is this QMP?")
    return NoAnswer(
        f"{address}: connected, but no greeting",
        "another client probably holds this monitor, which serves one at a time: end it, or"
        " give QEMU a second -qmp; a guest agent takes -N",
    )


#: What others say first, as our complaint shows it, and who they are.
_BANNERS = {
    "monitor - type": "this is a human monitor (HMP): connect to the one that -qmp made",
    "'HTTP/": "this is a web server",
    "'SSH-": "this is an SSH server",
    "'RFB ": "this is a VNC display: its monitor is elsewhere",
    r"'\xfb": "this monitor speaks telnet: leave out QEMU's telnet=on",
}


def _hint(text: str) -> str:
    return next((hint for banner, hint in _BANNERS.items() if banner in text), "")
