"""The forms in which a value can be written: one table."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from qmpshell.render.escape import escape, escape_lines
from qmpshell.render.json import PrettyJSON, compact_json
from qmpshell.render.styled import Pieces, Rendering, Role, Styled

#: The form whose text is not made from the value, but from the server's own bytes.
RAW = "raw"


def write(value: Any, form: str, width: int | None) -> Styled | Rendering:
    """Write a value in one of the forms.

    Parameters:
        value: what :func:`json.loads` returned.
        form: a name in ``FORMS``.
        width: how many columns the terminal has; ``None`` where there is none.

    Returns:
        Lines that can't harm a terminal, without an end of line behind the last; nothing
        at all where there is no line.
    """
    return FORMS[form](value, width)


def raw(document: bytes) -> Styled:
    """Write the bytes of a message for a terminal."""
    return [(Role.TEXT, escape_lines(document.decode("utf-8", "backslashreplace")))]


def _pretty(value: Any, width: int | None) -> Rendering:
    return PrettyJSON(value, width or 80)


def _json(value: Any, _width: int | None) -> Styled:
    return [(Role.TEXT, escape(compact_json(value)))]


def _flat(value: Any, _width: int | None) -> Styled | Rendering:
    from qmpshell.render.flat import flat, flat_pieces

    if isinstance(value, str):
        return flat(value)
    lines = Pieces(functools.partial(flat_pieces, value))
    return lines if any(lines.make()) else []


def _table(value: Any, width: int | None) -> Styled | Rendering:
    from qmpshell.render.table import table

    return table(value, width)


#: Each form that is made from the value.
FORMS: dict[str, Callable[[Any, int | None], Styled | Rendering]] = {
    "pretty": _pretty,
    "json": _json,
    "flat": _flat,
    "table": _table,
}
