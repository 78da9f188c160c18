"""From an address to a client that is ready for commands, or to a sentence that says why not."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Literal, overload

from qmpshell.address import Address, parse_address
from qmpshell.client.client import Client
from qmpshell.client.deadline import Deadline
from qmpshell.client.exchange import Traffic
from qmpshell.client.negotiation import negotiate_with, silence_of
from qmpshell.errors import ConnectError
from qmpshell.protocol import Connection
from qmpshell.transport import Stream, begin_stream, open_stream, takes_others_time

if TYPE_CHECKING:
    from qmpshell.client.agent.client import AgentClient

#: How long connecting, the greeting and the negotiation may take together, in seconds.
CONNECT_SECONDS = 5.0


@overload
def connect(
    address: str | Address,
    *,
    timeout: float | None = CONNECT_SECONDS,
    agent: Literal[True],
    traffic: Traffic | None = None,
) -> AgentClient: ...


@overload
def connect(
    address: str | Address,
    *,
    timeout: float | None = CONNECT_SECONDS,
    negotiate: bool = True,
    agent: bool = False,
    traffic: Traffic | None = None,
) -> Client: ...


def connect(
    address: str | Address,
    *,
    timeout: float | None = CONNECT_SECONDS,
    negotiate: bool = True,
    agent: bool = False,
    traffic: Traffic | None = None,
) -> Client:
    """Connect to a QMP server, ready for commands.

    Parameters:
        address: where it listens: ``"/run/vm.sock"``, ``"localhost:4444"``, or another
            form that :func:`qmpshell.address.parse_address` reads.
        timeout: how long all of it may take, in seconds; ``None`` without an end.
        negotiate: ``False`` for a server that doesn't greet: nothing is awaited, commands
            may follow at once.
        agent: ``True`` for a guest agent (qemu-ga), which doesn't greet either: it is awaited
            that it answers, and ``negotiate`` says nothing.
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
        return attempt(address, timeout=timeout, negotiate=negotiate, agent=agent, traffic=traffic)
    except ConnectError as error:
        # Only who fails pays for the examination.
        from qmpshell.client.doctor import explained

        raise explained(error, address) from None


def attempt(
    address: Address,
    *,
    timeout: float | None,
    negotiate: bool = True,
    agent: bool = False,
    traffic: Traffic | None = None,
) -> Client:
    """Do as :func:`connect`, but don't look around for the reason when it fails.

    Parameters:
        address, timeout, negotiate, agent, traffic: as in :func:`connect`.

    Raises:
        ConnectError: no connection came about.
    """
    deadline = Deadline(timeout)
    client = _client(open_stream(address, timeout), traffic, negotiate=negotiate, agent=agent)
    if takes_others_time(address):
        deadline = Deadline(timeout)
    try:
        if not _begin(client, address, deadline.remaining, negotiate=negotiate):
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
    agent: bool = False,
    traffic: Traffic | None = None,
) -> Generator[None, None, Client]:
    """Do as :func:`attempt`, but never wait: each step does what can be done now.

    Parameters:
        address: where to; one of those that :func:`qmpshell.transport.every_address` returns.
        timeout: how long all steps may take together, in seconds; where opening takes others'
            time, that and the greeting each.
        negotiate, agent, traffic: as in :func:`connect`.

    Raises:
        ConnectError: no connection came about.
    """
    deadline = Deadline(timeout)
    stream = yield from begin_stream(address, timeout)
    if takes_others_time(address):
        deadline = Deadline(timeout)
    client = _client(stream, traffic, negotiate=negotiate, agent=agent)
    try:
        while not _begin(client, address, 0, negotiate=negotiate):
            if deadline.passed:
                raise _silence(client, address)
            yield
    except BaseException:
        client.close()
        raise
    return client


def _client(stream: Stream, traffic: Traffic | None, *, negotiate: bool, agent: bool) -> Client:
    if not agent:
        return Client(stream, Connection(negotiate=negotiate), traffic)
    from qmpshell.client.agent.client import AgentClient

    return AgentClient(stream, traffic)


def _begin(client: Client, address: Address, timeout: float | None, *, negotiate: bool) -> bool:
    """Get ready for commands as far as that comes in time; say whether it is done."""
    if client.is_agent:
        from qmpshell.client.agent.synchronizing import synchronize

        return synchronize(client, address, timeout)
    if negotiate:
        return negotiate_with(client, address, timeout)
    client.resync()
    return True


def _silence(client: Client, address: Address) -> ConnectError:
    if client.is_agent:
        from qmpshell.client.agent.synchronizing import silence

        return silence(client, address)
    return silence_of(client, address)
