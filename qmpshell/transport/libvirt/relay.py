"""What goes to libvirt and comes back, rewritten: libvirt numbers requests itself. Pure.

libvirt refuses a request that has an ``id``, and its replies carry one of its own (tried on
9.0). Everything else stays as it was written: a number isn't read and written again.
"""

from __future__ import annotations

import json
from typing import Any

from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol.documents import decode_document

_BLANKS = " \t\r\n"
_DECODER = json.JSONDecoder()

#: What libvirt's ``virsh`` shows, and older versions give, for an event without data.
_NO_DATA = "<null>"


class Relayed(NamedTuple):
    """A request on its way.

    Attributes:
        command: the command's name; ``""`` when there is none.
        text: the request without its id.
        id: the id as it was written; ``""`` when there was none.
    """

    command: str
    text: str
    id: str


def read_request(document: bytes) -> Relayed:
    """Take the id out of a request.

    Parameters:
        document: the request's own bytes.

    Raises:
        ProtocolError: it isn't valid JSON.
    """
    command = decode_document(document).get("execute")
    members = _members(document.decode())
    id_ = members.pop("id", "")
    return Relayed(command if isinstance(command, str) else "", _object(members), id_)


def write_reply(reply: str, id_: str) -> bytes:
    """Give a reply of libvirt's the id of the request that it answers.

    Parameters:
        reply: the reply's text.
        id_: the id as it was written; ``""`` for none.

    Raises:
        ProtocolError: it isn't valid JSON.
    """
    decode_document(reply.encode())
    members = _members(reply)
    members.pop("id", None)
    return _line(members, id_)


def write_return(value: Any, id_: str) -> bytes:
    """Write a reply of our own."""
    return _line({"return": json.dumps(value)}, id_)


def write_error(desc: str, id_: str) -> bytes:
    """Write that a command failed, for a reason that isn't QEMU's."""
    return _line({"error": json.dumps({"class": "GenericError", "desc": desc})}, id_)


def write_event(name: str, seconds: int, microseconds: int, data: str | None) -> bytes:
    """Write an event.

    Parameters:
        name: its name.
        seconds: when, in seconds since the epoch, and
        microseconds: in the second.
        data: what goes with it, as JSON; ``None`` for nothing.
    """
    members = {
        "timestamp": json.dumps({"seconds": seconds, "microseconds": microseconds}),
        "event": json.dumps(name),
    }
    if data and data != _NO_DATA:
        members["data"] = data
    return _line(members, "")


def _line(members: dict[str, str], id_: str) -> bytes:
    if id_:
        members["id"] = id_
    return f"{_object(members)}\r\n".encode()


def _object(members: dict[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in members.items()) + "}"


def _members(text: str) -> dict[str, str]:
    """Return an object's members as they are written, given that it is valid."""
    members: dict[str, str] = {}
    position = _next(text, text.index("{") + 1)
    while text[position] != "}":
        name, position = _DECODER.raw_decode(text, position)
        start = _next(text, text.index(":", position) + 1)
        _, end = _DECODER.raw_decode(text, start)
        members[name] = text[start:end]
        position = _next(text, end)
        if text[position] == ",":
            position = _next(text, position + 1)
    return members


def _next(text: str, position: int) -> int:
    while text[position] in _BLANKS:
        position += 1
    return position
