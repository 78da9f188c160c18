"""Values as lines of ``path: value``, for eyes and for ``grep``.

This is what QEMU's old one-shot tool printed (``scripts/qmp/qmp`` in its sources), and what
scripts around it read: ``qemu.micro: 22``, ``running: True``, ``item[0].name: stop``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qmpshell.render.escape import escape, escape_lines
from qmpshell.render.styled import Role, Styled

#: What stands for a list's name where it has none.
_NAMELESS = "item"


def flat(value: Any) -> Styled:
    """Write each scalar in a value on a line of its own, behind the path that leads to it.

    Parameters:
        value: what :func:`json.loads` returned.

    Returns:
        The lines, without an end of line after the last; nothing at all for an object or a
        list that has nothing in it. A scalar is itself, without a path; if it is a text of
        several lines, as the human monitor answers, it keeps them.
    """
    return list(flat_pieces(value))


def flat_pieces(value: Any) -> Iterator[tuple[Role, str]]:
    """Yield what :func:`flat` returns, piece by piece."""
    if isinstance(value, str):
        yield Role.STRING, escape_lines(value).rstrip("\n")
        return
    line_end = ""
    for path, scalar in _scalars(value, ""):
        if line_end:
            yield Role.TEXT, line_end
        line_end = "\n"
        if path:
            yield Role.KEY, path
            yield Role.PUNCTUATION, ": "
        yield flat_scalar(scalar)


def flat_scalar(value: Any) -> tuple[Role, str]:
    """Write a scalar as the old tools did: a text without quotes, the rest as Python does."""
    match value:
        case str():
            return Role.STRING, escape(value)
        case None | bool():
            return Role.CONSTANT, str(value)
    return Role.NUMBER, str(value)


def _scalars(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            before = f"{path}." if path else ""
            for key, member in value.items():
                yield from _scalars(member, before + escape(key))
        case list():
            for index, element in enumerate(value):
                yield from _scalars(element, f"{path or _NAMELESS}[{index}]")
        case _:
            yield path, value
