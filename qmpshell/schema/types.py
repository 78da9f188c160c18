"""The types of arguments, results and events.

Types are recursive: a block node's options have a member whose type is a block node's
options. So whatever refers to another type reads it when it is asked for.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from qmpshell.named_tuple import NamedTuple


class Kind(enum.Enum):
    """The built-in types."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"
    ANY = "any"


class Marked(Protocol):
    """What a schema can mark with features.

    Attributes:
        features: the marks' names; this version needn't know them all.
    """

    @property
    def features(self) -> tuple[str, ...]: ...  # noqa: D102 (said above)


def is_deprecated(marked: Marked) -> bool:
    """Whether a later version will be without it."""
    return "deprecated" in marked.features


def is_unstable(marked: Marked) -> bool:
    """Whether it may change from one version to the next."""
    return "unstable" in marked.features


def is_disabled(marked: Marked) -> bool:
    """Whether it is there, and not allowed now; only guest agents mark commands so."""
    return "disabled" in marked.features


class BuiltinType(NamedTuple):
    """A type that consists of no other; ``ANY`` also stands for what isn't known."""

    kind: Kind


class EnumValue(NamedTuple):
    """One of the values of an enumeration."""

    name: str
    features: tuple[str, ...] = ()


class EnumType(NamedTuple):
    """A string that is one of some."""

    values: tuple[EnumValue, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The values' names."""
        return tuple(value.name for value in self.values)


class ArrayType(NamedTuple):
    """A list, all of whose elements are of one type.

    Attributes:
        read_element: reads that type.
    """

    read_element: Callable[[], Type]

    @property
    def element(self) -> Type:
        """The elements' type."""
        return self.read_element()


class AlternateType(NamedTuple):
    """A value of one of several types, told apart by what it looks like in JSON.

    Attributes:
        read_choices: read those types.
    """

    read_choices: tuple[Callable[[], Type], ...]

    @property
    def choices(self) -> tuple[Type, ...]:
        """The types; none of them is an alternate again."""
        read = (read_choice() for read_choice in self.read_choices)
        return tuple(UNKNOWN if isinstance(type_, AlternateType) else type_ for type_ in read)


class Member(NamedTuple):
    """A member of an object, or an argument of a command.

    Attributes:
        name: its name.
        read_type: reads its type.
        optional: whether it may be absent.
    """

    name: str
    read_type: Callable[[], Type]
    optional: bool = False
    features: tuple[str, ...] = ()

    @property
    def type(self) -> Type:
        """Its type."""
        return self.read_type()


class Variants(Mapping[str, "ObjectType"]):
    """What each value of a discriminator adds to an object.

    Parameters:
        read: read the types, by value.
    """

    def __init__(self, read: Mapping[str, Callable[[], ObjectType]] | None = None) -> None:
        self._read = read or {}

    def __getitem__(self, case: str) -> ObjectType:
        return self._read[case]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


class ObjectType(NamedTuple):
    """An object, or the arguments of a command.

    Attributes:
        members: those that it has in any case, in the schema's order.
        discriminator: the name of the member whose value decides which others there are.
        variants: those others, by that value. On the wire they are not nested.
        open: whether it takes members that aren't known here.
    """

    members: tuple[Member, ...] = ()
    discriminator: str | None = None
    variants: Mapping[str, ObjectType] = Variants()
    features: tuple[str, ...] = ()
    open: bool = False

    def members_for(self, case: str | None) -> tuple[Member, ...]:
        """Return the members that there are for a value of the discriminator.

        Parameters:
            case: that value; ``None`` when it isn't known.
        """
        return self.select(
            {self.discriminator: case} if self.discriminator and case else {}
        ).members

    def select(self, cases: Mapping[str, str]) -> ObjectType:
        """Return the object without variants that this one is for certain values.

        A variant can have variants itself, so there may be several discriminators.

        Parameters:
            cases: the discriminators' values, as far as they are known.
        """
        members = self.members
        is_open = self.open
        variant: ObjectType | None = self
        decided: set[str] = set()
        while variant and variant.discriminator and variant.discriminator not in decided:
            decided.add(variant.discriminator)
            variant = variant.variants.get(cases.get(variant.discriminator, ""))
            if variant:
                members += variant.members
                is_open = is_open or variant.open
        return ObjectType(members, features=self.features, open=is_open)


Type = BuiltinType | EnumType | ArrayType | AlternateType | ObjectType

#: The type of what isn't known.
UNKNOWN = BuiltinType(Kind.ANY)
