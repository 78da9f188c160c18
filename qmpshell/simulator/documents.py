"""What the server says: members → bytes, printed as QEMU prints them."""

from __future__ import annotations

import enum
import json
import re
from typing import Any

from qmpshell.protocol.ids import as_printed

_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|.)")


class Layout(enum.Enum):
    """How documents stand in the stream."""

    LINES = "a line each, as QEMU does"
    PRETTY = "over many lines, as a monitor with pretty=on does"
    JOINED = "with nothing between them"


def write_document(members: dict[str, Any], layout: Layout = Layout.LINES) -> bytes:
    """Print a document.

    Parameters:
        members: its members, in the order in which they stand.
        layout: how it stands in the stream.
    """
    indent = 4 if layout is Layout.PRETTY else None
    text = json.dumps(as_printed(members), indent=indent).replace("\x7f", "\\u007F")
    if "\\u" in text:
        text = _ESCAPE.sub(_upper_case, text)
    if layout is not Layout.JOINED:
        text = text.replace("\n", "\r\n") + "\r\n"
    return text.encode("ascii")


def event_members(name: str, data: dict[str, Any] | None, now: float) -> dict[str, Any]:
    """Return an event's document.

    Parameters:
        name: the event's name.
        data: what goes with it; left out when there is nothing.
        now: seconds since the epoch.
    """
    seconds, microseconds = divmod(round(now * 1_000_000), 1_000_000)
    members: dict[str, Any] = {
        "timestamp": {"seconds": seconds, "microseconds": microseconds},
        "event": name,
    }
    return {**members, "data": data} if data else members


def _upper_case(escape: re.Match[str]) -> str:
    return f"\\u{escape[1].upper()}" if escape[1] else escape[0]
