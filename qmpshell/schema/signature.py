"""What a command takes, for a person to read: ``device_del id=STRING``.

Required arguments stand first, optional ones in brackets; upper-case words are types. A
signature is made of pieces that know what they are, so that whoever shows it can colour
them. :mod:`qmpshell.schema.outline` has the long form.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping

from qmpshell.named_tuple import NamedTuple
from qmpshell.schema.types import (
    AlternateType,
    ArrayType,
    BuiltinType,
    EnumType,
    Kind,
    Member,
    ObjectType,
    Type,
    is_deprecated,
)

#: How many characters of an enumeration's values a line may have.
ENUM_ROOM = 32

#: How deep lists of lists are followed; types may contain themselves.
_MAX_LISTS = 4

_WORDS = {
    Kind.STRING: "STRING",
    Kind.INTEGER: "INT",
    Kind.NUMBER: "NUMBER",
    Kind.BOOLEAN: "BOOL",
    Kind.NULL: "NULL",
    Kind.ANY: "ANY",
}


class Part(enum.Enum):
    """What a piece of a signature is."""

    NAME = "an argument's name"
    TYPE = "a type's word"
    VALUE = "a value of an enumeration"
    PUNCTUATION = "what stands between"


#: A piece, and what it is. Its text comes from the server and may be anything.
Piece = tuple[Part, str]


class Usage(NamedTuple):
    """An argument of a signature.

    Attributes:
        name: its name; empty for a remark that there are more.
        pieces: how it is shown.
        required: whether it must be given.
    """

    name: str
    pieces: tuple[Piece, ...]
    required: bool = False


def usages(object_: ObjectType, cases: Mapping[str, str] | None = None) -> tuple[Usage, ...]:
    """Return the arguments' usages on one line, the required ones first.

    Parameters:
        object_: the arguments of a command, or another object.
        cases: the discriminators' values, as far as they are known.
    """
    selected = object_.select(cases or {})
    found = [_usage(member) for member in required_first(selected.members)]
    if selected.open:
        open_ = (Part.PUNCTUATION, "["), (Part.TYPE, "NAME=VALUE"), (Part.PUNCTUATION, "...]")
        found.append(Usage("", open_))
    if undecided := _undecided(object_, cases or {}):
        found.append(Usage("", ((Part.PUNCTUATION, f"...more by {undecided}"),)))
    return tuple(found)


def required_first(members: Iterable[Member]) -> list[Member]:
    """Sort the required members to the front, and the deprecated ones to the end."""
    return sorted(members, key=lambda member: (member.optional, is_deprecated(member)))


def member_pieces(member: Member, room: int = ENUM_ROOM) -> Iterator[Piece]:
    """Write a member as ``name=TYPE``, in brackets when it may be absent.

    Parameters:
        member: which.
        room: how many characters of an enumeration's values there may be.
    """
    if member.optional:
        yield Part.PUNCTUATION, "["
    yield Part.NAME, member.name
    yield Part.PUNCTUATION, "="
    yield from type_pieces(member.type, room)
    if member.optional:
        yield Part.PUNCTUATION, "]"


def type_pieces(type_: Type, room: int = ENUM_ROOM, lists: int = 0) -> Iterator[Piece]:
    """Write a type as a word, an enumeration's values, a list or several of them.

    Parameters:
        type_: which.
        room: how many characters of an enumeration's values there may be.
        lists: how many lists it stands in already.
    """
    match type_:
        case BuiltinType(kind):
            yield Part.TYPE, _WORDS[kind]
        case EnumType():
            yield from _enum_pieces(type_.names, room)
        case ArrayType():
            yield Part.PUNCTUATION, "["
            if lists < _MAX_LISTS:
                yield from type_pieces(type_.element, room, lists + 1)
            yield Part.PUNCTUATION, "...]"
        case AlternateType():
            yield from _alternate_pieces(type_, room, lists)
        case ObjectType():
            yield Part.TYPE, "OBJECT"


def _usage(member: Member) -> Usage:
    return Usage(member.name, tuple(member_pieces(member)), not member.optional)


def _enum_pieces(names: tuple[str, ...], room: int) -> Iterator[Piece]:
    for index, name in enumerate(names):
        if index:
            yield Part.PUNCTUATION, "|"
        room -= len(name) + 1
        if room < 0 and index:
            yield Part.PUNCTUATION, "…"
            return
        yield Part.VALUE, name


def _alternate_pieces(type_: AlternateType, room: int, lists: int) -> Iterator[Piece]:
    # Two enumerations look the same when they are cut, and two objects always do.
    choices = dict.fromkeys(tuple(type_pieces(choice, room, lists + 1)) for choice in type_.choices)
    for index, pieces in enumerate(choices):
        if index:
            yield Part.PUNCTUATION, "|"
        yield from pieces


def _undecided(object_: ObjectType, cases: Mapping[str, str]) -> str | None:
    """Return the first discriminator whose value isn't known, or isn't one of its values."""
    variant: ObjectType | None = object_
    decided: set[str] = set()
    while variant and variant.discriminator and variant.discriminator not in decided:
        decided.add(variant.discriminator)
        case = cases.get(variant.discriminator)
        if case is None:
            return variant.discriminator
        variant = variant.variants.get(case)
    return None
