"""A value → expressions in JMESPath that select something of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

#: What needs no quotes in JMESPath.
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

#: Objects in objects are looked into so deep. A menu isn't the place for more.
_DEPTH = 2

#: Of a list's items, so many are looked at: they are mostly alike.
_ITEMS = 20


def expressions_for(value: Any) -> list[str]:
    """Return expressions for the members of a value, those of a list's items among them.

    Parameters:
        value: what :func:`json.loads` returned.
    """
    return list(dict.fromkeys(_expressions(value, "", _DEPTH)))


def _expressions(value: Any, before: str, depth: int) -> Iterator[str]:
    match value:
        case dict():
            for name, member in value.items():
                expression = _member(before, name)
                yield expression
                if depth > 1:
                    yield from _expressions(member, expression, depth - 1)
        case list():
            for item in value[:_ITEMS]:
                yield from _expressions(item, f"{before}[]", depth)


def _member(before: str, name: str) -> str:
    if _IDENTIFIER.fullmatch(name):
        return f"{before}.{name}" if before else name
    # A quote at the beginning would be the line's own.
    return f"{before or '@'}.{json.dumps(name)}"
