"""What a program talks to, however it came to it."""

from __future__ import annotations

from collections.abc import Callable

from qmpshell.address import Address
from qmpshell.client import Client, Traffic
from qmpshell.named_tuple import NamedTuple


class Target(NamedTuple):
    """What a session talks to.

    Attributes:
        connect: makes a connection, given who listens to its traffic.
        address: where that leads.
        negotiated: whether the server greets, and so knows QMP's own commands.
        is_agent: whether it is a guest agent.
        remark: what the banner says of it, such as "a throw-away machine".
        output: returns what a QEMU that we started has written since it was last asked.
    """

    connect: Callable[[Traffic | None], Client]
    address: Address
    negotiated: bool = True
    is_agent: bool = False
    remark: str = ""
    output: Callable[[], str] = str
