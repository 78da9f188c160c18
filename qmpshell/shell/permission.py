"""Whether a request may be sent: the question before one that ends or resets the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmpshell.errors import ConnectionLost, NotSent, UsageError
from qmpshell.shell.endings import Ending
from qmpshell.shell.session import Session


def ask_before(session: Session, members: Mapping[str, Any], *, yes: bool) -> None:
    """Ask before a request that ends or resets the machine.

    Parameters:
        session: whose machine.
        members: the request.
        yes: the person has answered already.

    Raises:
        NotSent: the answer isn't yes.
        UsageError: there is ``***`` where a secret should be.
        ConnectionLost: another machine was connected to meanwhile.
    """
    _refuse_hidden(members)
    ending = session.options.guard.ending_of(members)
    # Whoever wrote it into a file meant it.
    unasked = yes or session.options.yes or session.sources or session.client.closed
    if ending is None or unasked:
        return
    asked_about = session.client
    if not session.ask(lambda: _question(session, ending)):
        leave = "; Ctrl-D or exit leaves the shell, and the machine runs on"
        raise NotSent("not sent" + (leave if ending.may_mean_leaving else ""))
    if session.client is not asked_about:
        raise ConnectionLost("not sent: it was meant for the connection that has ended")


def _refuse_hidden(members: Mapping[str, Any]) -> None:
    # At the first line there is time to import it, and at the start there isn't.
    from qmpshell.secrets import HIDDEN, hide_in_request

    if HIDDEN in hide_in_request(members).secrets:
        raise UsageError(f"{HIDDEN} stands for a secret that isn't kept: type it again")


def _question(session: Session, ending: Ending) -> str:
    machine = session.machine
    state = f", which is {machine.state}" if machine.state else ""
    return f"{ending.name} {ending.does} {machine.name}{state}: really? [y/N] "
