"""From an opening bracket to the one that closes it, in linear time.

It counts brackets outside of strings. What stands between them is not its business.
"""

from __future__ import annotations

import re

from qmpshell.errors import LineError
from qmpshell.language.faults import Unfinished
from qmpshell.language.quotes import QUOTES, find_closing_quote, find_line_end
from qmpshell.named_tuple import NamedTuple

#: As deep as a request may be for the wire; no stack ends at this depth.
MAX_DEPTH = 400

CLOSING = {"{": "}", "[": "]"}

_ORDINARY = re.compile(r"""[^"'{}\[\]]*+""")


class Extent(NamedTuple):
    """How far a bracketed text goes.

    Attributes:
        end: behind the closing bracket; where there is a fault, as far as it makes sense.
        fault: why it doesn't end well. :class:`Unfinished` when only its end is missing.
    """

    end: int
    fault: LineError | None


def find_closing_bracket(text: str, start: int) -> Extent:
    """Find the end of what the bracket at ``start`` opens."""
    open_brackets: list[int] = []
    position = start
    while position < len(text):
        char = text[position]
        if char in QUOTES:
            closing = find_closing_quote(text, position)
            if closing is None:
                fault = LineError("this quote is not closed", position, position + 1)
                return Extent(find_line_end(text, position), fault)
            position = closing
        elif char in CLOSING:
            if len(open_brackets) == MAX_DEPTH:
                return Extent(position, _too_deep(position))
            open_brackets.append(position)
        else:
            opening = text[open_brackets.pop()]
            if char != CLOSING[opening]:
                return Extent(position, _mismatch(char, opening, position))
            if not open_brackets:
                return Extent(position + 1, None)
        position = _skip_ordinary(text, position + 1)
    return Extent(len(text), _unclosed(text, open_brackets[-1]))


def _skip_ordinary(text: str, position: int) -> int:
    found = _ORDINARY.match(text, position)
    assert found is not None
    return found.end()


def _unclosed(text: str, start: int) -> Unfinished:
    message = f"this {text[start]} is not closed: {CLOSING[text[start]]} is missing"
    return Unfinished(message, start, start + 1)


def _too_deep(position: int) -> LineError:
    return LineError(f"nested over {MAX_DEPTH} levels deep", position, position + 1)


def _mismatch(char: str, opening: str, position: int) -> LineError:
    message = f"{CLOSING[opening]} is expected before {char}, to close the {opening}"
    return LineError(message, position, position + 1)
