"""Styled text → lines of a terminal's width."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qmpshell.render.diagnostics import columns
from qmpshell.render.styled import Role, Styled, plain

#: A blank, or text up to a place where a line may end: behind ``|``, and at a blank.
_ATOM = re.compile(r" +|[^ |]+\|?|\|")


def wrap(styled: Styled, width: int, first: str = "", rest: str = "") -> Styled:
    """Break one line's text where it gets too long, between words or behind a ``|``.

    Parameters:
        styled: text without line ends. Blanks in it are made single.
        width: how many columns there are.
        first: the blanks, or the mark, before the first line.
        rest: the blanks before the others.

    Returns:
        The lines, without an end of line behind the last.
    """
    wrapped: Styled = [(Role.TEXT, first)]
    column, empty = columns(first), True
    for blank, unit in _units(styled):
        gap = " " if blank and not empty else ""
        size = columns(plain(unit))
        if column + len(gap) + size > width and not empty:
            gap = "\n" + rest
            column = len(rest) - len(gap)
        if gap:
            wrapped.append((Role.TEXT, gap))
        wrapped += unit
        column, empty = column + len(gap) + size, False
    return wrapped


def _units(styled: Styled) -> Iterator[tuple[bool, Styled]]:
    """Yield what can't be broken, and whether a blank stands before it."""
    unit: Styled = []
    blank = False
    for role, text in styled:
        for atom in _ATOM.findall(text):
            if atom[0] != " ":
                unit.append((role, atom))
            if unit and atom[-1] in " |":
                yield blank, unit
                unit, blank = [], False
            blank = blank or (atom[0] == " ")
    if unit:
        yield blank, unit
