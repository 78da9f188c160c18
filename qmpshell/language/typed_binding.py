"""Syntax tree + a server's schema → the command to send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qmpshell.errors import LineError
from qmpshell.language.binding import BoundCommand, refuse_actions
from qmpshell.language.complaints import no_such_command, no_such_name
from qmpshell.language.faults import printable
from qmpshell.language.fitting import Fitting, Further
from qmpshell.language.misfit import Misfit
from qmpshell.language.nesting import nest
from qmpshell.language.options import bind_options
from qmpshell.language.positions import name_positions
from qmpshell.language.tree import (
    Action,
    Argument,
    Command,
    Invocation,
    Name,
    OptionUse,
    RawJSON,
    Transaction,
)
from qmpshell.language.written import as_written
from qmpshell.schema import ArrayType, EnumType, ObjectType, Schema
from qmpshell.schema.reading import UNKNOWN_OBJECT, as_object


def bind_typed(
    command: Command, schema: Schema, *, checked: bool, further: Further
) -> BoundCommand:
    """Say what a command means to a server.

    Parameters:
        command: what was typed.
        schema: what the server accepts.
        checked: whether what the schema doesn't allow is refused.
        further: knows what is in no schema.

    Raises:
        LineError: it is refused, or can't be sent.
    """
    try:
        match command:
            case RawJSON():
                return _bind_json(command, schema, checked=checked, further=further)
            case Invocation():
                return _bind_invocation(command, schema, checked=checked, further=further)
            case Transaction():
                return _bind_transaction(command, schema, checked=checked)
    except RecursionError:
        message = "nested too deep to be checked"
        raise LineError(message, *_extent(command)) from None


def _extent(command: Command) -> tuple[int, int]:
    if isinstance(command, RawJSON):
        return command.start, command.end
    return command.name.start, command.name.end


def _bind_json(
    command: RawJSON, schema: Schema, *, checked: bool, further: Further
) -> BoundCommand:
    from qmpshell.language.checked_request import check_request
    from qmpshell.language.json_text import read_json

    members = read_json(command.text, command.start)
    options = bind_options(command.options)
    checked = checked and not options.no_check
    notes = check_request(members, command, schema, further) if checked else ()
    return BoundCommand(members, options, notes)


def _bind_invocation(
    command: Invocation, schema: Schema, *, checked: bool, further: Further
) -> BoundCommand:
    options = bind_options(command.options)
    checked = checked and not options.no_check
    name = command.name
    fitting = Fitting(name.text, strict=False, checked=checked, further=further)
    found = schema.command(name.text)
    if found is None and checked:
        raise _line_error(name, no_such_command(name.text, schema.commands))
    type_ = found.arguments if found else UNKNOWN_OBJECT
    if found:
        fitting.note_command(found)
    end = _end_of(name, command.arguments, command.options)
    members: dict[str, Any] = {"execute": name.text}
    if arguments := _fit_words(fitting, type_, command.arguments, end):
        members["arguments"] = arguments
    return BoundCommand(members, options, tuple(fitting.notes))


def _bind_transaction(command: Transaction, schema: Schema, *, checked: bool) -> BoundCommand:
    refuse_actions(command)
    options = bind_options(command.options)
    checked = checked and not options.no_check
    fitting = Fitting("transaction", strict=False, checked=checked)
    found = schema.command("transaction")
    if found is None and checked:
        raise LineError("the server has no transactions", command.name.start, command.name.end)
    type_ = found.arguments if found else UNKNOWN_OBJECT
    union = _action_union(type_)
    actions = [_fit_action(action, union, fitting) for action in command.actions]
    others = tuple(member for member in type_.members if member.name != "actions")
    end = _end_of(command.name, command.arguments, command.options)
    further = _fit_words(fitting, type_._replace(members=others), command.arguments, end)
    arguments = {"actions": actions, **further}
    members = {"execute": "transaction", "arguments": arguments}
    return BoundCommand(members, options, tuple(fitting.notes))


def _action_union(type_: ObjectType) -> ObjectType:
    """Return the type of a transaction's actions."""
    types = [member.type for member in type_.members if member.name == "actions"]
    if types and isinstance(types[0], ArrayType):
        union = as_object(types[0].element)
        if union.discriminator == "type":
            return union
    return UNKNOWN_OBJECT


def _fit_action(action: Action, union: ObjectType, transaction: Fitting) -> dict[str, Any]:
    name = action.name
    fitting = Fitting(name.text, strict=False, checked=transaction.checked)
    types = {member.name: member.type for member in union.members_for(name.text)}
    match types.get("type"):
        case EnumType() as known:
            if name.text not in known.names and transaction.checked:
                raise _line_error(name, f"no such action{no_such_name(name.text, known.names)}")
            fitting.note_value(known, name.text, name.text)
    data = types.get("data", UNKNOWN_OBJECT)
    end = _end_of(name, action.arguments, ())
    fitted = _fit_words(fitting, as_object(data), action.arguments, end)
    transaction.notes.update(fitting.notes)
    return {"type": name.text, "data": fitted}


def _fit_words(
    fitting: Fitting, type_: ObjectType, arguments: Sequence[Argument], end: int
) -> dict[str, Any]:
    """Fit arguments in shorthand.

    Parameters:
        fitting: fits them.
        type_: what the command or the action takes.
        arguments: the arguments.
        end: where a further one would stand.
    """
    named = name_positions(fitting.command, type_, arguments)
    try:
        return fitting.fit_arguments(type_, nest(named, as_written))
    except Misfit as misfit:
        # Only who is refused pays for the place.
        from qmpshell.language.places import WordPlaces, place_misfit

        raise place_misfit(misfit, WordPlaces(named, end)) from None


def _line_error(name: Name, message: str) -> LineError:
    return LineError(printable(message), name.start, name.end)


def _end_of(name: Name, arguments: Sequence[Argument], options: Sequence[OptionUse]) -> int:
    ends = [name.end]
    ends += [argument.value.end for argument in arguments]
    ends += [option.value.end if option.value else option.name.end for option in options]
    return max(ends)
