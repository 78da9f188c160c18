"""A list of objects as a table, and an object as two columns.

The library that lays tables out is imported when there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qmpshell.render.diagnostics import columns
from qmpshell.render.escape import escape
from qmpshell.render.json import PrettyJSON, compact_json
from qmpshell.render.styled import Rendering, Role, Styled

#: What stands between two columns.
_GAP = 2

#: A column isn't made narrower than this for the sake of others.
_NARROWEST = 6

_CUT = "…"


def table(value: Any, width: int | None = None) -> Styled | Rendering:
    """Write a list of objects as a table, an object as the names and values of its members.

    A list of anything but objects and lists is written one item a line, and what else there
    is as JSON.

    Parameters:
        value: what :func:`json.loads` returned.
        width: how many columns the terminal has, at which lines are cut; ``None`` to write
            them whole.

    Returns:
        Lines, without an end of line behind the last. In cells, what isn't a text is compact
        JSON.
    """
    match value:
        case list() if any(value) and all(isinstance(item, dict) for item in value):
            return _objects(value, width)
        case dict() if value:
            return _object(value, width)
        case list() if value and not any(isinstance(item, dict | list) for item in value):
            return [(Role.TEXT, "\n".join(_cut(_cell(item), width) for item in value))]
    return PrettyJSON(value, width or 80)


def _objects(objects: Sequence[dict[str, Any]], width: int | None) -> Styled:
    # A dictionary keeps the names in the order in which they first appear.
    names = list(dict.fromkeys(name for object_ in objects for name in object_))
    rows = [[escape(name) for name in names]]
    rows += [[_cell(o[name]) if name in o else "" for name in names] for o in objects]
    numbers = [_only_numbers(objects, name) for name in names]
    head, *lines = _lay_out(rows, numbers, width)
    return [(Role.KEY, head), *((Role.TEXT, f"\n{line}") for line in lines)]


def _object(members: dict[str, Any], width: int | None) -> Styled:
    rows = [[escape(name), _cell(value)] for name, value in members.items()]
    styled: Styled = []
    for (name, _), line in zip(rows, _lay_out(rows, [False, False], width), strict=True):
        styled += [(Role.KEY, line[: len(name)]), (Role.TEXT, line[len(name) :] + "\n")]
    return [*styled[:-1], (Role.TEXT, styled[-1][1].removesuffix("\n"))]


def _only_numbers(objects: Iterable[dict[str, Any]], name: str) -> bool:
    return all(type(object_.get(name, 0)) in (int, float) for object_ in objects)


def _cell(value: Any) -> str:
    return escape(value if isinstance(value, str) else compact_json(value))


def _lay_out(rows: list[list[str]], numbers: Sequence[bool], width: int | None) -> list[str]:
    """Make columns of cells, and a line of each row.

    Parameters:
        rows: all of them have the same number of cells.
        numbers: for each column, whether it is aligned to the right.
        width: as for :func:`table`.
    """
    from prettytable import PrettyTable

    if width is not None:
        widest = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
        limit = _widest_allowed(widest, width - _GAP * (len(widest) - 1))
        rows = [[_cut(cell, limit) for cell in row] for row in rows]
    laid_out = PrettyTable(header=False, border=False, padding_width=0, right_padding_width=_GAP)
    laid_out.add_rows(rows)
    for name, is_number in zip(laid_out.field_names, numbers, strict=True):
        laid_out.align[name] = "r" if is_number else "l"
    return [_cut(line.rstrip(), width) for line in laid_out.get_string().split("\n")]


def _widest_allowed(widths: Sequence[int], room: int) -> int:
    """Return how wide a column may be for all to fit, as far as that is possible."""
    limit = max(widths)
    if sum(widths) > room:
        limit = min(limit, max(room, _NARROWEST))
        while limit > _NARROWEST and sum(min(width, limit) for width in widths) > room:
            limit -= 1
    return limit


def _cut(text: str, width: int | None) -> str:
    """Cut a text to so many columns, and show that it was."""
    if width is None or columns(text) <= width:
        return text
    if text.isascii():
        return text[: width - 1] + _CUT
    end, room = 0, width - 1
    while (room := room - columns(text[end])) >= 0:
        end += 1
    return text[:end] + _CUT
