"""Styled text → lines of a terminal's width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from qmpshell.render.diagnostics import columns
from qmpshell.render.styled import Role, Styled, plain

T = TypeVar("T")

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


def cut(pieces: Sequence[tuple[T, str]], width: int) -> list[tuple[T, str]]:
    """Cut one line's text off where the room ends, with a sign that there was more.

    Parameters:
        pieces: texts, with a role or whatever else belongs to each.
        width: how many columns there are.
    """
    if sum(columns(text) for _, text in pieces) <= width:
        return list(pieces)
    kept: list[tuple[T, str]] = []
    room = width - len("…")
    for mark, text in pieces:
        shown = text
        while shown and columns(shown) > room:
            shown = shown[: max(room, 0)] if len(shown) > room else shown[:-1]
        kept.append((mark, shown))
        room -= columns(shown)
        if shown != text:
            kept[-1] = (mark, shown + "…")
            break
    return kept


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
