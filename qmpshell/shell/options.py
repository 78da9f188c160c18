"""What a person chose for a session of the shell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qmpshell.configuration import Configuration
from qmpshell.named_tuple import NamedTuple
from qmpshell.shell.event_log import ALL, EventFilter
from qmpshell.shell.guard import Guard

if TYPE_CHECKING:
    from qmpshell.configuration.settings import Choice
    from qmpshell.language.rendition import Rendition


class ShellOptions(NamedTuple):
    """What the person chose for the session.

    Attributes:
        hmp: speak HMP.
        vi: vi's keys, not Emacs'.
        verbose: show requests and replies whole.
        no_check: send also what the schema calls wrong.
        rendition: how replies are shown where a line doesn't say otherwise, if chosen.
        yes: don't ask before a machine is ended or reset.
        guard: what is asked about besides, and what isn't.
        events: which events are shown at first.
        pager: the command that shows what is longer than the screen, empty for none;
            ``None`` for the usual one.
        timing: whether to say how long replies took.
        configuration: what the configuration file says.
        choices: what was chosen in its place, by the key.
        negotiated: the server is a QMP monitor that greeted us, so it can be asked for
            its name and state.
        reconnect: wait for a machine that isn't there, or not any more.
    """

    hmp: bool = False
    vi: bool = False
    verbose: bool = False
    no_check: bool = False
    rendition: Rendition | None = None
    yes: bool = False
    guard: Guard = Guard()
    events: EventFilter = ALL
    pager: str | None = None
    timing: bool = False
    configuration: Configuration = Configuration()
    choices: Mapping[str, Choice] = {}
    negotiated: bool = True
    reconnect: bool = False
