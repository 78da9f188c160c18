"""A manual's blocks, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from qmpshell.render.diagnostics import columns
from qmpshell.render.escape import escape
from qmpshell.render.styled import Role, Styled
from qmpshell.render.wrap import wrap
from qmpshell.schema.roff import Block, Layout

_STEP = "  "


def manual_lines(blocks: Iterable[Block], width: int) -> Styled:
    """Render a part of a manual, each of its lines with its end.

    Parameters:
        blocks: what it consists of.
        width: how many columns there are; an example is never broken.
    """
    styled: Styled = []
    above: Layout | None = None
    least_depth = 0
    for block in blocks:
        if above and _has_gap(above, block.layout):
            styled.append((Role.TEXT, "\n"))
        if block.layout is Layout.HEADING:
            styled += [(Role.NOTE, _STEP + escape(block.text)), (Role.TEXT, "\n")]
            least_depth = 1
        else:
            styled += _block(block, _STEP * (1 + max(least_depth, block.depth)), width)
        above = block.layout
    return styled


def _has_gap(above: Layout, layout: Layout) -> bool:
    """Set paragraphs and headings apart, but nothing from its heading or its term."""
    if above is Layout.HEADING:
        return False
    return layout is Layout.HEADING or layout is above is Layout.PARAGRAPH


def _block(block: Block, indent: str, width: int) -> Styled:
    if block.layout is Layout.EXAMPLE:
        return [
            (Role.STRING, f"{indent}{escape(line)}".rstrip() + "\n")
            for line in block.text.split("\n")
        ]
    role = Role.KEY if block.layout is Layout.TERM else Role.TEXT
    first = f"{indent}{escape(block.mark)} " if block.mark else indent
    text: Styled = [(role, escape(block.text))]
    return [*wrap(text, width, first, " " * columns(first)), (Role.TEXT, "\n")]
