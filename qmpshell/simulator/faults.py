"""How the simulator misbehaves, when a test asks for it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qmpshell.simulator.documents import Layout, event_members, write_document

#: Everything that must not reach a terminal as it is: an ANSI escape in its short and its
#: one-byte form, bell, backspace, carriage return, delete, NUL, a bidirectional override,
#: and half a surrogate pair.
HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\x08\r\x7f\x00\u202ereversed\u2066\ud83d"


#: When the events happened that ``event_bytes`` tells of, in seconds since the epoch.
EVENT_TIME = 1_795_350_730.25


def event_bytes(name: str, data: dict[str, Any] | None = None) -> bytes:
    """Return an event as it goes over the wire."""
    return write_document(event_members(name, data, EVENT_TIME))


def reply_bytes(value: Any, **id_: Any) -> bytes:
    """Return the reply to a command that succeeded, as it goes over the wire.

    Parameters:
        value: what it returned.
        **id_: ``id=…``, if it has one.
    """
    return write_document({"return": value, **id_})


class Then(enum.Enum):
    """What comes after the last byte."""

    CLOSE = "the server closes the connection"
    STALL = "the server says nothing more, and keeps the connection open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What a connection suffers. Without parameters: nothing.

    Parameters:
        greeting: bytes in place of the greeting. They are the last that is said.
        after_greeting: bytes right behind the greeting, before anything is asked.
        cut_after: how many bytes go out in all; ``None`` for no limit.
        then: what comes after them.
        negotiation_error: the text with which ``qmp_capabilities`` is refused.
        layout: how documents stand in the stream.
        inject: bytes by the number of the document that they go before; the greeting
            is document 0, and the reply to ``qmp_capabilities`` mostly 1.
        before_replies: bytes before each reply, that to ``qmp_capabilities`` too.
        change: is given all that is said, a document at a time, and returns what goes out
            in its place.
        values: what a command returns, by its name, in place of what it would; or what
            makes that of its arguments.
        errors: a class and a text, by the name of the command that fails with them.
        held: commands that aren't done until ``Simulator.release``.
        picture: what ``screendump`` writes in place of a picture.
        extra_commands: names that ``query-commands`` has besides.
    """

    greeting: bytes | None = None
    after_greeting: bytes = b""
    cut_after: int | None = None
    then: Then = Then.STALL
    negotiation_error: str | None = None
    layout: Layout = Layout.LINES
    inject: Mapping[int, bytes] = field(default_factory=dict)
    before_replies: bytes = b""
    change: Callable[[bytes], bytes] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    picture: bytes | None = None
    extra_commands: tuple[str, ...] = ()


NONE = Faults()
SILENT = Faults(cut_after=0)
CLOSES_AT_ONCE = Faults(cut_after=0, then=Then.CLOSE)
HALF_GREETING = Faults(cut_after=40)
HALF_GREETING_THEN_CLOSES = Faults(cut_after=40, then=Then.CLOSE)
HTTP = Faults(
    greeting=b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    then=Then.CLOSE,
)
HMP = Faults(
    greeting=b"QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ",
)
BINARY = Faults(greeting=bytes(range(256)) * 4)
ARRAY = Faults(greeting=b"[1,2]\r\n")
STRANGE_OBJECT = Faults(greeting=b'{"hello": 1}\r\n')
DEEP = Faults(greeting=b"[" * 200_000)
REFUSES_NEGOTIATION = Faults(negotiation_error="no capabilities today")

#: The servers that a client can't work with, by name: for tests that want them all.
HOPELESS: Mapping[str, Faults] = {
    "silent": SILENT,
    "closes-at-once": CLOSES_AT_ONCE,
    "half-greeting": HALF_GREETING,
    "half-greeting-then-closes": HALF_GREETING_THEN_CLOSES,
    "http": HTTP,
    "hmp": HMP,
    "binary": BINARY,
    "array": ARRAY,
    "strange-object": STRANGE_OBJECT,
    "deep": DEEP,
    "refuses-negotiation": REFUSES_NEGOTIATION,
}
