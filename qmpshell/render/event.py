"""An event as one line: local time, name, data."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from qmpshell.protocol import Event
from qmpshell.render.diagnostics import columns
from qmpshell.render.escape import escape
from qmpshell.render.json import compact_json, pretty_json
from qmpshell.render.json_layout import json_string
from qmpshell.render.styled import Role, Styled, plain
from qmpshell.render.wrap import cut

#: A string that is shown without quotes: it holds nothing that could be taken for
#: something else than its own text.
_BARE = re.compile(r"[A-Za-z_/][\w./:@%+#-]*", re.ASCII)
_CONSTANTS = ("true", "false", "null")
_NO_TIME = "--:--:--.---"

#: Something is wrong, in the guest or around it.
_TROUBLE = frozenset(
    {
        "BLOCK_IMAGE_CORRUPTED",
        "BLOCK_IO_ERROR",
        "BLOCK_JOB_ERROR",
        "COLO_EXIT",
        "DEVICE_UNPLUG_GUEST_ERROR",
        "GUEST_CRASHLOADED",
        "GUEST_PANICKED",
        "MEMORY_FAILURE",
        "MEM_UNPLUG_ERROR",
        "QUORUM_FAILURE",
        "QUORUM_REPORT_BAD",
        "WATCHDOG",
    }
)

#: The machine doesn't run on as it did.
_WARNINGS = frozenset(
    {
        "BLOCK_JOB_CANCELLED",
        "BLOCK_WRITE_THRESHOLD",
        "POWERDOWN",
        "RESET",
        "SHUTDOWN",
        "STOP",
        "SUSPEND",
        "SUSPEND_DISK",
    }
)


def event_line(event: Event, *, width: int | None = None, count: int = 1) -> Styled:
    """Render an event as ``14:02:13.007  BLOCK_JOB_READY  device=mirror0 len=67108864``.

    Parameters:
        event: as it came. Its time is shown in the local time zone.
        width: how many columns there are; what doesn't fit is cut off.
        count: how many such events there were.
    """
    repeated: Styled = [(Role.NOTE, f"  ×{count}")] if count > 1 else []
    styled = _whole_line(event)
    if width is None:
        return [*styled, *repeated]
    return [*cut(styled, width - columns(plain(repeated))), *repeated]


def _whole_line(event: Event) -> Styled:
    styled: Styled = [
        (Role.TIME, _local_time(event.seconds)),
        (Role.TEXT, "  "),
        (severity(event), escape(event.name)),
    ]
    separator = "  "
    for name, value in event.data.items():
        styled += [(Role.TEXT, separator), (Role.KEY, escape(name)), (Role.PUNCTUATION, "=")]
        styled += _value(value)
        separator = " "
    return styled


def severity(event: Event) -> Role:
    """Return the role, and so the colour, of an event's name."""
    if event.name in _TROUBLE or event.data.get("error") or event.data.get("status") == "failed":
        return Role.ERROR
    return Role.WARNING if event.name in _WARNINGS else Role.EVENT


def _local_time(seconds: float | None) -> str:
    if seconds is None:
        return _NO_TIME
    try:
        return datetime.fromtimestamp(seconds).strftime("%H:%M:%S.%f")[:-3]
    except (OverflowError, ValueError, OSError):
        return _NO_TIME


def _value(value: Any) -> Styled:
    if isinstance(value, str):
        if _BARE.fullmatch(value) and value not in _CONSTANTS:
            return [(Role.STRING, value)]
        return [(Role.STRING, json_string(value))]
    # Wide enough that it always is one line.
    return pretty_json(value, width=len(compact_json(value)) * 2)
