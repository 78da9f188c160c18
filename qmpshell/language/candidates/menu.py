"""What is expected at the cursor → everything that fits there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from qmpshell.language.candidates.candidate import Candidate, Offer, Wanted
from qmpshell.language.candidates.members import member_candidates
from qmpshell.language.candidates.menu_text import describe_marks
from qmpshell.language.candidates.scope import Scope, actions_of, arguments_of
from qmpshell.language.candidates.spelling import write_key, write_text
from qmpshell.language.candidates.values import has_names, value_candidates
from qmpshell.language.expectation import Expected, Slot
from qmpshell.language.last_reply import LAST_REPLY, WRITING_OPTIONS
from qmpshell.language.options import OPTIONS, OUTPUT_FORMS
from qmpshell.schema import BuiltinType, Kind, Schema
from qmpshell.schema.types import UNKNOWN

_STRING = BuiltinType(Kind.STRING)

_REQUEST_MEMBERS = {
    "execute": "the command's name",
    "arguments": "an object",
    "id": "any value; the reply has it too",
    "exec-oob": "the command's name, out of band",
}

#: Something to begin with, by what an option takes.
_OPTION_VALUES = {"SECONDS": ("1", "10", "60"), "FORM": OUTPUT_FORMS}


class Menu:
    """What a person can choose from at the cursor.

    Parameters:
        schema: what the server accepts; ``None`` while it isn't known.
        commands: the names of its commands.
    """

    def __init__(self, schema: Schema | None, commands: Iterable[str]) -> None:
        self._schema = schema
        self._commands = sorted(commands)

    def at(self, expected: Expected) -> Offer:
        """Return all that fits at the cursor. It may be any text that is typed there."""
        match expected.kind:
            case Slot.COMMAND_NAME:
                return _offer(
                    write_text(name, text, expected, _STRING) for name, text in self._described
                )
            case Slot.MEMBER_NAME:
                return _offer(_request_members(expected))
            case Slot.OPTION_NAME:
                names = WRITING_OPTIONS if expected.command == LAST_REPLY else OPTIONS
                return _offer(Candidate(name, name, OPTIONS[name].summary) for name in names)
            case Slot.OPTION_VALUE:
                return _offer(_option_values(expected))
            case Slot.ACTION_NAME | Slot.ARGUMENT_NAME | Slot.VALUE if self._schema:
                return _at_argument(expected, self._schema)
        return Offer()

    @cached_property
    def _described(self) -> list[tuple[str, str]]:
        """The commands, each with what stands beside it."""
        return [(name, self._describe_command(name)) for name in self._commands]

    def _describe_command(self, name: str) -> str:
        command = self._schema.command(name) if self._schema else None
        if command is None:
            return ""
        count = len(command.arguments.members)
        plural = "" if count == 1 else "s"
        number = [f"{count} argument{plural}"] if count else []
        return ", ".join([*number, *describe_marks(command)])


def _offer(candidates: Iterable[Candidate]) -> Offer:
    return Offer(tuple(candidates))


def _request_members(expected: Expected) -> Iterator[Candidate]:
    for name, text in _REQUEST_MEMBERS.items():
        if not (expected.command and name.startswith("exec")):
            yield write_key(name, text, expected)


def _option_values(expected: Expected) -> Iterator[Candidate]:
    option = OPTIONS.get(expected.argument[0]) if expected.argument else None
    for value in _OPTION_VALUES.get(option.takes or "", ()) if option else ():
        yield Candidate(value, value, option.takes or "" if option else "")


def _at_argument(expected: Expected, schema: Schema) -> Offer:
    if expected.kind is Slot.ACTION_NAME:
        union = actions_of(schema)
        scope = Scope(union, ()) if union else None
        path = (union.discriminator or "",) if union else ()
        return _offer(value_candidates(expected, scope.find_type(path)) if scope else ())
    arguments = arguments_of(schema, expected.command, expected.action)
    if arguments is None:
        return Offer()
    scope = Scope(arguments, expected.given)
    if expected.kind is Slot.VALUE:
        return _values(expected, scope)
    return _members(expected, scope)


def _values(expected: Expected, scope: Scope) -> Offer:
    type_ = scope.find_type(expected.argument)
    wanted = (_wanted(expected, scope),) if has_names(type_) else ()
    return Offer(tuple(value_candidates(expected, type_)), wanted)


def _members(expected: Expected, scope: Scope) -> Offer:
    candidates = list(member_candidates(expected, scope))
    wanted: list[Wanted] = []
    found = scope.find_object(expected.argument)
    is_open = found.open if found else scope.find_type(expected.argument) == UNKNOWN
    if is_open:
        wanted.append(_wanted(expected, scope, members=True))
    if expected.command == "transaction" and not (expected.in_json or expected.action):
        # Its actions stand in the block.
        candidates = [c for c in candidates if not c.name.startswith("actions")]
    elif not expected.in_json and scope.by_position:
        type_ = scope.by_position[0].type
        if not expected.argument:
            candidates += value_candidates(expected, type_, alone=True)
        if has_names(type_):
            wanted.append(_wanted(expected, scope, by_position=scope.by_position[0].name))
    return Offer(tuple(candidates), tuple(wanted))


def _wanted(
    expected: Expected, scope: Scope, *, members: bool = False, by_position: str = ""
) -> Wanted:
    path = (by_position,) if by_position else expected.argument
    type_ = scope.find_type(path)
    name = expected.action or expected.command or ""
    return Wanted(name, path, type_, members, bool(by_position), scope.given)
