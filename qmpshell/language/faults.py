"""How the language says that something is wrong."""

from __future__ import annotations

from qmpshell.errors import LineError

#: More of a name than this says nothing more to a person.
_SHOWN = 40


class Unfinished(LineError):
    """The text is right so far, but a bracket or a block in it is still open.

    It is an error for whoever wants to send the text, and the reason for a new line at
    a prompt.
    """


def second_line(start: int, end: int) -> LineError:
    """Return the refusal of what begins another line, as only blocks and brackets go on."""
    return LineError("a second line begins here; send one command at a time", start, end)


def shown(text: str) -> str:
    """Quote what a person wrote, for one line of an error: cut, and safe for a terminal."""
    return f'"{printable(text[:_SHOWN])}{"..." if len(text) > _SHOWN else ""}"'


def printable(text: str) -> str:
    """Replace what a terminal may take for something else than a character to show."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
