"""A command of the operating system, up to the cursor → what fits at the cursor."""

from __future__ import annotations

import re

from qmpshell.language.expectation import Expected, Slot

#: What the operating system's shell makes of a line, as far as it matters here.
_WORD = re.compile(r"(?P<word>(?:\\.|[^\s\\|;&<>()])++)|(?P<next>[|;&(])|[<>)\\]", re.DOTALL)

#: What it takes as it is: in quotes, and behind a backslash.
_PROTECTED = re.compile(r"'[^']*+'|\"(?:\\.|[^\"\\])*+\"|\\.", re.DOTALL)


def expected_in_system(text: str, start: int) -> Expected:
    """Say what fits at the cursor: a program, or behind one the path of a file.

    Parameters:
        text: the text before the cursor.
        start: where the command begins.
    """
    if re.search("[\"']", _PROTECTED.sub("", text[start:])):
        return Expected(Slot.NOTHING, len(text), "")
    kind, word_start = Slot.PROGRAM, len(text)
    for found in _WORD.finditer(text, start):
        if found["word"] and found.end() == len(text):
            word_start = found.start()
        else:
            kind = Slot.PROGRAM if found["next"] else Slot.PATH
    return Expected(kind, word_start, text[word_start:])
