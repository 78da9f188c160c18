"""Signatures and outlines of commands and events, for help."""

from __future__ import annotations

from collections.abc import Iterable

from qmpshell.render.escape import escape
from qmpshell.render.styled import Role, Styled
from qmpshell.render.wrap import wrap
from qmpshell.schema.outline import OutlineLine
from qmpshell.schema.signature import Part, Piece, Usage

#: How the parts of a signature look.
ROLES = {
    Part.NAME: Role.KEY,
    Part.TYPE: Role.CONSTANT,
    Part.VALUE: Role.STRING,
    Part.PUNCTUATION: Role.PUNCTUATION,
}

_STEP = "  "


def signature_lines(name: str, usages: Iterable[Usage], width: int) -> Styled:
    """Render a signature, on as many lines as it needs.

    Parameters:
        name: the command's name.
        usages: its arguments.
        width: how many columns there are.
    """
    styled: Styled = [(Role.COMMAND, escape(name))]
    for usage in usages:
        styled += [(Role.TEXT, " "), *_pieces(usage.pieces)]
    return wrap(styled, width, rest=_STEP * 2)


def outline_lines(lines: Iterable[OutlineLine], width: int, *, depth: int = 1) -> Styled:
    """Render an outline, each of its lines with its end.

    Parameters:
        lines: what it consists of.
        width: how many columns there are.
        depth: by how many steps all of it is indented.
    """
    styled: Styled = []
    for line in lines:
        first = _STEP * (depth + line.depth)
        pieces = _pieces(line.pieces)
        if line.features:
            pieces.append((Role.COMMENT, f" ({escape(', '.join(line.features))})"))
        styled += [*wrap(pieces, width, first, first + _STEP * 2), (Role.TEXT, "\n")]
    return styled


def type_line(pieces: Iterable[Piece], width: int) -> Styled:
    """Render a type on a line of its own, with its end."""
    return [*wrap(_pieces(pieces), width, _STEP, _STEP * 2), (Role.TEXT, "\n")]


def _pieces(pieces: Iterable[Piece]) -> Styled:
    return [(ROLES[part], escape(text)) for part, text in pieces]
