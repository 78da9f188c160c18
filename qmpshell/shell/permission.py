"""Whether a request may be sent: the question before one that ends or resets the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmpshell.errors import ConnectionLost, UsageError
from qmpshell.shell.endings import Ending
from qmpshell.shell.session import Session


def allows(session: Session, members: Mapping[str, Any], *, yes: bool) -> bool:
    """Ask before a request that ends or resets the machine; say whether to send it.

    Parameters:
        session: whose machine.
        members: the request.
        yes: the person has answered already.

    Raises:
        UsageError: there is ``***`` where a secret should be.
        ConnectionLost: another machine was connected to meanwhile.
    """
    _refuse_hidden(members)
    ending = session.options.guard.ending_of(members)
    # Whoever wrote it into a file meant it.
    unasked = yes or session.options.yes or session.sources or session.client.closed
    if ending is None or unasked:
        return True
    asked_about = session.client
    if session.ask(lambda: _question(session, ending)):
        if session.client is not asked_about:
            raise ConnectionLost("not sent: it was meant for the connection that has ended")
        return True
    leave = "; Ctrl-D or exit leaves the shell, and the machine runs on"
    session.printer.note("not sent" + (leave if ending.may_mean_leaving else ""))
    return False


def _refuse_hidden(members: Mapping[str, Any]) -> None:
    # At the first line there is time to import it, and at the start there isn't.
    from qmpshell.secrets import HIDDEN, hide_in_request

    if HIDDEN in hide_in_request(members).secrets:
        raise UsageError(f"{HIDDEN} stands for a secret that isn't kept: type it again")


def _question(session: Session, ending: Ending) -> str:
    machine = session.machine
    state = f", which is {machine.state}" if machine.state else ""
    return f"{ending.name} {ending.does} {machine.name}{state}: really? [y/N] "
