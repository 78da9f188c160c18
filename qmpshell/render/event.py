"""An event as one line: local time, name, data."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from qmpshell.protocol import Event
from qmpshell.render.escape import escape
from qmpshell.render.json import compact_json, json_string, pretty_json
from qmpshell.render.styled import Role, Styled

#: A string that is shown without quotes: it holds nothing that could be taken for
#: something else than its own text.
_BARE = re.compile(r"[A-Za-z_/][\w./:@%+#-]*", re.ASCII)
_CONSTANTS = ("true", "false", "null")
_NO_TIME = "--:--:--.---"


def event_line(event: Event) -> Styled:
    """Render an event as ``14:02:13.007  BLOCK_JOB_READY  device=mirror0 len=67108864``.

    Parameters:
        event: as it came. Its time is shown in the local time zone.
    """
    styled: Styled = [
        (Role.TIME, _local_time(event.seconds)),
        (Role.TEXT, "  "),
        (Role.EVENT, escape(event.name)),
    ]
    separator = "  "
    for name, value in event.data.items():
        styled += [(Role.TEXT, separator), (Role.KEY, escape(name)), (Role.PUNCTUATION, "=")]
        styled += _value(value)
        separator = " "
    return styled


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
