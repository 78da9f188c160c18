"""The types that values have in the configuration file, and how each is read."""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable
from typing import Any

from qmpshell.address import DEMO, parse_address
from qmpshell.errors import AddressError
from qmpshell.language.faults import shown
from qmpshell.language.spelling import nearest
from qmpshell.named_tuple import NamedTuple


class WrongValue(Exception):
    """A value isn't what it should be.

    Parameters:
        message: what is wrong, as it stands behind the key's name.
        within: the name of the culprit inside a table, if it is one.
    """

    def __init__(self, message: str, within: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.within = within


class Type(NamedTuple):
    """A type of values.

    Attributes:
        name: what a person calls it.
        read: makes of a value of TOML what a configuration holds, or raises
            :class:`WrongValue`.
    """

    name: str
    read: Callable[[object], Any]


def one_of(*choices: str) -> Type:
    """Return the type of a text that is one of a few."""
    name = " or ".join(filter(None, (", ".join(map(shown, choices[:-1])), shown(choices[-1]))))

    def read(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        near = nearest(value, choices) if isinstance(value, str) else None
        raise _unexpected(name, value, f"; nearest: {shown(near)}" if near else "")

    return Type(name, read)


_KINDS = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "a table"}


def _unexpected(name: str, value: object, hint: str = "") -> WrongValue:
    found = shown(value) if isinstance(value, str) else _KINDS.get(type(value), "a date or a time")
    return WrongValue(f"{name} is expected, not {found}{hint}")


def _read_boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _unexpected(BOOLEAN.name, value)


def _read_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _unexpected(TEXT.name, value)


def _read_path(value: object) -> str:
    path = os.path.expanduser(_read_text(value))
    if path and not os.path.isabs(path):
        raise WrongValue(f"a path is expected that begins with / or ~/, not {shown(path)}")
    if "\0" in path:
        raise WrongValue("a path can't hold a NUL character")
    return path


def _read_names(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise _unexpected(NAMES.name, value, "; each in quotes" if isinstance(value, list) else "")


#: What would be an option, JSON or an address as the first word of a command line.
_NO_NAME = r"[-{].*|.*[/:@,\s].*|"


def _read_targets(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _unexpected(TARGETS.name, value)
    targets: dict[str, str] = {}
    for name, text in value.items():
        if isinstance(text, dict):
            raise WrongValue("an address is expected; a name with a dot stands in quotes", name)
        if not isinstance(text, str):
            raise WrongValue(_unexpected("an address in quotes", text).message, name)
        if name == DEMO:
            raise WrongValue("this name is the throw-away machine's; take another", name)
        if (
            re.fullmatch(_NO_NAME, name, re.DOTALL)
            or name != name.strip()
            or not name.isprintable()
        ):
            raise WrongValue(
                "a target's name has no blanks, none of /:@, and neither - nor { in front", name
            )
        targets[name] = _read_address(text, name)
    return targets


def _read_address(text: str, name: str) -> str:
    text = os.path.expanduser(text)
    try:
        # What a file of that name would change isn't worth looking for it at each start.
        parse_address(text, exists=lambda _: False)
    except AddressError as error:
        raise WrongValue(str(error), name) from None
    return text


BOOLEAN = Type("true or false", _read_boolean)
TEXT = Type("a text in quotes", _read_text)
COMMAND = Type("a command", _read_text)
STYLE = Type("a style's name", _read_text)
PATH = Type("a path", _read_path)
NAMES = Type("a list of names or patterns", _read_names)
TARGETS = Type("a table of addresses", _read_targets)
