"""``!``: a command of the operating system, or a shell of its own, on this terminal."""

from __future__ import annotations

import os

from qmpshell.language import SystemCommand
from qmpshell.shell.foreground import run_in_foreground, status_text
from qmpshell.shell.session import Session


def run_system_command(session: Session, line: SystemCommand) -> None:
    """Run a command, and say how it ended unless it was well.

    The machine isn't heard meanwhile; its events are shown afterwards.

    Parameters:
        session: where that is said.
        line: the command; without one, the person's own shell is begun.

    Raises:
        UsageError: it can't be run.
    """
    if not line.text:
        # How its last command ended was seen in it.
        run_in_foreground([os.environ.get("SHELL") or "/bin/sh"])
        return
    status = run_in_foreground(line.text)
    if status:
        session.printer.note(f"! ended with {status_text(status)}")
