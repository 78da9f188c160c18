"""Help on a command or an event: all that a server's schema says of it."""

from __future__ import annotations

from collections.abc import Iterable

from qmpshell.render.escape import escape
from qmpshell.render.signature import outline_lines, signature_lines, type_line
from qmpshell.render.styled import Role, Styled
from qmpshell.render.wrap import wrap
from qmpshell.schema import Command, Event, ObjectType, Schema
from qmpshell.schema.following import commands_before, events_after
from qmpshell.schema.outline import inner_object, outline
from qmpshell.schema.signature import type_pieces, usages

_MARKS = {
    "deprecated": "deprecated: a later QEMU will be without it",
    "unstable": "unstable: it may change from one version of QEMU to the next",
    "disabled": "disabled in this guest: its agent isn't allowed to, or file systems are frozen",
}


def command_help(command: Command, schema: Schema, width: int) -> Styled:
    """Render what a command takes and returns, and which events follow.

    Parameters:
        command: which.
        schema: the server's, which says what events there are.
        width: how many columns there are.
    """
    styled = signature_lines(command.name, usages(command.arguments), width)
    styled += [(Role.TEXT, "\n"), *_marks(command), *_summary(command, width)]
    styled += _members("Arguments", command.arguments, width)
    styled += [*_heading("Returns"), *_returns(command, width)]
    return styled + _names("Events that follow", events_after(command.name), schema.events, width)


def event_help(event: Event, schema: Schema, width: int) -> Styled:
    """Render what an event says, and which commands it follows.

    Parameters:
        event: which.
        schema: the server's, which says what commands there are.
        width: how many columns there are.
    """
    styled: Styled = [(Role.EVENT, escape(event.name)), (Role.TEXT, ", an event\n")]
    styled += _marks(event)
    styled += _members("Data", event.data, width)
    return styled + _names("Follows", commands_before(event.name), schema.commands, width)


def _marks(marked: Command | Event) -> Styled:
    notes = [_MARKS.get(feature, f"feature: {feature}") for feature in marked.features]
    if isinstance(marked, Command) and marked.allow_oob:
        notes.append("can be sent out of band, with exec-oob")
    return [(Role.COMMENT, f"  {escape(note)}\n") for note in notes]


def _summary(command: Command, width: int) -> Styled:
    """Say what a command is for, where the schema does."""
    if not command.summary:
        return []
    since = f" (Since {command.since}.)" if command.since else ""
    text: Styled = [(Role.TEXT, escape(command.summary + since))]
    return [(Role.TEXT, "\n"), *wrap(text, width, "  ", "  "), (Role.TEXT, "\n")]


def _heading(text: str) -> Styled:
    return [(Role.NOTE, f"\n{text}"), (Role.TEXT, "\n")]


def _members(heading: str, object_: ObjectType, width: int) -> Styled:
    lines = outline_lines(outline(object_), width)
    return [*_heading(heading), *lines] if lines else []


def _returns(command: Command, width: int) -> Styled:
    """Describe what a command returns; an object is opened, also as the element of a list."""
    inner = inner_object(command.returns)
    members = outline_lines(outline(inner), width, depth=2) if inner else []
    if inner is command.returns and not members:
        return [(Role.TEXT, "  nothing\n")]
    return [*type_line(type_pieces(command.returns, room=1_000), width), *members]


def _names(heading: str, names: Iterable[str], there: Iterable[str], width: int) -> Styled:
    """List those of the names that this server has."""
    there = set(there)
    found = [name for name in names if name in there]
    lines: Styled = [(Role.TEXT, f"  {name}\n") for name in found]
    return [*_heading(heading), *lines] if lines else []
