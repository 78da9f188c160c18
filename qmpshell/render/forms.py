"""The forms in which a value can be written: one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmpshell.render.escape import escape, escape_lines
from qmpshell.render.json import compact_json, pretty_json
from qmpshell.render.styled import Role, Styled

#: The form whose text is not made from the value, but from the server's own bytes.
RAW = "raw"


def write(value: Any, form: str, width: int | None) -> Styled:
    """Write a value in one of the forms.

    Parameters:
        value: what :func:`json.loads` returned.
        form: a name in ``FORMS``.
        width: how many columns the terminal has; ``None`` where there is none.

    Returns:
        Lines that can't harm a terminal, without an end of line behind the last; nothing
        at all where there is no line.
    """
    styled = FORMS[form](value, width)
    if styled:
        role, last = styled.pop()
        styled.append((role, last.removesuffix("\n")))
    return styled


def raw(document: bytes) -> Styled:
    """Write the bytes of a message for a terminal."""
    return [(Role.TEXT, escape_lines(document.decode("utf-8", "backslashreplace")))]


def _pretty(value: Any, width: int | None) -> Styled:
    return pretty_json(value, width or 80)


def _json(value: Any, _width: int | None) -> Styled:
    return [(Role.TEXT, escape(compact_json(value)))]


def _flat(value: Any, _width: int | None) -> Styled:
    from qmpshell.render.flat import flat

    return flat(value)


def _table(value: Any, width: int | None) -> Styled:
    from qmpshell.render.table import table

    return table(value, width)


#: Each form that is made from the value.
FORMS: dict[str, Callable[[Any, int | None], Styled]] = {
    "pretty": _pretty,
    "json": _json,
    "flat": _flat,
    "table": _table,
}
