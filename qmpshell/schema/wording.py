"""Types in words, for one line of a message or of help."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.schema.types import (
    AlternateType,
    ArrayType,
    BuiltinType,
    EnumType,
    Kind,
    ObjectType,
    Type,
)

#: An enumeration is spelled out up to so many values, and so many characters.
_MOST_VALUES = 8
_MOST_CHARACTERS = 60

_WITH_ARTICLE = {
    Kind.STRING: "a string",
    Kind.INTEGER: "an integer",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "a boolean",
    Kind.NULL: "null",
    Kind.ANY: "any value",
}


def is_short(type_: EnumType) -> bool:
    """Say whether all values of an enumeration fit in a line among other things."""
    return len(type_.values) <= _MOST_VALUES and len("|".join(type_.names)) <= _MOST_CHARACTERS


def type_name(type_: Type) -> str:
    """Name a type in a word or two: ``string``, ``on|off|auto``, ``list of integer``."""
    match type_:
        case BuiltinType():
            return type_.kind.value
        case EnumType():
            return "|".join(type_.names) if is_short(type_) else f"one of {len(type_.values)} names"
        case ArrayType():
            # A list of lists may go on for ever.
            element = type_.element
            return "list" if isinstance(element, ArrayType) else f"list of {type_name(element)}"
        case AlternateType():
            return " or ".join(dict.fromkeys(map(_choice_name, type_.choices)))
        case ObjectType():
            return "object"


def _choice_name(type_: Type) -> str:
    return "list" if isinstance(type_, ArrayType) else type_name(type_)


def type_phrase(type_: Type) -> str:
    """Name a type as in "... is expected": ``a string``, ``one of on, off, auto``."""
    match type_:
        case BuiltinType():
            return _WITH_ARTICLE[type_.kind]
        case EnumType():
            return f"one of {', '.join(type_.names)}" if is_short(type_) else "a name"
        case ArrayType():
            return "a list"
        case AlternateType():
            return listed(list(dict.fromkeys(map(type_phrase, type_.choices))), "or")
        case ObjectType():
            return "an object"


def listed(names: Sequence[str], last: str) -> str:
    """Join names as in ``a, b or c``.

    Parameters:
        names: at least one.
        last: the word before the last of them.
    """
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
