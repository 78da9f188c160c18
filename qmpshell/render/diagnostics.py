"""What went wrong, for a person: a line of text, or the line again with a caret under it."""

from __future__ import annotations

from qmpshell.errors import CommandError, Error, LineError
from qmpshell.render.escape import escape
from qmpshell.render.styled import Role, Styled

#: How much of a long line is shown on each side of the culprit, and of the culprit itself.
_ROOM = 60

#: What is expected stands beside the carets if so much room is left there, else below them.
_LEAST_BESIDE = 40


def error_line(error: Error) -> Styled:
    """Render an exception as one line, the class of a server's error in front."""
    if isinstance(error, CommandError):
        return [(Role.ERROR, escape(error.error_class)), (Role.TEXT, f": {escape(error.desc)}")]
    return [(Role.ERROR, escape(str(error)))]


def caret_lines(text: str, error: LineError, where: str = "", width: int | None = None) -> Styled:
    """Render a wrong line again, with carets under the culprit and what was expected.

    Parameters:
        text: the text that was parsed; of several lines only the culprit's is shown.
        error: where in the text, and what.
        where: what stands before the line, such as ``disks.qmp:12: ``, safe for a terminal.
        width: as in :func:`caret_line`.

    Returns:
        Two lines, or more where there is a width, without an end of line after the last.
    """
    before, culprit, after = _around(text, error)
    if len(before) > _ROOM:
        before = "…" + before[1 - _ROOM :]
    if len(culprit) > _ROOM:
        culprit, after = culprit[: _ROOM - 1], "…"
    if len(after) > _ROOM:
        after = after[: _ROOM - 1] + "…"
    return [
        (Role.TEXT, where + before),
        (Role.ERROR, culprit),
        (Role.TEXT, after + "\n"),
        *_carets(columns(where + before), culprit, error, width),
    ]


def caret_line(text: str, error: LineError, margin: int = 0, width: int | None = None) -> Styled:
    """Render the line of carets alone, to stand under a line that is still on the screen.

    Parameters:
        text: the text that was parsed.
        error: where in the text, and what.
        margin: how many columns stand before the line, such as those of the prompt.
        width: how many columns the terminal has; what is expected goes on in lines of its own
            rather than break within a word. ``None`` where nothing is broken.
    """
    before, culprit, _ = _around(text, error)
    return _carets(margin + columns(before), culprit, error, width)


def _carets(column: int, culprit: str, error: LineError, width: int | None) -> Styled:
    carets = " " * column + "^" * max(1, columns(culprit))
    message = escape(error.message)
    if width is None or columns(f"{carets} {message}") <= width:
        return [(Role.ERROR, f"{carets} {message}")]
    from qmpshell.render.wrap import wrap  # few mistakes need it

    if width - columns(f"{carets} ") >= _LEAST_BESIDE:
        first, rest = f"{carets} ", " " * column
    else:
        first, rest = f"{carets}\n", ""
    lines = wrap([(Role.ERROR, message)], width, " " * columns(first) if rest else "", rest)
    return [(Role.ERROR, first), *lines[1:]]


def _around(text: str, error: LineError) -> tuple[str, str, str]:
    begin = text.rfind("\n", 0, error.start) + 1
    line = text[begin:].split("\n", 1)[0]
    start, end = error.start - begin, max(error.end, error.start) - begin
    return escape(line[:start]), escape(line[start:end]), escape(line[end:])


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    wide = sum(east_asian_width(character) in "WF" for character in text)
    combining = sum(category(character) in ("Mn", "Me") for character in text)
    return len(text) + wide - combining
