"""How a program connects: to which address, and what holds for all of its connections."""

from __future__ import annotations

from qmpshell.address import Address
from qmpshell.client.client import Client
from qmpshell.client.connect import CONNECT_SECONDS, connect
from qmpshell.client.exchange import Traffic
from qmpshell.named_tuple import NamedTuple


class Connector(NamedTuple):
    """Connects to an address, as often as wanted.

    Attributes:
        address: where to.
        timeout: how long a connection may take to come about, in seconds.
        negotiate: ``False`` for servers that don't greet.
        agent: ``True`` for guest agents.
        traffic: is given every message in both directions.
    """

    address: Address
    timeout: float = CONNECT_SECONDS
    negotiate: bool = True
    agent: bool = False
    traffic: Traffic | None = None

    def connect(self) -> Client:
        """Connect, and wait for it; raises as :func:`qmpshell.client.connect.connect` does."""
        return connect(
            self.address,
            timeout=self.timeout,
            negotiate=self.negotiate,
            agent=self.agent,
            traffic=self.traffic,
        )

    def to(self, address: Address) -> Connector:
        """Return what connects to another address in the same way."""
        return self._replace(address=address)
