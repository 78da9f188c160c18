"""JSON up to the cursor, whole or not → where in it the cursor stands."""

from __future__ import annotations

import enum
import re

from qmpshell.language.brackets import CLOSING, MAX_DEPTH
from qmpshell.language.quotes import QUOTES, find_closing_quote, find_line_end
from qmpshell.named_tuple import NamedTuple

_BARE = re.compile(r"""[^\s"'{}\[\],:]++""")

#: The names of members and the indices of elements that lead to a place.
Path = tuple[str, ...]


class Place(enum.Enum):
    """What belongs where the cursor stands."""

    KEY = "a member's name"
    VALUE = "a value"
    NEITHER = "something that isn't completed"


class JSONCursor(NamedTuple):
    """Where the cursor stands.

    Attributes:
        place: what belongs there.
        path: for a value, its own; for a name, that of the object it belongs to.
        start: where the word at the cursor begins, behind its quote.
        prefix: the word up to the cursor.
        quote: the quote that is open.
        scalars: the strings, numbers and constants that stand before, in order.
    """

    place: Place
    path: Path
    start: int
    prefix: str
    quote: str
    scalars: tuple[tuple[Path, str], ...]


class _Level:
    """An object or a list that is open.

    Attributes:
        indexed: whether it is a list.
        index: how many commas have come.
        key: the name of the member that is being written.
        colon: whether its colon has come.
        filled: whether its value has begun.
    """

    def __init__(self, *, indexed: bool) -> None:
        self.indexed = indexed
        self.index = 0
        self.key: str | None = None
        self.colon = False
        self.filled = False

    @property
    def place(self) -> Place:
        if self.filled:
            return Place.NEITHER
        if self.indexed or self.colon:
            return Place.VALUE
        return Place.KEY if self.key is None else Place.NEITHER

    @property
    def part(self) -> str:
        return str(self.index) if self.indexed else self.key or ""

    def separate(self, char: str) -> None:
        if char == ":":
            self.colon = self.key is not None
        else:
            self.index += 1
            self.key, self.colon, self.filled = None, False, False


class _Walk:
    """What is known after a part of the text."""

    def __init__(self) -> None:
        self.levels: list[_Level] = []
        self.scalars: list[tuple[Path, str]] = []

    @property
    def path(self) -> Path:
        levels = self.levels[:-1] if self.place is Place.KEY else self.levels
        return tuple(level.part for level in levels)

    @property
    def place(self) -> Place:
        if not self.levels or len(self.levels) > MAX_DEPTH:
            return Place.NEITHER
        return self.levels[-1].place

    def structure(self, char: str) -> None:
        if char in CLOSING:
            if self.levels:
                self.levels[-1].filled = True
            self.levels.append(_Level(indexed=char == "["))
        elif char in "]}":
            self.levels.pop()
        else:
            self.levels[-1].separate(char)

    def scalar(self, text: str) -> None:
        if self.place is Place.KEY:
            self.levels[-1].key = text
        elif self.place is Place.VALUE:
            self.scalars.append((self.path, text))
            self.levels[-1].filled = True

    def stop(self, start: int, prefix: str, quote: str) -> JSONCursor:
        scalars = tuple(self.scalars)
        return JSONCursor(self.place, self.path, start, prefix, quote, scalars)


def find_cursor(text: str, start: int) -> JSONCursor:
    """Find where the cursor stands: at the end of ``text``, whose JSON begins at ``start``."""
    walk = _Walk()
    position = start
    while position < len(text) and (walk.levels or position == start):
        char = text[position]
        if char in QUOTES:
            closing = find_closing_quote(text, position)
            end = find_line_end(text, position) if closing is None else closing
            if closing is None and end == len(text):
                return walk.stop(position + 1, text[position + 1 :], char)
            walk.scalar(text[position + 1 : end])
            position = end + 1
        elif bare := _BARE.match(text, position):
            if bare.end() == len(text):
                return walk.stop(position, bare[0], "")
            walk.scalar(bare[0])
            position = bare.end()
        else:
            if not char.isspace():
                walk.structure(char)
            position += 1
    return walk.stop(len(text), "", "")
