"""The running QEMUs of this host, and who listens on a socket: found without connecting.

Everything is read from Linux's ``/proc``, and from its socket diagnosis over netlink: a
monitor serves one client at a time, so looking must not take the place of working. Of other
users' processes only root sees all; what can't be told is said to be unknown.

``command_line`` and ``tables`` are pure: what QEMU's options say of its sockets, and what the
kernel's tables say. ``proc`` and ``diagnosis`` read; ``finding`` puts it together.
"""

from qmpshell.client.machines.finding import find_listener, find_machines, is_this_host
from qmpshell.client.machines.values import (
    TLS,
    Availability,
    Holder,
    Language,
    Listener,
    Monitor,
    RunningMachine,
)

__all__ = [
    "TLS",
    "Availability",
    "Holder",
    "Language",
    "Listener",
    "Monitor",
    "RunningMachine",
    "find_listener",
    "find_machines",
    "is_this_host",
]
