"""A text that is to be typed → strokes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.keyboard.layout import Stroke
from qmpshell.language.quotes import unquote
from qmpshell.language.tree import Style, Value

#: A character as it is written between quotes: a pair of escapes, an escape, or itself.
_WRITTEN = re.compile(r"\\u[dD][89abAB]..\\u.{4}|\\u.{4}|\\.|[^\\]", re.DOTALL)


def strokes_for(line: str, value: Value, layout: Mapping[str, Stroke]) -> list[Stroke]:
    """Say what has to be pressed for a text.

    Parameters:
        line: what the person wrote.
        value: the text, and where it stands in it. Between quotes, escapes hold.
        layout: the keyboard's.

    Raises:
        LineError: the layout has no key for a character.
    """
    strokes: list[Stroke] = []
    for character, start, end in _characters(line, value):
        if character not in layout:
            message = f"no key of the US layout types {shown(character)}"
            raise LineError(message, start, end)
        strokes.append(layout[character])
    return strokes


def _characters(line: str, value: Value) -> Iterator[tuple[str, int, int]]:
    """Iterate over characters, each with the place where it is written."""
    if value.style is not Style.QUOTED:
        for position, character in enumerate(value.text, value.start):
            yield character, position, position + 1
        return
    for written in _WRITTEN.finditer(line, value.start + 1, value.end - 1):
        text = unquote(f'"{written[0]}"', 0, len(written[0]) + 2)
        yield text, written.start(), written.end()
