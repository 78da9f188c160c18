"""Objects of the machine's tree, as QEMU's own ``qom-list`` and ``qom-tree`` show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qmpshell.errors import CommandError, Error
from qmpshell.named_tuple import NamedTuple
from qmpshell.render.escape import escape
from qmpshell.render.flat import flat_scalar
from qmpshell.render.json import compact_json
from qmpshell.render.styled import Role, Styled


class ShownProperty(NamedTuple):
    """A property and what it holds.

    Attributes:
        name: its name.
        type: its type.
        value: its value, or the error why there is none.
    """

    name: str
    type: str
    value: Any


def property_name(name: str, type_: str) -> Styled:
    """Render a property's name: ``below/`` for an object, ``@elsewhere/`` for a link to one."""
    if type_.startswith("child<"):
        return [(Role.KEY, escape(name)), (Role.PUNCTUATION, "/")]
    if type_.startswith("link<"):
        return [(Role.PUNCTUATION, "@"), (Role.KEY, escape(name)), (Role.PUNCTUATION, "/")]
    return [(Role.KEY, escape(name))]


def node_lines(path: str, properties: Iterable[ShownProperty]) -> Styled:
    """Render an object: its path, then a line ``name: value (type)`` for each property.

    Parameters:
        path: the object's path.
        properties: those that are no objects.

    Returns:
        The lines, an end of line after each.
    """
    styled: Styled = [(Role.COMMAND, escape(path)), (Role.TEXT, "\n")]
    for name, type_, value in properties:
        styled += [(Role.TEXT, "  "), (Role.KEY, escape(name)), (Role.PUNCTUATION, ": ")]
        styled += [_value(value), (Role.COMMENT, f" ({escape(type_)})"), (Role.TEXT, "\n")]
    return styled


def lost_node_lines(path: str, error: Error) -> Styled:
    """Render an object that can't be listed, likewise."""
    text = (Role.TEXT, "  "), _value(error), (Role.TEXT, "\n")
    return [(Role.COMMAND, escape(path)), (Role.TEXT, "\n"), *text]


def _value(value: Any) -> tuple[Role, str]:
    match value:
        case CommandError():
            return Role.ERROR, f"<error: {escape(value.desc)}>"
        case Error():
            return Role.ERROR, f"<error: {escape(str(value))}>"
        case dict() | list():
            return Role.TEXT, compact_json(value)
    return flat_scalar(value)
