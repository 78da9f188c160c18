"""What a server accepts: its answer to ``query-qmp-schema`` as a model.

``schema`` looks commands and events up, ``types`` is what they are made of, ``reading``
makes one of the other, and ``open_commands`` has what no schema says. ``agent`` makes that of
a guest agent, which has none to give. All of it is read when it is asked for, so a schema
costs nothing before a command of it is used. It may come from any server: whatever in it
can't be understood is taken for something unknown, about which nothing is refused.
"""

from qmpshell.schema.schema import Command, Event, Schema
from qmpshell.schema.types import (
    AlternateType,
    ArrayType,
    BuiltinType,
    EnumType,
    EnumValue,
    Kind,
    Member,
    ObjectType,
    Type,
)

__all__ = [
    "AlternateType",
    "ArrayType",
    "BuiltinType",
    "Command",
    "EnumType",
    "EnumValue",
    "Event",
    "Kind",
    "Member",
    "ObjectType",
    "Schema",
    "Type",
]
