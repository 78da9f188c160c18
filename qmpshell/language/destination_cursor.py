"""A line that says where its reply goes, up to the cursor → what fits at the cursor."""

from __future__ import annotations

from qmpshell.language.destination import Redirection
from qmpshell.language.expectation import Expected, Slot
from qmpshell.language.quotes import find_closing_quote
from qmpshell.language.system_cursor import expected_in_system
from qmpshell.language.tree import Style


def expected_in(text: str, behind: Redirection) -> Expected:
    """Say what fits at the cursor.

    Parameters:
        text: the text before the cursor.
        behind: what stands behind the line's operator.
    """
    if behind.line_end < len(text):
        return Expected(Slot.NOTHING, len(text), "")
    if behind.destination.is_program:
        return expected_in_system(text, behind.destination.target.start)
    return _in_file(text, behind)


def _in_file(text: str, behind: Redirection) -> Expected:
    target = behind.destination.target
    if target.style is Style.QUOTED:
        if find_closing_quote(text, target.start) is not None:
            return Expected(Slot.NOTHING, len(text), "")
        start = target.start + 1
        return Expected(Slot.FILE, start, text[start:], text[target.start])
    if target.end < len(text):
        return Expected(Slot.NOTHING, len(text), "")
    return Expected(Slot.FILE, target.start, target.text)
