"""``/events``: the last events, one of them whole, and which are shown above the prompt."""

from __future__ import annotations

from qmpshell.errors import UsageError
from qmpshell.language import nearest
from qmpshell.language.rendition import Rendition
from qmpshell.render import Role, Styled, escape, event_line
from qmpshell.shell.event_log import ALL, NONE, Entry, EventFilter
from qmpshell.shell.session import Session

#: So many are listed.
LISTED = 20

USAGE = "/events [on|off|only PATTERN...|except PATTERN...|NUMBER]"


def run_events(session: Session, words: str) -> None:
    """Do what ``/events`` was told.

    Parameters:
        session: whose events they are.
        words: what stands behind the command.

    Raises:
        UsageError: that can't be understood, or there is no event of that number.
    """
    match words.split():
        case []:
            _show_last(session)
        case ["on"]:
            _choose(session, ALL)
        case ["off"]:
            _choose(session, NONE)
        case ["only" | "except" as which, _, *_] as parts:
            patterns = tuple(parts[1:])
            _note_unknown(session, patterns)
            _choose(session, EventFilter(patterns, matching=which == "only"))
        case [number] if number.isascii() and number.isdigit():
            _show_whole(session, int(number[:9]))
        case _:
            raise UsageError(f"it is {USAGE}; a pattern is a name, such as BLOCK_JOB_*")


def _choose(session: Session, chosen: EventFilter) -> None:
    session.events.set_filter(chosen)
    session.printer.note(_which(session))


def _show_last(session: Session) -> None:
    entries = session.events.last(LISTED)
    lines = [_numbered(entry, session.output.width) for entry in entries]
    styled = [piece for line in lines for piece in (*line, (Role.TEXT, "\n"))][:-1]
    session.output.show(styled)
    session.printer.note(_summary(session, shown=len(entries)))


def _numbered(entry: Entry, width: int | None) -> Styled:
    number = f"{entry.number:>5}  "
    room = None if width is None else width - len(number)
    line = event_line(entry.event, width=room, count=entry.times)
    return [(Role.COMMENT, number), *line]


def _summary(session: Session, *, shown: int) -> str:
    hidden = f", {session.events.hidden} hidden" if session.events.hidden else ""
    whole = "; /events NUMBER shows one whole" if shown else ""
    return _which(session) + hidden + whole


def _which(session: Session) -> str:
    """Say which events are shown."""
    chosen = session.events.filter
    if chosen in (ALL, NONE):
        return "all events are shown" if chosen == ALL else "no events are shown"
    patterns = escape(" ".join(chosen.patterns))
    return f"{'only' if chosen.matching else 'all but'} {patterns} are shown"


def _show_whole(session: Session, number: int) -> None:
    entry = session.events.find(number)
    if entry is None:
        raise UsageError(f"there is no event {number}, or not any more")
    session.output.value(entry.event.members, Rendition())


def _note_unknown(session: Session, patterns: tuple[str, ...]) -> None:
    """Say of each pattern that fits no event of the server, where those are known."""
    if session.schema is None or not session.schema.events:
        return
    for pattern in patterns:
        wanted = EventFilter((pattern,), matching=True)
        if not any(wanted.shows(name) for name in session.schema.events):
            meant = nearest(pattern.upper().strip("*?"), session.schema.events)
            hint = f"; nearest: {escape(meant)}" if meant else ""
            session.printer.note(f"no event of this server is called {escape(pattern)}{hint}")
