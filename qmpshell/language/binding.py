"""Syntax tree → the command to send: by a server's schema, or by the rules that need none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.options import Options, bind_options
from qmpshell.language.tree import Action, Argument, Command, RawJSON, Transaction
from qmpshell.named_tuple import NamedTuple

if TYPE_CHECKING:
    from qmpshell.language.fitting import Further
    from qmpshell.schema import Schema


class BoundCommand(NamedTuple):
    """A command that can be sent.

    Attributes:
        members: the request's members. Those of raw JSON are what was written, the
            person's own ``id`` among them.
        options: how it is to be run.
        notes: what the person should know about it: what of it is deprecated or unstable.
    """

    members: dict[str, Any]
    options: Options
    notes: tuple[str, ...] = ()


def bind(
    command: Command,
    schema: Schema | None = None,
    *,
    checked: bool = True,
    further: Further | None = None,
) -> BoundCommand:
    """Say what a command means.

    Parameters:
        command: what was typed.
        schema: what the server accepts, where that is known: values take their types from
            it, and required arguments need no names.
        checked: whether what the schema doesn't allow is refused. Otherwise it is read as
            if there were no schema.
        further: knows what else a command takes whose schema is open, such as the
            properties of a device's driver.

    Raises:
        LineError: it is refused, a value can't be sent, or an argument has no name.
    """
    if schema and schema.commands:
        # A command that is run once from a script needn't wait for what it doesn't use.
        from qmpshell.language.fitting import nothing_further
        from qmpshell.language.typed_binding import bind_typed

        bound = bind_typed(command, schema, checked=checked, further=further or nothing_further)
    else:
        bound = _bind_untyped(command)
    if bound.options.oob:
        from qmpshell.language.out_of_band import out_of_band

        members = out_of_band(bound.members, command.options, schema if checked else None)
        return bound._replace(members=members)
    return bound


def _bind_untyped(command: Command) -> BoundCommand:
    if isinstance(command, RawJSON):
        from qmpshell.language.json_text import read_json

        members = read_json(command.text, command.start)
        return BoundCommand(members, bind_options(command.options))
    members = {"execute": "transaction"}
    if isinstance(command, Transaction):
        members["arguments"] = _transaction_arguments(command)
    else:
        members["execute"] = command.name.text
        if command.arguments:
            members["arguments"] = _arguments(command.arguments)
    return BoundCommand(members, bind_options(command.options))


def refuse_actions(command: Transaction) -> None:
    """Refuse actions behind the block that has them.

    Raises:
        LineError: there are some.
    """
    for argument in command.arguments:
        if argument.path and argument.path[0].text == "actions":
            message = "the block has the actions already"
            raise LineError(message, argument.start, argument.value.end)


def _transaction_arguments(command: Transaction) -> dict[str, Any]:
    refuse_actions(command)
    actions = [_action(action) for action in command.actions]
    return {"actions": actions, **_arguments(command.arguments)}


def _action(action: Action) -> dict[str, Any]:
    return {"type": action.name.text, "data": _arguments(action.arguments)}


def _arguments(arguments: Iterable[Argument]) -> dict[str, Any]:
    arguments = list(arguments)
    for argument in arguments:
        if not argument.path:
            value = argument.value
            message = f"{shown(value.text)} has no name: write NAME=VALUE"
            raise LineError(message, value.start, value.end)
    from qmpshell.language.nesting import nest
    from qmpshell.language.values import read_value

    return nest(arguments, read_value)
