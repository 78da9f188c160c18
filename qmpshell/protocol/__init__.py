"""The wire, without I/O: bytes ↔ JSON documents ↔ messages; negotiation, ids, what is pending.

``documents`` cuts bytes into JSON, ``messages`` gives them their types, ``requests``
writes what goes out, and ``connection`` holds the conversation together. ``agent``, which is
imported from itself where it is needed, does so with a guest agent.
"""

from qmpshell.protocol.connection import Connection, Received, Reply, State, Unexpected
from qmpshell.protocol.messages import NO_ID, ErrorReply, Event, Greeting, Message, NoId, Return
from qmpshell.protocol.requests import Request

__all__ = [
    "NO_ID",
    "Connection",
    "ErrorReply",
    "Event",
    "Greeting",
    "Message",
    "NoId",
    "Received",
    "Reply",
    "Request",
    "Return",
    "State",
    "Unexpected",
]
