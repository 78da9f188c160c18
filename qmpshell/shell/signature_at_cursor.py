"""Whose signature belongs to what is being typed, and which of its arguments is at the cursor."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from qmpshell.language import Expected, Slot
from qmpshell.named_tuple import NamedTuple
from qmpshell.schema import Member, ObjectType, Schema
from qmpshell.schema.outline import inner_object
from qmpshell.schema.signature import Usage, usages

_ABOUT_ARGUMENTS = (Slot.ARGUMENT_NAME, Slot.VALUE, Slot.OPTION_NAME, Slot.OPTION_VALUE)


class Signature(NamedTuple):
    """What is shown, before it is cut to a width.

    Attributes:
        name: the command's or the action's name, with the path of an object in it.
        usages: the arguments.
        given: the names of those that stand before the cursor.
    """

    name: str
    usages: tuple[Usage, ...]
    given: frozenset[str]

    def current(self, fits: Expected) -> str | None:
        """Return the name of the argument that the cursor is at, or that has to come next."""
        if fits.kind is Slot.VALUE:
            return next(iter(_without_indices(fits.argument)[-1:]), None)
        if fits.kind is not Slot.ARGUMENT_NAME:
            return None
        typed = fits.prefix.rpartition(".")[2]
        free = [usage for usage in self.usages if usage.name not in self.given]
        fitting = [usage.name for usage in free if typed and usage.name.startswith(typed)]
        if typed in fitting or len(fitting) == 1:
            return typed if typed in fitting else fitting[0]
        required = (usage.name for usage in free if usage.required)
        return None if fitting else next(required, None)


def signature_key(fits: Expected) -> Hashable:
    """Return what a signature depends on: not on the word that is being typed.

    Parameters:
        fits: what is expected at the cursor.
    """
    if fits.kind is Slot.COMMAND_NAME:
        return fits.prefix
    return fits.kind in _ABOUT_ARGUMENTS, fits.command, fits.action, _above(fits), fits.given


def find_signature(schema: Schema, fits: Expected) -> Signature | None:
    """Find what the cursor is in: a command, an action, or an object in one of them.

    Parameters:
        schema: what the server accepts.
        fits: what is expected at the cursor.

    Returns:
        Its signature, or ``None`` when the cursor is in none of them.
    """
    if fits.kind is Slot.COMMAND_NAME:
        command = schema.command(fits.prefix)
        return Signature(command.name, usages(command.arguments), frozenset()) if command else None
    if fits.kind not in _ABOUT_ARGUMENTS or not (command := schema.command(fits.command or "")):
        return None
    name, object_ = command.name, command.arguments
    if fits.action is not None:
        name, found = fits.action, _action(command.arguments, fits.action)
        if found is None:
            return None
        object_ = found
    given = _given(object_, fits)
    path: tuple[str, ...] = ()
    for part in _above(fits):
        if not part.isdigit():
            member = _member(object_.select(_cases(given, path)).members, part)
            inner = inner_object(member.type) if member else None
            if inner is None:
                return None
            object_ = inner
        path += (part,)
    cases = _cases(given, path)
    if path:
        name += f" {'.'.join(path)}."
    return Signature(name, usages(object_, cases), frozenset(cases))


def _above(fits: Expected) -> tuple[str, ...]:
    """Return the path of the object in which the cursor is."""
    path = fits.argument if fits.kind in (Slot.ARGUMENT_NAME, Slot.VALUE) else ()
    return _without_indices(path)[:-1] if fits.kind is Slot.VALUE else path


def _without_indices(path: tuple[str, ...]) -> tuple[str, ...]:
    while path and path[-1].isdigit():
        path = path[:-1]
    return path


def _action(arguments: ObjectType, name: str) -> ObjectType | None:
    """Find what an action of a transaction takes: its ``data``."""
    actions = _member(arguments.members, "actions")
    action = inner_object(actions.type) if actions else None
    variant = action.variants.get(name) if action else None
    data = _member(variant.members, "data") if variant else None
    return inner_object(data.type) if data else None


def _member(members: Sequence[Member], name: str) -> Member | None:
    return next((member for member in members if member.name == name), None)


def _given(object_: ObjectType, fits: Expected) -> dict[tuple[str, ...], str]:
    """Return what was given, by path; the required arguments also go by their position."""
    given = {argument.path: argument.text for argument in fits.given if argument.path}
    places = (member.name for member in object_.members if not member.optional)
    free = [name for name in places if (name,) not in given]
    positional = [argument.text for argument in fits.given if not argument.path]
    return given | {(name,): text for name, text in zip(free, positional, strict=False)}


def _cases(given: dict[tuple[str, ...], str], above: tuple[str, ...]) -> dict[str, str]:
    depth = len(above) + 1
    return {
        path[-1]: text for path, text in given.items() if len(path) == depth and path[:-1] == above
    }
