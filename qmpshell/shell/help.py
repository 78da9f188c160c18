"""``/help TOPIC``: what the schema and the manual know about a command, an event or a type."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable

from qmpshell.render import Role, Styled, escape
from qmpshell.render.manual import manual_lines
from qmpshell.render.signature import outline_lines, signature_lines, type_line
from qmpshell.render.wrap import wrap
from qmpshell.schema import Command, Event, ObjectType, Schema
from qmpshell.schema.following import commands_before, events_after
from qmpshell.schema.manual import Manual
from qmpshell.schema.outline import inner_object, outline
from qmpshell.schema.signature import type_pieces, usages
from qmpshell.shell.manual_page import WHERE_FROM, installed_manual
from qmpshell.shell.matching import fitting
from qmpshell.shell.session import Session

#: Longer lines are tiring to read.
_MOST_COLUMNS = 100

_MOST_NAMES = 5

_MARKS = {
    "deprecated": "deprecated: a later QEMU will be without it",
    "unstable": "unstable: it may change from one version of QEMU to the next",
}


def show_topic(session: Session, topic: str) -> None:
    """Show the help on a command, an event or a type; or say that there is none.

    Parameters:
        session: whose server's schema says what there is, and where it is shown.
        topic: the name; upper and lower case don't matter where it is clear without.
    """
    manual = installed_manual(os.environ)
    width = min(session.printer.width, _MOST_COLUMNS)
    schema = session.schema or Schema([])
    name = _as_spelled(topic, schema)
    styled: Styled = []
    if command := schema.command(name):
        styled = _command(command, schema, width)
    elif event := schema.event(name):
        styled = _event(event, schema, width)
    known = bool(styled)
    styled += _from_manual(manual, name, width, known=known)
    if not styled:
        session.printer.show(wrap([(Role.NOTE, _unknown(topic, schema, manual))], width))
        return
    if manual is None:
        styled += [(Role.COMMENT, f"\n{WHERE_FROM}\n")]
    role, text = styled[-1]
    session.printer.show([*styled[:-1], (role, text.rstrip("\n"))])


def _as_spelled(topic: str, schema: Schema) -> str:
    """Return the name as the schema has it."""
    names = (*schema.commands, *schema.events)
    if topic in names:
        return topic
    return next((name for name in names if name.lower() == topic.lower()), topic)


def _command(command: Command, schema: Schema, width: int) -> Styled:
    styled = signature_lines(command.name, usages(command.arguments), width)
    styled += [(Role.TEXT, "\n"), *_marks(command)]
    styled += _members("Arguments", command.arguments, width)
    styled += [*_heading("Returns"), *_returns(command, width)]
    return styled + _names("Events that follow", events_after(command.name), schema.events, width)


def _event(event: Event, schema: Schema, width: int) -> Styled:
    styled: Styled = [(Role.EVENT, escape(event.name)), (Role.TEXT, ", an event\n")]
    styled += _marks(event)
    styled += _members("Data", event.data, width)
    return styled + _names("Follows", commands_before(event.name), schema.commands, width)


def _marks(marked: Command | Event) -> Styled:
    notes = [_MARKS.get(feature, f"feature: {feature}") for feature in marked.features]
    if isinstance(marked, Command) and marked.allow_oob:
        notes.append("can be sent out of band, with exec-oob")
    return [(Role.COMMENT, f"  {escape(note)}\n") for note in notes]


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


def _from_manual(manual: Manual | None, name: str, width: int, *, known: bool) -> Styled:
    entry = manual.entry(name) if manual else None
    if manual is None or entry is None:
        return []
    of = f"QEMU {escape(manual.version)}'s manual" if manual.version else "QEMU's manual"
    since = f", since {escape(entry.since)}" if entry.since else ""
    title: Styled = [(Role.NOTE, f"{of}: {escape(entry.name)} ({entry.kind}{since})\n")]
    return [(Role.TEXT, "\n" if known else ""), *title, *manual_lines(entry.blocks, width)]


def _unknown(topic: str, schema: Schema, manual: Manual | None) -> str:
    names = {*schema.commands, *schema.events, *(manual.names if manual else ())}
    if not names:
        return f'no help on "{escape(topic)}": no schema of this server is known, and {WHERE_FROM}'
    near = _nearest(topic, names)
    nearest = f"; nearest: {escape(', '.join(near))}" if near else ""
    return f'no help on "{escape(topic)}"{nearest}; /search WORD looks into names'


def _nearest(topic: str, names: Iterable[str]) -> list[str]:
    spelled = {name.lower(): name for name in names}
    close = difflib.get_close_matches(topic.lower(), spelled, _MOST_NAMES)
    return [spelled[name] for name in close] or fitting(topic, spelled.values())[:_MOST_NAMES]
