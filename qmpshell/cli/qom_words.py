"""The words of the ``qom-`` programs → paths, properties and values."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.errors import UsageError
from qmpshell.named_tuple import NamedTuple
from qmpshell.render import escape


class PropertyPlace(NamedTuple):
    """A property's name, and the path of the object that has it."""

    path: str
    name: str


def one_path(words: Sequence[str]) -> str:
    """Return the path that was given, or the root.

    Raises:
        UsageError: there is more than a path.
    """
    if len(words) > 1:
        raise UsageError(f"one PATH is expected, and {_quoted(words[1])} is too much")
    return words[0] if words else "/"


def property_places(words: Sequence[str]) -> list[PropertyPlace]:
    """Return what ``PATH.PROPERTY``, or ``PATH PROPERTY``, can mean.

    Names may have dots in them, such as ``pci.0`` and ``sse4.1``, so there can be several
    readings; the one with the longest path stands first, as it is the one that QEMU's own
    programs know.

    Raises:
        UsageError: it can mean nothing.
    """
    match words:
        case [path, name]:
            return [PropertyPlace(path, name)]
        case [text]:
            if places := _split(text):
                return places
            raise UsageError(
                f"{_quoted(text)} names no property: PATH.PROPERTY is expected,"
                " such as /machine.type"
            )
    expected = "PATH.PROPERTY is expected, such as /machine.type"
    raise UsageError(f"{expected}; {_quoted(words[2])} is too much" if words else expected)


def property_and_value(words: Sequence[str]) -> tuple[list[PropertyPlace], str]:
    """Return what ``PATH.PROPERTY VALUE``, or ``PATH PROPERTY VALUE``, can mean.

    Raises:
        UsageError: it can mean nothing.
    """
    if len(words) not in (2, 3):
        raise UsageError(
            "PATH.PROPERTY VALUE is expected, such as /objects/io0.poll-max-ns 4096;"
            " quote a value that has blanks"
        )
    return property_places(words[:-1]), words[-1]


def _split(text: str) -> list[PropertyPlace]:
    above, slash, last = text.rpartition("/")
    dots = [index for index, character in enumerate(last) if character == "."]
    splits = [(above + slash + last[:dot], last[dot + 1 :]) for dot in reversed(dots)]
    return [PropertyPlace(path, name) for path, name in splits if path and name]


def _quoted(word: str) -> str:
    return f'"{escape(word)}"'
