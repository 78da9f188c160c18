"""A command's arguments, and those of them that stand before the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qmpshell.language.expectation import Given
from qmpshell.language.json_cursor import Path
from qmpshell.schema import AlternateType, ArrayType, Member, ObjectType, Schema, Type
from qmpshell.schema.types import UNKNOWN


class Scope:
    """What a command or an action takes, and what it was given.

    Parameters:
        arguments: what it takes.
        given: what stands before the cursor.

    Attributes:
        given: the values by their path; those given by position have one too.
        by_position: the members that further words without a name would fill, in order.
    """

    def __init__(self, arguments: ObjectType, given: Iterable[Given]) -> None:
        self.given: dict[Path, str] = {}
        positional = []
        for one in given:
            if one.path:
                self.given[one.path] = one.text
            else:
                positional.append(one.text)
        self._arguments = arguments
        named = {path[0] for path in self.given}
        required = [m for m in arguments.members if not m.optional and m.name not in named]
        for member, text in zip(required, positional, strict=False):
            self.given[(member.name,)] = text
        self.by_position: tuple[Member, ...] = tuple(required[len(positional) :])

    def find_type(self, path: Path) -> Type:
        """Return the type of what stands at a path; ``UNKNOWN`` where nothing is known."""
        found: Type = self._arguments
        for depth, part in enumerate(path):
            found = self._step(found, part, path[:depth])
        return found

    def find_object(self, path: Path) -> ObjectType | None:
        """Return the object at a path, its branches decided as far as they can be."""
        for choice in choices(self.find_type(path)):
            if isinstance(choice, ObjectType):
                return self._select(choice, path)
        return None

    def parts_below(self, path: Path) -> dict[str, int]:
        """Return what was given of the object or list at a path.

        Returns:
            The names or indices, each with how many parts follow it at least.
        """
        depth = len(path)
        parts: dict[str, int] = {}
        for given in self.given:
            if len(given) > depth and given[:depth] == path:
                below = len(given) - depth - 1
                parts[given[depth]] = min(below, parts.get(given[depth], below))
        return parts

    def _step(self, found: Type, part: str, path: Path) -> Type:
        for choice in choices(found):
            match choice:
                case ObjectType():
                    members = self._select(choice, path).members
                    member = next((member for member in members if member.name == part), None)
                    if member:
                        return member.type
                case ArrayType() if part.isdecimal():
                    return choice.element
        return UNKNOWN

    def _select(self, object_: ObjectType, path: Path) -> ObjectType:
        depth = len(path)
        given = self.given.items()
        return object_.select({p[-1]: text for p, text in given if p[:-1] == path and p[depth:]})


def choices(type_: Type) -> Iterator[Type]:
    """Return the types that a value of a type can have: several for an alternate."""
    if isinstance(type_, AlternateType):
        yield from type_.choices
    else:
        yield type_


def arguments_of(schema: Schema, command: str | None, action: str | None) -> ObjectType | None:
    """Return what a command or an action of a transaction takes; ``None`` when unknown."""
    found = schema.command(command) if command else None
    if found is None or action is None:
        return found.arguments if found else None
    union = actions_of(schema)
    if union is None or not union.discriminator:
        return None
    # Every action has its arguments in one member, data; seen up to QEMU 10.0.
    added = union.variants.get(action)
    members = added.members if added else ()
    data = next((member for member in members if member.name == "data"), None)
    return data.type if data and isinstance(data.type, ObjectType) else added


def actions_of(schema: Schema) -> ObjectType | None:
    """Return the union of a transaction's actions."""
    transaction = schema.command("transaction")
    found = Scope(transaction.arguments, ()).find_type(("actions", "0")) if transaction else None
    return found if isinstance(found, ObjectType) else None
