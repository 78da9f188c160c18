"""What we say: a request as the one line of JSON that QEMU reads as it was meant.

QEMU's parser is stricter than Python's writer in some places and more forgiving in
others, and a request that it misreads can swallow the ones behind it without a word.
So what it would not read back exactly is refused here, before anything is sent.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any

from qmpshell.errors import RequestError
from qmpshell.protocol.documents import MAX_DEPTH
from qmpshell.protocol.messages import NO_ID

#: QEMU's ``qobject/json-streamer.c``: tokens and bytes in one message. (It takes 1024
#: levels of nesting, more than Python's own writer does.)
MAX_TOKENS = 2**21
MAX_BYTES = 64 * 2**20

#: Beyond these an integer is read as a float of 17 digits (tried on 7.2).
MIN_INTEGER = -(2**63)
MAX_INTEGER = 2**64 - 1

#: Half surrogate pairs and noncharacters, which QEMU refuses (``mod_utf8_codepoint``).
_NO_CHARACTER = (
    "[\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)

#: Without blanks, as QEMU reads a byte at a time.
_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


class Request:
    """A request that was written for the wire. Two of them are never equal.

    Parameters:
        members: ``execute`` or ``exec-oob``, ``arguments``, ``id``.
        data: the bytes that go out, a line of JSON.
    """

    __slots__ = ("data", "members")

    def __init__(self, members: dict[str, Any], data: bytes) -> None:
        self.members = members
        self.data = data

    @property
    def id(self) -> Any:
        """The id that the reply will carry; ``NO_ID`` where it has none."""
        return self.members.get("id", NO_ID)

    @property
    def out_of_band(self) -> bool:
        """Whether the reply may overtake those of earlier requests."""
        return "exec-oob" in self.members


def write_request(members: dict[str, Any]) -> Request:
    """Write a request for the wire.

    Parameters:
        members: the request with all its members, its ``id`` among them.

    Raises:
        RequestError: it can't be written as JSON, or QEMU would not read it as meant.
    """
    _check(members)
    data = _ENCODER.encode(members).encode("ascii") + b"\n"
    if len(data) > MAX_BYTES:
        raise RequestError(f"the request has {len(data)} bytes; QEMU takes {MAX_BYTES}")
    return Request(members, data)


def _check(members: dict[str, Any]) -> None:
    """Walk the request level by level, so that no depth of it can end our stack."""
    level: list[Any] = [members]
    tokens = 0
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for container in level:
            # Brackets, and for each member its name, colon and comma.
            tokens += 2 + 4 * len(container)
            for value in _values(container):
                if _is_plain(value):
                    continue
                if isinstance(value, dict | list | tuple):
                    below.append(value)
                else:
                    _check_scalar(value)
        if tokens > MAX_TOKENS:
            raise RequestError(f"the request has too many values for QEMU ({MAX_TOKENS} tokens)")
        if not below:
            return
        level = below
    raise RequestError(f"the request is nested over {MAX_DEPTH} levels deep")


def _values(container: Any) -> Iterable[Any]:
    if not isinstance(container, dict):
        return container  # type: ignore[no-any-return]
    for name in container:
        if not _is_plain(name):
            _check_name(name)
    return container.values()


def _is_plain(value: object) -> bool:
    """Say whether a value is a text with nothing in it to look at, as nearly all are."""
    return type(value) is str and value.isascii()


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        raise RequestError(f"a member's name is a string, not {name!a}")
    _check_scalar(name)


def _check_scalar(value: object) -> None:
    if reason := _why_not_sent(value):
        raise RequestError(reason)


def _why_not_sent(value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        found = re.search(_NO_CHARACTER, value)
        return f"U+{ord(found[0]):04X} is no character that QEMU takes" if found else None
    if isinstance(value, int):
        fits = MIN_INTEGER <= value <= MAX_INTEGER
        return None if fits else "an integer beyond 64 bits can't be sent: QEMU would round it"
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{value} can't be written as JSON"
    return f"a {type(value).__name__} can't be sent as JSON"
