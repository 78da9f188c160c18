"""What a server says: greeting, return, error, event.

The shapes are those of QEMU's ``docs/interop/qmp-spec.rst``. Members that this version
doesn't know are kept in ``members`` and otherwise left alone, as the specification asks.
"""

from __future__ import annotations

import enum
import json
from typing import Any, Final, NamedTuple, TypeVar

from qmpshell.errors import ProtocolError
from qmpshell.protocol.documents import escaped_beginning

T = TypeVar("T")


class NoId(enum.Enum):
    """The id of a message that has none; ``None`` can't say it, as ``null`` is an id."""

    NO_ID = "no id"


NO_ID: Final = NoId.NO_ID


class Greeting(NamedTuple):
    """The first thing that a QMP server says.

    Attributes:
        version: major, minor, micro.
        package: the builder's own words, such as ``Debian 1:7.2+dfsg-7``; often empty.
        capabilities: what may be asked for in the negotiation, such as ``oob``.
        members: the whole message as it came.
    """

    version: tuple[int, int, int]
    package: str
    capabilities: tuple[str, ...]
    members: dict[str, Any]


class Return(NamedTuple):
    """A command succeeded.

    Attributes:
        value: what it returned; ``{}`` from most commands that have nothing to say.
        id: the request's id, or ``NO_ID``.
        members: the whole message as it came.
        document: its own bytes, where the request asked to keep them; the line's end is
            no part of them.
    """

    value: Any
    id: Any
    members: dict[str, Any]
    document: bytes | None = None


class ErrorReply(NamedTuple):
    """A command failed, or a request wasn't understood.

    Attributes:
        error_class: such as ``GenericError`` or ``CommandNotFound``.
        desc: the server's text for a person.
        id: the request's id; ``NO_ID`` when the request couldn't even be parsed.
        members: the whole message as it came.
    """

    error_class: str
    desc: str
    id: Any
    members: dict[str, Any]


class Event(NamedTuple):
    """Something happened in the machine.

    Attributes:
        name: such as ``DEVICE_DELETED``.
        data: what goes with it; empty when the event has none.
        seconds: when, in seconds since the epoch by the host's clock, to a microsecond;
            ``None`` when the host couldn't read its clock.
        members: the whole message as it came.
    """

    name: str
    data: dict[str, Any]
    seconds: float | None
    members: dict[str, Any]


Message = Greeting | Return | ErrorReply | Event


def read_message(members: dict[str, Any]) -> Message:
    """Give a decoded document its type.

    Raises:
        ProtocolError: it is none of QMP's messages.
    """
    try:
        if "event" in members:
            return _read_event(members)
        if "return" in members:
            return Return(members["return"], members.get("id", NO_ID), members)
        if "error" in members:
            error = members["error"]
            return ErrorReply(
                _expect(str, error["class"]),
                _expect(str, error["desc"]),
                members.get("id", NO_ID),
                members,
            )
        return _read_greeting(members)
    except (KeyError, TypeError):
        raise ProtocolError(f"not a QMP message: {_beginning(members)}") from None


def _read_greeting(members: dict[str, Any]) -> Greeting:
    greeting = members["QMP"]
    version = greeting["version"]
    number = version["qemu"]
    return Greeting(
        (
            _expect(int, number["major"]),
            _expect(int, number["minor"]),
            _expect(int, number["micro"]),
        ),
        _expect(str, version["package"]),
        # The specification lets a capability be an object some day: what isn't a
        # string is none that we know.
        tuple(name for name in _expect(list, greeting["capabilities"]) if isinstance(name, str)),
        members,
    )


def _read_event(members: dict[str, Any]) -> Event:
    name, data = members["event"], members.get("data", {})
    timestamp = members.get("timestamp", {})
    if not (isinstance(name, str) and isinstance(data, dict) and isinstance(timestamp, dict)):
        raise TypeError
    return Event(name, data, _moment(timestamp), members)


def _moment(timestamp: dict[str, Any]) -> float | None:
    seconds, microseconds = timestamp.get("seconds", -1), timestamp.get("microseconds", 0)
    if not (isinstance(seconds, int) and isinstance(microseconds, int)):
        raise TypeError
    try:
        return seconds + microseconds / 1_000_000 if seconds >= 0 else None
    except OverflowError:
        return None


def _expect(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise TypeError
    return value


def _beginning(members: dict[str, Any]) -> str:
    return escaped_beginning(json.dumps(members).encode())
