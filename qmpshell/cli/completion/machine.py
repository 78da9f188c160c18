"""What fits in a command, as the machine at an address says: asked briefly, and nothing changed.

QEMU's monitor serves one client at a time. Where another holds it, nothing fits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from qmpshell.address import may_be_looked_at
from qmpshell.cli.completion.completion import Completion
from qmpshell.cli.completion.cursor import Cursor, find_cursor
from qmpshell.client import Client, connect
from qmpshell.client.deadline import Deadline
from qmpshell.client.names import LiveNames
from qmpshell.configuration import Configuration
from qmpshell.errors import Error, TimedOut
from qmpshell.language import Slot
from qmpshell.language.candidates import Candidate, Menu
from qmpshell.shell.offers import find_offers
from qmpshell.shell.server import Server

#: The part of the time that connecting may take: a monitor that another client holds says
#: nothing, and there is to be time left for more than waiting.
_PART_FOR_CONNECTING = 0.75


def ask_machine(
    configuration: Configuration,
    address: str,
    words: Sequence[str],
    typed: str,
    deadline: Deadline,
    *,
    agent: bool = False,
) -> list[Completion]:
    """Return what fits at a word of a command.

    Parameters:
        configuration: knows the targets.
        address: of the machine, or a target's name.
        words: the command's name and its arguments, before the word.
        typed: what was typed of the word.
        deadline: when nothing is waited for any more.
        agent: whether it is a guest's agent that is there.
    """
    cursor = find_cursor(words, typed)
    if cursor is None:
        return []
    with contextlib.suppress(Error):
        place = configuration.find_address(address)
        # Tab starts no program, and asks nobody for a password.
        if not may_be_looked_at(place):
            return []
        timeout = (deadline.remaining or 0.0) * _PART_FOR_CONNECTING
        with connect(place, timeout=timeout, agent=agent) as client:
            client.listener = lambda _: None
            return list(_at(cursor, client, deadline))
    return []


def _at(cursor: Cursor, client: Client, deadline: Deadline) -> Iterator[Completion]:
    server = Server()
    server.ask(client)
    # The names of the commands are there long before the schema.
    with contextlib.suppress(TimedOut):
        client.wait(lambda: server.complete, timeout=deadline.remaining)
    live = LiveNames(client, lambda: None, patience=deadline.remaining, with_twin=False)
    menu = Menu(server.schema, server.commands)
    for candidate in find_offers(cursor.fits, menu, live).candidates.values():
        if candidate.name.startswith(cursor.typed):
            yield _completion(candidate, cursor)


def _completion(candidate: Candidate, cursor: Cursor) -> Completion:
    names_more = cursor.fits.kind is Slot.ARGUMENT_NAME and candidate.name.endswith(("=", "."))
    # A path may go on below.
    goes_on = names_more or candidate.name.startswith("/") or cursor.fits.in_json
    return Completion(cursor.written(candidate), candidate.menu_text, open=goes_on)
