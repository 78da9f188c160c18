"""``/rescue``: what may free a QEMU in which a command hangs, as lines that can be run.

A command that waits for a storage server or another host that is silent keeps QEMU from all
others, on every monitor. ``yank`` ends such a connection, and is taken out of band.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qmpshell.errors import Error, LineError
from qmpshell.language.out_of_band import out_of_band_commands
from qmpshell.render import Role, escape
from qmpshell.shell.overdue import Late
from qmpshell.shell.session import Session

#: How long QEMU may take to say what can be yanked, in seconds. Nothing that hangs holds
#: that up.
_SECONDS = 1.0

_QUESTION = "query-yank"

#: Monitors given by ``-qmp`` are called so: to yank one would only cut us off.
_MONITOR = "compat_monitor"


def tell(session: Session) -> None:
    """Say what may free a command that was given up, if there is something.

    Parameters:
        session: whose QEMU.
    """
    session.overdue.untold = False
    late = session.overdue.first
    if late is None or not _may_ask(session):
        return
    if lines := offers(_instances(session), late):
        session.printer.note(
            f"{late.name} still runs in QEMU, and others wait for it; what may free it:"
        )
        _list(session, lines)
    elif session.overdue.obstacle:
        session.printer.note(f"{late.name} still runs in QEMU, and others wait for it")
        _tell_what_overtakes(session)


def rescue(session: Session, rest: str) -> None:
    """List what may free QEMU, or run a line of that list.

    Parameters:
        session: whose QEMU.
        rest: the line's number; empty to list them.

    Raises:
        LineError: there is no such line.
        Error: as the line that is run.
    """
    session.connection.raise_if_closed()
    if rest:
        line = _chosen(rest, session.overdue.offered)
        session.printer.note(escape(line))
        session.run_line(line)
        return
    late = session.overdue.first
    if late:
        session.printer.note(f"{late.name} hasn't been answered for {late.seconds} s")
    if not _may_ask(session):
        session.printer.note("nothing goes out of band here, so nothing can overtake it")
        return
    if lines := offers(_instances(session), late):
        _list(session, lines)
        return
    _tell_what_overtakes(session)


def _tell_what_overtakes(session: Session) -> None:
    those = ", ".join(out_of_band_commands(session.schema)) if session.schema else "yank"
    session.printer.note(f"nothing to yank; with --oob, these overtake others: {those}")


def offers(instances: Iterable[Mapping[str, Any]], late: Late | None) -> list[str]:
    """Return the lines that may free QEMU, the likeliest first.

    Parameters:
        instances: what can be yanked, as ``query-yank`` says.
        late: the command that hangs, if it is known.
    """
    ranked = sorted(
        (rank, number, line)
        for number, instance in enumerate(instances)
        for rank, line in _offers_of(instance, late)
    )
    return [line for _, _, line in ranked]


def _offers_of(instance: Mapping[str, Any], late: Late | None) -> Iterator[tuple[int, str]]:
    match instance:
        case {"type": "block-node", "node-name": str(name)}:
            yield (0 if late and late.mentions(name) else 1), _yank(instance)
        case {"type": "migration"}:
            yield 1, "migrate-pause --oob"
            yield 1, _yank(instance)
        case {"type": "chardev", "id": str(name)} if not name.startswith(_MONITOR):
            yield (0 if late and late.mentions(name) else 2), _yank(instance)


def _yank(instance: Mapping[str, Any]) -> str:
    return f"yank instances={json.dumps([dict(sorted(instance.items()))])} --oob"


def _may_ask(session: Session) -> bool:
    if not session.client.takes_out_of_band:
        return False
    command = session.schema.command(_QUESTION) if session.schema else None
    return session.schema is None or (command is not None and command.allow_oob)


def _instances(session: Session) -> list[Mapping[str, Any]]:
    """Ask what can be yanked; nothing when that isn't said."""
    request = {"exec-oob": _QUESTION}
    try:
        with session.catching_sigint():
            answer = session.client.request(request, timeout=_SECONDS).value
    except (Error, KeyboardInterrupt):
        return []
    return [entry for entry in answer if isinstance(entry, dict)] if _is_list(answer) else []


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _list(session: Session, lines: Iterable[str]) -> None:
    session.overdue.offer(lines)
    for number, line in enumerate(session.overdue.offered, 1):
        session.printer.show([(Role.NOTE, f"/rescue {number}  "), (Role.TEXT, escape(line))])


def _chosen(rest: str, lines: tuple[str, ...]) -> str:
    number = rest.strip()
    if not lines:
        raise LineError("/rescue alone lists what there is to choose from", 0, len(rest))
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= len(lines)):
        raise LineError(f"a number from 1 to {len(lines)} is expected", 0, len(rest))
    return lines[int(number) - 1]
