"""qmpshell: the shell for QEMU's machine protocol (QMP), and its Python client.

::

    import qmpshell

    with qmpshell.connect("web1.sock") as machine:
        print(machine.execute("query-status")["status"])
"""

from qmpshell.client import Client, connect
from qmpshell.errors import (
    AddressError,
    CommandError,
    ConnectError,
    ConnectionLost,
    Error,
    FileError,
    LineError,
    NobodyListens,
    OutcomeError,
    ProtocolError,
    RequestError,
    TimedOut,
    UsageError,
)
from qmpshell.protocol import Event, Greeting

__version__ = "0.1.0"

__all__ = [
    "AddressError",
    "Client",
    "CommandError",
    "ConnectError",
    "ConnectionLost",
    "Error",
    "Event",
    "FileError",
    "Greeting",
    "LineError",
    "NobodyListens",
    "OutcomeError",
    "ProtocolError",
    "RequestError",
    "TimedOut",
    "UsageError",
    "connect",
]
