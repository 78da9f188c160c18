"""Arguments given by position → arguments with names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qmpshell.errors import LineError
from qmpshell.language.faults import printable, shown
from qmpshell.language.tree import Argument, Name
from qmpshell.schema import ObjectType
from qmpshell.schema.wording import listed


def name_positions(
    command: str, type_: ObjectType, arguments: Sequence[Argument]
) -> tuple[Argument, ...]:
    """Give every argument its name.

    A word without a name is the next required argument that isn't given by name, in the
    schema's order; those of a union's branch come when the branch is known.

    Parameters:
        command: the command's name, for the error.
        type_: what it takes.
        arguments: the arguments in the order of the line.

    Raises:
        LineError: there is no such argument left.
    """
    named = [argument for argument in arguments if argument.path]
    if len(named) == len(arguments):
        return tuple(arguments)
    given = {argument.path[0].text for argument in named}
    cases = {part.path[0].text: part.value.text for part in named if len(part.path) == 1}
    result: list[Argument] = []
    for argument in arguments:
        if not argument.path:
            name = _next_required(type_, cases, given)
            if name is None:
                raise _left_over(command, type_, cases, argument)
            value = argument.value
            argument = argument._replace(path=(Name(name, value.start, value.end),))
            given.add(name)
            cases[name] = value.text
        result.append(argument)
    return tuple(result)


def _required(type_: ObjectType, cases: dict[str, str]) -> Iterable[str]:
    return (member.name for member in type_.select(cases).members if not member.optional)


def _next_required(type_: ObjectType, cases: dict[str, str], given: set[str]) -> str | None:
    return next((name for name in _required(type_, cases) if name not in given), None)


def _left_over(
    command: str, type_: ObjectType, cases: dict[str, str], argument: Argument
) -> LineError:
    value = argument.value
    message = f"{shown(value.text)} has no name: write NAME=VALUE"
    if not (type_.members or type_.open):
        message = f"{command} takes no arguments"
    if required := list(_required(type_, cases)):
        message += f"; by position {command} takes {listed(required, 'and')}"
    return LineError(printable(message), value.start, value.end)
