"""JSON laid out for a person, in one pass over the value.

Text is made of pieces by a brush, which is asked for each role once. So the same layout gives
text with its roles, painted text and plain text, and nobody looks at a piece a second time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from json.encoder import encode_basestring
from typing import Any, Generic, TypeVar

from qmpshell.render.escape import escape
from qmpshell.render.styled import Role, Styled

T = TypeVar("T", str, Styled)

_CONTAINERS = (dict, list)
_NUMBERS = (int, float)
_INDENT = "  "

#: So many pieces are gathered before they are handed out: some tens of kilobytes.
_MANY = 4096

#: Replies repeat the same few names over and over. So many of them are kept as pieces, and
#: none that is longer than so many characters.
_MOST_KEPT = 4096
_LONGEST_KEPT = 64

#: A string that is longer than this, in characters, is handed out by itself.
_LONG = 4096


def json_string(text: str) -> str:
    """Write a string as JSON, readable and safe for a terminal."""
    return escape(encode_basestring(text))


class JSONLayout(Generic[T]):
    """Lays out values: what fits on a line is on one, the rest is indented.

    Parameters:
        width: the line's length to aim at, in characters.
        brush: returns what makes a piece of text in a role.
    """

    def __init__(self, width: int, brush: Callable[[Role], Callable[[str], T]]) -> None:
        self._width = width
        self._pieces: list[T] = []
        self._key: Callable[[str], T] = brush(Role.KEY)
        self._number: Callable[[str], T] = brush(Role.NUMBER)
        self._punctuation: Callable[[str], T] = brush(Role.PUNCTUATION)
        self._strings: _Strings[T] = _Strings(brush(Role.STRING))
        self._beginnings: dict[str, _Beginnings[T]] = {}
        constant: Callable[[str], T] = brush(Role.CONSTANT)
        self._constants: dict[bool | None, tuple[T, int]] = {
            None: (constant("null"), 4),
            True: (constant("true"), 4),
            False: (constant("false"), 5),
        }

    def batches(self, value: Any) -> Iterator[list[T]]:
        """Yield the pieces of a value, many at a time.

        Parameters:
            value: what :func:`json.loads` returned.

        Returns:
            The same list again and again, with other pieces in it.
        """
        if not (value and isinstance(value, _CONTAINERS)):
            yield [self._scalar(value)[0]]
            return
        for _ in self._lay_out(value, "\n"):
            yield self._pieces
            self._pieces.clear()
        yield self._pieces

    def _lay_out(self, value: Any, newline: str) -> Iterator[None]:
        """Add a value to the pieces, and stop whenever there are many.

        Parameters:
            value: an object or a list with something in it.
            newline: what ends a line and indents the next as far as this value is.
        """
        before = len(self._pieces)
        if self._fit(value, self._width - len(newline) + 1) >= 0:
            return
        del self._pieces[before:]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        deeper = newline + _INDENT
        begin, begin_next = self._begin(opening + deeper), self._begin("," + deeper)
        for key, member in _members(value):
            self._pieces.append(begin[key][0])
            begin = begin_next
            is_long = isinstance(member, str) and len(member) > _LONG
            if is_long:
                # By itself it isn't copied once more to be joined.
                yield
            if member and isinstance(member, _CONTAINERS):
                yield from self._lay_out(member, deeper)
            else:
                self._pieces.append(self._scalar(member)[0])
            if is_long or len(self._pieces) > _MANY:
                yield
        self._pieces.append(self._punctuation(newline + closing))

    def _fit(self, value: dict[str, Any] | list[Any], room: int) -> int:
        """Add a value on one line, or give up as soon as it turns out to be too long.

        Parameters:
            value: an object or a list with something in it.
            room: how many characters there are for it.

        Returns:
            How many of them are left. Fewer than 0 if it doesn't fit: then what was added
            is to be taken away.
        """
        if len(value) > room:
            return -1
        add, strings = self._pieces.append, self._strings
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        begin, begin_next = self._begin(opening), self._begin(", ")
        room -= len(closing)
        for key, member in _members(value):
            if key and len(key) > room:
                return -1
            piece, size = begin[key]
            begin = begin_next
            add(piece)
            room -= size
            if isinstance(member, str):
                if len(member) > room:
                    return -1
                piece, size = strings[member]
            elif member and isinstance(member, _CONTAINERS):
                room = self._fit(member, room)
                if room < 0:
                    return room
                continue
            else:
                piece, size = self._scalar(member)
            add(piece)
            room -= size
            if room < 0:
                return room
        add(self._punctuation(closing))
        return room

    def _scalar(self, value: Any) -> tuple[T, int]:
        """Return a value that has no members as a piece, and its length in characters."""
        if isinstance(value, str):
            return self._strings[value]
        if value is None or isinstance(value, bool):
            return self._constants[value]
        if isinstance(value, _NUMBERS):
            # ``repr`` writes an integer as ``json.dumps`` does, ten times as fast.
            text = repr(value) if type(value) is int else json.dumps(value)
            return self._number(text), len(text)
        return self._punctuation("{}" if isinstance(value, dict) else "[]"), 2

    def _begin(self, separator: str) -> _Beginnings[T]:
        if separator not in self._beginnings:
            self._beginnings[separator] = _Beginnings(separator, self._punctuation, self._key)
        return self._beginnings[separator]


class _Strings(dict[str, tuple[T, int]]):
    """Strings as pieces, with their lengths in characters."""

    def __init__(self, brush: Callable[[str], T]) -> None:
        super().__init__()
        self._brush: Callable[[str], T] = brush

    def __missing__(self, string: str) -> tuple[T, int]:
        text = json_string(string)
        made = self._brush(text), len(text)
        if len(string) <= _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[string] = made
        return made


class _Beginnings(dict[str | None, tuple[T, int]]):
    """What stands before a member, with its length: a separator, and the key if there is one."""

    def __init__(
        self, separator: str, punctuation: Callable[[str], T], brush: Callable[[str], T]
    ) -> None:
        super().__init__()
        self._separator: T = punctuation(separator)
        self._colon: T = punctuation(": ")
        self._brush: Callable[[str], T] = brush
        self._size = len(separator)
        self[None] = self._separator, self._size

    def __missing__(self, key: str) -> tuple[T, int]:
        text = json_string(key)
        piece: T = self._separator + self._brush(text) + self._colon
        made = piece, self._size + len(text) + len(": ")
        if len(key) <= _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[key] = made
        return made


def _members(value: dict[str, Any] | list[Any]) -> Iterable[tuple[str | None, Any]]:
    return value.items() if isinstance(value, dict) else zip(repeat(None), value)
