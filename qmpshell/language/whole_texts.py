"""Lines of a file → what is run at once: a line, or several that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qmpshell.language.parser import is_complete

#: What closes something, or shows that it never can be.
_BRACKET = re.compile(r"[\]})]")


def whole_texts(lines: Iterable[str], *, lines_go_on: bool) -> Iterator[tuple[int, str]]:
    """Put lines together while brackets are open; number each text by its first line.

    Parameters:
        lines: each with its end.
        lines_go_on: whether a line goes on while a bracket in it is open.
    """
    text = ""
    first = 1
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix("\ufeff")
        if not text:
            first = number
        text += line
        # What is open can only be closed by a line with a bracket in it.
        if not lines_go_on or ((_BRACKET.search(line) or text == line) and is_complete(text)):
            yield first, text.rstrip("\n")
            text = ""
    if text:
        yield first, text.rstrip("\n")
