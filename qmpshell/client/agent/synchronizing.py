"""The beginning of a conversation with a guest agent, or a sentence that says why there is none."""

from __future__ import annotations

from qmpshell.address import Address
from qmpshell.client.agent.client import agent_of
from qmpshell.client.client import Client
from qmpshell.client.negotiation import end_of, who_says
from qmpshell.errors import (
    ConnectError,
    ConnectionLost,
    NoAgent,
    NotAgent,
    ProtocolError,
    TimedOut,
)
from qmpshell.protocol.documents import escaped_beginning


def synchronize(client: Client, address: Address, timeout: float | None) -> bool:
    """Find out whether an agent answers, as far as that comes in time; say whether it is done.

    Parameters:
        client: the connection.
        address: what a complaint calls it.
        timeout: how long it may take, in seconds. Another call goes on from there.

    Raises:
        ConnectError: it is no agent, or has ended.
    """
    try:
        agent_of(client).synchronize(timeout=timeout)
    except TimedOut:
        return False
    except ProtocolError as error:
        raise NotAgent(f"{address}: {error}", "leave out --agent") from None
    except ConnectionLost as error:
        raise end_of(error, address, "before a guest agent answered") from None
    return True


def silence(client: Client, address: Address) -> ConnectError:
    """Return what to raise when nobody has answered in time.

    A guest's port takes a connection whether an agent runs in the guest or not.
    """
    beginning = agent_of(client).beginning
    if beginning and not beginning.startswith(b"{"):
        shown = escaped_beginning(beginning)
        return NotAgent(f"{address}: no guest agent: {shown}", who_says(shown))
    return NoAgent(
        f"{address}: connected, but no guest agent answers",
        "the agent (qemu-ga) isn't running in the guest, or serves another client",
    )
