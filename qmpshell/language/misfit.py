"""How a value says that a schema doesn't allow it, before anybody asks where it stands."""

from __future__ import annotations

import enum

#: The names of members and the indices of elements that lead to a value.
Path = tuple[str, ...]


class Part(enum.Enum):
    """What of a value is wrong."""

    NAME = "its name"
    VALUE = "the value itself"
    END = "something that should be in it, and isn't"


class Misfit(Exception):
    """A schema doesn't allow something.

    It never leaves the language: it becomes a ``LineError`` once its place is looked up.

    Parameters:
        message: what is wrong, and what was expected.
        path: where it is among the arguments.
        part: what of it is wrong.
    """

    def __init__(self, message: str, path: Path, part: Part = Part.VALUE) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.part = part


def dotted(path: Path) -> str:
    """Write a path as a person does."""
    return ".".join(path)
