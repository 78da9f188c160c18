"""What stands beside a name in a menu: its type in a few words, and how it is marked."""

from __future__ import annotations

from collections.abc import Iterable

from qmpshell.schema import AlternateType, ArrayType, BuiltinType, EnumType, Kind, Member, Type
from qmpshell.schema.types import Marked, is_deprecated, is_disabled, is_unstable

#: Longer lists of an enumeration's values are counted.
_LONGEST_VALUES = 40

_PLURALS = {
    Kind.STRING: "strings",
    Kind.INTEGER: "integers",
    Kind.NUMBER: "numbers",
    Kind.BOOLEAN: "booleans",
    Kind.NULL: "nulls",
    Kind.ANY: "values",
}


def describe_type(type_: Type) -> str:
    """Describe a type in a few words."""
    match type_:
        case BuiltinType(Kind.ANY):
            return "any value"
        case BuiltinType(kind):
            return kind.value
        case EnumType():
            values = "|".join(type_.names)
            few = len(values) <= _LONGEST_VALUES
            return values if few else f"one of {len(type_.names)} names"
        case ArrayType():
            return _describe_list(type_.element)
        case AlternateType():
            return " or ".join(dict.fromkeys(_describe_briefly(c) for c in type_.choices))
    return "object"


def describe_member(member: Member) -> str:
    """Describe a member: its type, whether it must be there, and how it is marked."""
    necessity = [] if member.optional else ["required"]
    return ", ".join([describe_type(member.type), *necessity, *describe_marks(member)])


def describe_marks(marked: Marked) -> Iterable[str]:
    """Say what a person should know before using something."""
    if is_deprecated(marked):
        yield "deprecated"
    if is_unstable(marked):
        yield "unstable"
    if is_disabled(marked):
        yield "disabled"


def _describe_list(element: Type) -> str:
    match element:
        case BuiltinType(kind):
            return f"list of {_PLURALS[kind]}"
        case EnumType():
            return "list of names"
        case ArrayType():
            return "list of lists"
    return "list of objects"


def _describe_briefly(choice: Type) -> str:
    return "list" if isinstance(choice, ArrayType) else describe_type(choice)
