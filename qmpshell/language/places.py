"""An argument's path → where it stands in the line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from qmpshell.errors import LineError
from qmpshell.language.faults import printable
from qmpshell.language.json_places import JSONPlace, Span, find_place
from qmpshell.language.misfit import Misfit, Part, Path
from qmpshell.language.tree import Argument, Style


class Places(Protocol):
    """Knows where the arguments of a command stand."""

    def find(self, path: Path) -> JSONPlace:
        """Find an argument, or a part of it; the path is not empty."""

    def find_end(self) -> Span:
        """Find where a further argument would stand."""


def place_misfit(misfit: Misfit, places: Places) -> LineError:
    """Say where in the line something is wrong."""
    message = printable(misfit.message)  # names in it may come from a server
    if not misfit.path:
        return LineError(message, *places.find_end())
    place = places.find(misfit.path)
    span = place.value if misfit.part is Part.VALUE else place.name
    return LineError(message, *span)


class WordPlaces:
    """Where the arguments of a command in shorthand stand.

    Parameters:
        arguments: all of them named.
        end: where the command ends.
    """

    def __init__(self, arguments: Iterable[Argument], end: int) -> None:
        self._arguments = list(arguments)
        self._end = end

    def find(self, path: Path) -> JSONPlace:
        """Find an argument: the first whose name goes on from the path, or leads to it."""
        for argument in self._arguments:
            parts = tuple(part.text for part in argument.path)
            if parts[: len(path)] == path:
                return self._in_name(argument, len(path))
            if path[: len(parts)] == parts and argument.value.style is Style.BRACKETED:
                start = argument.value.start
                return _moved(find_place(argument.value.text, path[len(parts) :]), start)
        return JSONPlace(self.find_end(), self.find_end())

    def find_end(self) -> Span:
        """Find where a further argument would stand."""
        return self._end, self._end

    def _in_name(self, argument: Argument, length: int) -> JSONPlace:
        part = argument.path[length - 1]
        name = (part.start, part.end)
        whole = length == len(argument.path)
        return JSONPlace(name, (argument.value.start, argument.value.end) if whole else name)


class JSONPlaces:
    """Where the arguments of a request in JSON stand.

    Parameters:
        text: the request.
        start: where it stands.
        base: what leads to the arguments.
    """

    def __init__(self, text: str, start: int, base: Path) -> None:
        self._text = text
        self._start = start
        self._base = base

    def find(self, path: Path) -> JSONPlace:
        """Find an argument, or a part of it."""
        return _moved(find_place(self._text, self._base + path), self._start)

    def find_end(self) -> Span:
        """Find the bracket that closes the arguments, or the request where there are none."""
        end = self.find(()).value[1]
        return end - 1, end


def _moved(place: JSONPlace, start: int) -> JSONPlace:
    name, value = place.name, place.value
    return JSONPlace((start + name[0], start + name[1]), (start + value[0], start + value[1]))
