"""A schema's entries → types.

An entry comes from a server and may be anything. What has the wrong shape is passed over,
and a type that can't be understood is :data:`~qmpshell.schema.types.UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qmpshell.schema.types import (
    UNKNOWN,
    AlternateType,
    ArrayType,
    BuiltinType,
    EnumType,
    EnumValue,
    Kind,
    Member,
    ObjectType,
    Type,
    Variants,
)

Entry = Mapping[str, Any]

#: Reads the type of a name, which may be anything.
Find = Callable[[object], Type]

#: An object about which nothing is known.
UNKNOWN_OBJECT = ObjectType(open=True)

_KINDS = {
    "string": Kind.STRING,
    "int": Kind.INTEGER,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "null": Kind.NULL,
}


def read_type(entry: Entry, find: Find) -> Type:
    """Read a type.

    Parameters:
        entry: its entry.
        find: reads another type by its name.
    """
    match entry:
        case {"meta-type": "builtin", "json-type": str(json_type)}:
            return BuiltinType(_KINDS.get(json_type, Kind.ANY))
        case {"meta-type": "enum"}:
            return _read_enum(entry)
        case {"meta-type": "array", "element-type": element}:
            return ArrayType(lambda: find(element))
        case {"meta-type": "alternate", "members": list(members)}:
            return _read_alternate(members, find)
        case {"meta-type": "object", "members": list(members)}:
            return _read_object(entry, members, find)
    return UNKNOWN


def read_features(entry: Entry) -> tuple[str, ...]:
    """Read what an entry, a member or an enumeration's value is marked with."""
    features = entry.get("features")
    return tuple(filter(_is_text, features)) if isinstance(features, list) else ()


def as_object(found: Type) -> ObjectType:
    """Return a type that has to be an object."""
    return found if isinstance(found, ObjectType) else UNKNOWN_OBJECT


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _read_enum(entry: Entry) -> Type:
    """Read an enumeration: ``members`` since QEMU 6.2, ``values`` before."""
    listed = _list(entry, "members") or _list(entry, "values")
    values = tuple(_read_values(listed))
    return EnumType(values) if values and len(values) == len(listed) else UNKNOWN


def _read_values(values: list[Any]) -> Iterator[EnumValue]:
    for value in values:
        match value:
            case str(name):
                yield EnumValue(name)
            case {"name": str(name)}:
                yield EnumValue(name, read_features(value))


def _list(entry: Entry, key: str) -> list[Any]:
    value = entry.get(key)
    return value if isinstance(value, list) else []


def _read_alternate(members: list[Any], find: Find) -> Type:
    names = [member.get("type") if isinstance(member, dict) else None for member in members]
    return AlternateType(tuple(_reader(name, find) for name in names)) if names else UNKNOWN


def _reader(name: object, find: Find) -> Callable[[], Type]:
    return lambda: find(name)


def _read_object(entry: Entry, members: list[Any], find: Find) -> ObjectType:
    read = tuple(_read_members(members, find))
    tag = entry.get("tag")
    discriminator = tag if any(member.name == tag for member in read) else None
    variants = _read_variants(_list(entry, "variants"), find) if discriminator else {}
    # A member that can't be read, or variants that nothing decides about: there is more to it.
    is_open = len(read) < len(members) or tag != discriminator
    return ObjectType(read, discriminator, Variants(variants), read_features(entry), is_open)


def _read_members(members: list[Any], find: Find) -> Iterator[Member]:
    for member in members:
        match member:
            case {"name": str(name)}:
                optional = "default" in member
                type_reader = _reader(member.get("type"), find)
                yield Member(name, type_reader, optional, read_features(member))


def _read_variants(variants: list[Any], find: Find) -> dict[str, Callable[[], ObjectType]]:
    read: dict[str, Callable[[], ObjectType]] = {}
    for variant in variants:
        match variant:
            case {"case": str(case)}:
                read[case] = _object_reader(variant.get("type"), find)
    return read


def _object_reader(name: object, find: Find) -> Callable[[], ObjectType]:
    return lambda: as_object(find(name))
