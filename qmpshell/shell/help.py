"""``/help TOPIC``: what the schema and the manual know about a command, an event or a type."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable

from qmpshell.render import Role, Styled, escape
from qmpshell.render.help import command_help, event_help
from qmpshell.render.manual import manual_lines
from qmpshell.render.wrap import wrap
from qmpshell.schema import Schema
from qmpshell.schema.manual import Manual
from qmpshell.shell.manual_page import AGENT_PAGE, QMP_PAGE, Page, installed_manual
from qmpshell.shell.matching import fitting
from qmpshell.shell.session import Session

#: Longer lines are tiring to read.
_MOST_COLUMNS = 100

_MOST_NAMES = 5


def show_topic(session: Session, topic: str) -> None:
    """Show the help on a command, an event or a type; or say that there is none.

    Parameters:
        session: whose server's schema says what there is, and where it is shown.
        topic: the name; upper and lower case don't matter where it is clear without.
    """
    page = AGENT_PAGE if session.server.is_agent else QMP_PAGE
    manual = installed_manual(os.environ, page)
    width = min(session.printer.width, _MOST_COLUMNS)
    schema = session.schema or Schema([])
    name = _as_spelled(topic, schema)
    styled: Styled = []
    if command := schema.command(name):
        styled = command_help(command, schema, width)
    elif event := schema.event(name):
        styled = event_help(event, schema, width)
    known = bool(styled)
    styled += _from_manual(manual, name, width, known=known)
    if not styled:
        session.printer.show(wrap([(Role.NOTE, _unknown(topic, schema, manual, page))], width))
        return
    if manual is None:
        styled += [(Role.COMMENT, f"\n{page.where_from}\n")]
    role, text = styled[-1]
    session.output.show([*styled[:-1], (role, text.rstrip("\n"))])


def _as_spelled(topic: str, schema: Schema) -> str:
    """Return the name as the schema has it."""
    names = (*schema.commands, *schema.events)
    if topic in names:
        return topic
    return next((name for name in names if name.lower() == topic.lower()), topic)


def _from_manual(manual: Manual | None, name: str, width: int, *, known: bool) -> Styled:
    entry = manual.entry(name) if manual else None
    if manual is None or entry is None:
        return []
    of = f"QEMU {escape(manual.version)}'s manual" if manual.version else "QEMU's manual"
    since = f", since {escape(entry.since)}" if entry.since else ""
    title: Styled = [(Role.NOTE, f"{of}: {escape(entry.name)} ({entry.kind}{since})\n")]
    return [(Role.TEXT, "\n" if known else ""), *title, *manual_lines(entry.blocks, width)]


def _unknown(topic: str, schema: Schema, manual: Manual | None, page: Page) -> str:
    names = {*schema.commands, *schema.events, *(manual.names if manual else ())}
    if not names:
        why = f"no schema of this server is known, and {page.where_from}"
        return f'no help on "{escape(topic)}": {why}'
    near = _nearest(topic, names)
    nearest = f"; nearest: {escape(', '.join(near))}" if near else ""
    return f'no help on "{escape(topic)}"{nearest}; /search WORD looks into names'


def _nearest(topic: str, names: Iterable[str]) -> list[str]:
    spelled = {name.lower(): name for name in names}
    close = difflib.get_close_matches(topic.lower(), spelled, _MOST_NAMES)
    within = [name for name in spelled.values() if topic.lower() in name.lower()]
    return [spelled[name] for name in close] or fitting(topic, within)[:_MOST_NAMES]
