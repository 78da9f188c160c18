"""What a command takes or returns, whole: a line for each member, branches below.

Enumerations are spelled out, and objects opened as far as that stays readable; a branch of
a union is one line, with its members as in a signature.
"""

from __future__ import annotations

from collections.abc import Iterator

from qmpshell.named_tuple import NamedTuple
from qmpshell.schema.signature import (
    Part,
    Piece,
    member_pieces,
    required_first,
    usages,
)
from qmpshell.schema.types import AlternateType, ArrayType, Member, ObjectType, Type

#: How deep objects are opened.
_MAX_DEPTH = 2

#: Inside an object that has branches itself, an object is opened only if it has so few:
#: a block node's or a network address's would bury what was asked for.
_MAX_INNER_BRANCHES = 6

_ALL = 100_000


class OutlineLine(NamedTuple):
    """A line of an outline.

    Attributes:
        depth: how many objects it is in.
        pieces: what it says.
        features: what its member is marked with.
    """

    depth: int
    pieces: tuple[Piece, ...]
    features: tuple[str, ...] = ()


def outline(
    object_: ObjectType, depth: int = 0, above: tuple[ObjectType, ...] = ()
) -> Iterator[OutlineLine]:
    """Describe an object's members, the required ones first, then its branches.

    Parameters:
        object_: the arguments of a command, what it returns, or what an event says.
        depth: how many objects it is in.
        above: those objects; none of them is opened again.
    """
    for member in required_first(object_.members):
        yield OutlineLine(depth, tuple(member_pieces(member, _ALL)), member.features)
        inner = inner_object(member.type)
        if inner and _opens(inner, depth, (*above, object_)):
            yield from outline(inner, depth + 1, (*above, object_))
    if object_.open:
        pieces = ((Part.PUNCTUATION, "["), (Part.TYPE, "NAME=VALUE"), (Part.PUNCTUATION, "...]"))
        yield OutlineLine(depth, pieces)
    yield from _branches(object_, depth)


def inner_object(type_: Type) -> ObjectType | None:
    """Return the object that a type is, lists, or has as one of its choices."""
    lists = 0
    while isinstance(type_, ArrayType) and lists < _MAX_DEPTH:
        lists, type_ = lists + 1, type_.element
    choices = type_.choices if isinstance(type_, AlternateType) else (type_,)
    return next((choice for choice in choices if isinstance(choice, ObjectType)), None)


def _opens(inner: ObjectType, depth: int, above: tuple[ObjectType, ...]) -> bool:
    # Compared by identity: two types that look alike may go on differently.
    known = any(inner is other for other in above)
    few = len(inner.variants) <= _MAX_INNER_BRANCHES or not any(o.variants for o in above)
    return few and not known and depth < _MAX_DEPTH


def _branches(object_: ObjectType, depth: int) -> Iterator[OutlineLine]:
    """Describe what each value of the discriminator adds, if it adds something."""
    for case, variant in object_.variants.items():
        added = [usage.pieces for usage in usages(_data(variant))]
        if not added:
            continue
        pieces: list[Piece] = [
            (Part.NAME, object_.discriminator or ""),
            (Part.PUNCTUATION, "="),
            (Part.VALUE, case),
            (Part.PUNCTUATION, ":"),
        ]
        for usage in added:
            pieces += [(Part.PUNCTUATION, " "), *usage]
        yield OutlineLine(depth, tuple(pieces), variant.features)


def _data(variant: ObjectType) -> ObjectType:
    """Look into a branch that only wraps an object as ``data``, and say so in its names."""
    match variant.members:
        case (Member(name="data") as data,) if isinstance(inner := data.type, ObjectType):
            members = tuple(
                Member(f"data.{member.name}", member.read_type, member.optional, member.features)
                for member in inner.members
            )
            return ObjectType(members, features=variant.features, open=inner.open)
    return variant
