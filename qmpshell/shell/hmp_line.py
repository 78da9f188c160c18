"""One line of HMP, in whichever mode it was typed."""

from __future__ import annotations

from qmpshell.client.hmp import hmp_request
from qmpshell.render import Role, escape_lines
from qmpshell.shell.guard import split_yes
from qmpshell.shell.permission import ask_before
from qmpshell.shell.session import Session


def run_hmp(session: Session, line: str, cpu_index: int = 0) -> None:
    """Run a line of HMP and show its text.

    Parameters:
        session: where.
        line: it, perhaps with ``--yes`` at its end.
        cpu_index: the CPU that it is about.

    Raises:
        Error: whatever went wrong.
    """
    line, yes = split_yes(line, session.options.guard)
    request = hmp_request(line, cpu_index)
    ask_before(session, request, yes=yes)
    session.warn_of_overdue(request)
    with session.replies.timed() as sent:
        text = session.request(request, on_sent=lambda _: sent()).value
    shown = escape_lines(str(text)).rstrip("\n")
    session.output.show([(Role.TEXT, shown)] if shown else [])
