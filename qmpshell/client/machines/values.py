"""What is found: machines, their monitors, and who holds them.

Texts are as the processes chose them: escape them before a terminal sees them.
"""

from __future__ import annotations

import enum

from qmpshell.address import Address
from qmpshell.named_tuple import NamedTuple


class Language(enum.Enum):
    """What is spoken on a socket."""

    QMP = "QMP"
    HMP = "HMP"
    AGENT = "agent"
    OTHER = "other"
    UNKNOWN = "unknown"


class Availability(enum.Enum):
    """Whether a client would be served."""

    FREE = "free"
    HELD = "held"
    #: Its file is gone, or another process listens there now.
    UNREACHABLE = "unreachable"
    #: Another user's, of which the system doesn't tell.
    UNKNOWN = "unknown"


class Holder(NamedTuple):
    """The client that a monitor serves.

    Attributes:
        name: its process's name, or its address where it is on another host.
        pid: its process id; ``None`` when it isn't of this host.
    """

    name: str
    pid: int | None = None

    def __str__(self) -> str:
        return self.name if self.pid is None else f"{self.name} ({self.pid})"


#: What surrounds the language of a monitor that has ``tls-creds``, and nothing else.
TLS = "TLS"


class Monitor(NamedTuple):
    """A socket of a machine that a client may connect to.

    Attributes:
        address: where it listens.
        language: what is spoken there.
        availability: whether a client would be served.
        holder: who is served now, as far as that is known.
        wrapping: what surrounds the language, such as ``TLS``; ``""`` for nothing.
    """

    address: Address
    language: Language
    availability: Availability
    holder: Holder | None = None
    wrapping: str = ""


class RunningMachine(NamedTuple):
    """A QEMU that runs on this host, or a qemu-storage-daemon.

    Attributes:
        name: what ``-name`` gave it; ``""`` for nothing.
        pid: its process id.
        program: its program's file name.
        stopped: whether the process itself was stopped (SIGSTOP), not the machine in it.
        monitors: where it listens.
        uuid: what ``-uuid`` gave it; ``""`` for nothing.
    """

    name: str
    pid: int
    program: str
    stopped: bool
    monitors: tuple[Monitor, ...]
    uuid: str = ""


class Listener(NamedTuple):
    """Who listens at an address of this host.

    Attributes:
        name: the process's name; ``""`` for another user's.
        pid: its process id; ``None`` for another user's.
        stopped: whether it was stopped (SIGSTOP).
        held: whether it serves a client.
        holder: that client, as far as it is known.
        machine: what it is when it is a QEMU.
        monitor: which of the machine's monitors this is, if it is one.
    """

    name: str
    pid: int | None
    stopped: bool = False
    held: bool = False
    holder: Holder | None = None
    machine: RunningMachine | None = None
    monitor: Monitor | None = None
