"""A member's path → where it stands in a literal.

Values are read and checked without their places. Only for a mistake the text is walked
again, up to what is wrong in it.
"""

from __future__ import annotations

import json
import re

from qmpshell.language.brackets import CLOSING, find_closing_bracket
from qmpshell.language.misfit import Path
from qmpshell.named_tuple import NamedTuple

_TOKEN = re.compile(
    r"""[rRuU]?(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^'\\]*+(?:\\.[^'\\]*+)*+')"""
    r"|(?P<mark>[{}\[\]:,])"
    r"""|[^\s"'{}\[\],:]++""",
    re.DOTALL,
)

#: Where something begins, and where it ends (exclusive).
Span = tuple[int, int]


class JSONPlace(NamedTuple):
    """Where a value stands.

    Attributes:
        name: the name of the member that it is; its own place for an element.
        value: the value.
    """

    name: Span
    value: Span


class _Level:
    """An object or a list that is open.

    Attributes:
        indexed: whether it is a list.
        part: what leads to the value that comes next; ``None`` before a name.
        name: where the name stands.
    """

    def __init__(self, *, indexed: bool) -> None:
        self.indexed = indexed
        self.part: str | None = "0" if indexed else None
        self.name: Span | None = None


def find_place(text: str, path: Path) -> JSONPlace:
    """Find a value in JSON or a Python literal that can be read.

    Parameters:
        text: the literal.
        path: what leads to the value.

    Returns:
        Its place; that of the whole text when it isn't found.
    """
    levels: list[_Level] = []
    for token in _TOKEN.finditer(text):
        mark = token["mark"]
        if mark and mark not in CLOSING:
            _go_on(levels, mark)
        elif levels and levels[-1].part is None:
            levels[-1].part = _unquoted(token)
            levels[-1].name = token.span()
        elif len(levels) == len(path) and all(map(_leads, levels, path)):
            end = find_closing_bracket(text, token.start()).end if mark else token.end()
            span = (token.start(), end)
            return JSONPlace((levels[-1].name if levels else None) or span, span)
        elif mark:
            levels.append(_Level(indexed=mark == "["))
    return JSONPlace((0, len(text)), (0, len(text)))


def _leads(level: _Level, part: str) -> bool:
    return level.part == part


def _go_on(levels: list[_Level], mark: str) -> None:
    if mark in "]}":
        levels.pop()
    elif mark == ",":
        level = levels[-1]
        level.part = str(int(level.part or 0) + 1) if level.indexed else None


def _unquoted(token: re.Match[str]) -> str:
    quoted = token["string"] or f'"{token[0]}"'
    if "\\" not in quoted or quoted[0] == "'":
        return quoted[1:-1]
    try:
        return str(json.loads(quoted))
    except ValueError:  # an escape of Python's
        return quoted[1:-1]
