"""Syntax tree → the command to send, by the rules that need no schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.json_text import read_json
from qmpshell.language.nesting import nest
from qmpshell.language.options import Options, bind_options
from qmpshell.language.tree import Action, Argument, Command, RawJSON, Transaction
from qmpshell.language.values import read_value


@dataclass(frozen=True, slots=True)
class BoundCommand:
    """A command that can be sent.

    Attributes:
        members: the request's members. Those of raw JSON are what was written, the
            person's own ``id`` among them.
        options: how it is to be run.
    """

    members: dict[str, Any]
    options: Options


def bind(command: Command) -> BoundCommand:
    """Say what a command means where no schema is known.

    Raises:
        LineError: a value can't be sent, or an argument has no name.
    """
    if isinstance(command, RawJSON):
        return BoundCommand(read_json(command.text, command.start), Options())
    members: dict[str, Any] = {"execute": "transaction"}
    if isinstance(command, Transaction):
        members["arguments"] = _transaction_arguments(command)
    else:
        members["execute"] = command.name.text
        if command.arguments:
            members["arguments"] = _arguments(command.arguments)
    return BoundCommand(members, bind_options(command.options))


def _transaction_arguments(command: Transaction) -> dict[str, Any]:
    for argument in command.arguments:
        if argument.path and argument.path[0].text == "actions":
            message = "the block has the actions already"
            raise LineError(message, argument.start, argument.value.end)
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
    return nest(arguments, read_value)
