"""The synchronous client: one socket, one thread.

``connect`` makes a client, ``client`` is what a program calls, ``exchange`` moves messages
over the stream; ``deadline`` and ``interrupt`` end its waits, ``traffic_log`` listens in.
``hmp`` is the human monitor through QMP, ``qom`` the tree of the machine's objects,
``waiting`` knows when a command is really done.
"""

from qmpshell.client.client import Client, Listener
from qmpshell.client.connect import CONNECT_SECONDS, connect
from qmpshell.client.exchange import Direction, Traffic

__all__ = ["CONNECT_SECONDS", "Client", "Direction", "Listener", "Traffic", "connect"]
