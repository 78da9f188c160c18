"""The synchronous client: one socket, one thread.

``client`` is the conversation itself; ``deadline``, ``interrupt`` and ``traffic_log`` are
what it waits with and what listens in; ``hmp`` stands on top.
"""

from qmpshell.client.client import Client, Listener, Traffic
from qmpshell.client.connect import CONNECT_SECONDS, connect

__all__ = ["CONNECT_SECONDS", "Client", "Listener", "Traffic", "connect"]
