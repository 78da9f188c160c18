"""Text that a server or a guest chose, made harmless to a terminal.

A guest names its own devices, files and serial numbers: what it puts there must not move
the cursor, change a title, answer for the keyboard, or turn the line's direction around.
"""

from __future__ import annotations

import re

# Unicode's categories Cc (C0, DEL, C1), Cf (bidirectional overrides, zero-width and other
# invisible characters), Zl, Zp (line separators) and Cs (half surrogate pairs). Spelled
# out, as asking for the category of every code point would take longer than the rest of
# a one-shot command; a test compares the two.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f]"
)
_UNSAFE_IN_LINES = r"(?!\n)" + _UNSAFE


def escape(text: str) -> str:
    r"""Write each character that a terminal could act on as ``\uXXXX``, as JSON would.

    Parameters:
        text: anything.

    Returns:
        Text of one line, without a control character, a bidirectional override or
        another invisible character in it.
    """
    # Nearly every text ends here, and so does a start, before a pattern had to be compiled.
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSAFE, _as_escape, text)


def escape_lines(text: str) -> str:
    """Do as :func:`escape`, but keep line ends, and tabs as blanks: for text of many lines."""
    return re.sub(_UNSAFE_IN_LINES, _as_escape, text.replace("\r\n", "\n").expandtabs())


def _as_escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
