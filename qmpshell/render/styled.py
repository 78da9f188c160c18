"""Styled text: pieces with a role each, which a theme turns into colours."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol

from qmpshell.named_tuple import NamedTuple


class Role(enum.StrEnum):
    """What a piece of text is. How it looks is the theme's to say."""

    TEXT = "text"
    PUNCTUATION = "punctuation"
    KEY = "key"
    STRING = "string"
    NUMBER = "number"
    CONSTANT = "constant"
    COMMAND = "command"
    OPTION = "option"
    COMMENT = "comment"
    EVENT = "event"
    TIME = "time"
    ERROR = "error"
    NOTE = "note"
    WARNING = "warning"


Styled = list[tuple[Role, str]]

#: Returns what paints text in a role.
Brush = Callable[[Role], Callable[[str], str]]

#: So many pieces are painted before they are handed out: some tens of kilobytes.
_MANY = 2048


class Rendering(Protocol):
    """Text that is made while it is written: a large reply is never there as a whole."""

    def chunks(self, brush: Brush) -> Iterator[str]:
        """Yield the text, some tens of kilobytes at a time.

        Parameters:
            brush: paints it.
        """


class Pieces(NamedTuple):
    """Styled text whose pieces are made while it is written.

    Attributes:
        make: makes them, each time from the beginning.
    """

    make: Callable[[], Iterable[tuple[Role, str]]]

    def chunks(self, brush: Brush) -> Iterator[str]:
        """Yield the text, some tens of kilobytes at a time.

        Parameters:
            brush: paints it.
        """
        brushes = {role: brush(role) for role in Role}
        pieces = iter(self.make())
        while batch := [brushes[role](text) for role, text in islice(pieces, _MANY)]:
            yield "".join(batch)


def plain(text: Styled | Rendering) -> str:
    """Return the text alone."""
    if isinstance(text, list):
        return "".join(text for _, text in text)
    return "".join(text.chunks(unpainted))


def unpainted(_role: Role) -> Callable[[str], str]:
    """Return what leaves text as it is: a brush without a colour."""
    return str
