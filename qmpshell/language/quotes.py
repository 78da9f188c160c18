r"""Text in quotes: where it ends, and what it says.

Both kinds of quotes mean the same. Inside, JSON's escapes hold, and ``\'``.
"""

from __future__ import annotations

import re

from qmpshell.errors import LineError
from qmpshell.language.faults import shown

QUOTES = "\"'"

# A line's end ends every quoted text: otherwise a forgotten quote in a block of many
# lines would pair with the next one, and the fault would be seen far from its place.
_BODY = {
    '"': r'[^"\\\n]*(?:\\.[^"\\\n]*)*',
    "'": r"[^'\\\n]*(?:\\.[^'\\\n]*)*",
}

_ESCAPE = (
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<unit>(?![dD][89a-fA-F])[0-9a-fA-F]{4})"
    r"""|(?P<char>["'\\/bfnrt])"""
    r"|(?P<wrong>u?.))"
)

_CHARACTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def find_closing_quote(text: str, start: int) -> int | None:
    """Return where the quote at ``start`` is closed, or ``None`` when its line ends first."""
    body = re.compile(_BODY[text[start]]).match(text, start + 1)
    assert body is not None
    return body.end() if text.startswith(text[start], body.end()) else None


def find_line_end(text: str, start: int) -> int:
    """Return where the line of ``start`` ends, which is where a quote left open ends."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def unquote(text: str, start: int, end: int) -> str:
    """Return what stands between the quotes at ``start`` and before ``end``.

    Raises:
        LineError: a backslash in it begins no escape.
    """

    def resolve(escape: re.Match[str]) -> str:
        if escape["char"]:
            return _CHARACTERS.get(escape["char"], escape["char"])
        if escape["unit"]:
            return chr(int(escape["unit"], 16))
        if escape["high"]:
            return _combine(int(escape["high"], 16), int(escape["low"], 16))
        offset = start + 1 + escape.start()
        raise LineError(_wrong_escape(escape[0]), offset, offset + len(escape[0]))

    return re.sub(_ESCAPE, resolve, text[start + 1 : end - 1])


def _combine(high: int, low: int) -> str:
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _wrong_escape(escape: str) -> str:
    if escape.startswith("\\u"):
        return "four hexadecimal digits are expected after \\u, and both halves of a pair"
    return f"{shown(escape)} is no escape; write \\\\ for a backslash"
