"""Without a prompt: a command that is waited for, with a bar where somebody looks on."""

from __future__ import annotations

import sys

from qmpshell.cli.program import complain
from qmpshell.client import Client, waiting
from qmpshell.language import BoundCommand
from qmpshell.protocol import Return
from qmpshell.render import escape
from qmpshell.shell.bar import Bar
from qmpshell.shell.waiting import find_ending

__all__ = ["find_ending", "request_and_wait"]


def request_and_wait(
    client: Client, command: BoundCommand, ending: waiting.Ending, program: str
) -> Return:
    """Send a command, and return its reply when it is done.

    Parameters:
        client: the connection.
        command: what to send.
        ending: what ends it.
        program: the program's name, which stands before each diagnostic.

    Raises:
        Error: as :func:`qmpshell.client.waiting.request_and_wait`.
    """
    bar = Bar(sys.stderr, None)
    try:
        done = waiting.request_and_wait(
            client,
            command.members,
            ending,
            timeout=command.options.timeout,
            on_progress=bar.show if sys.stderr.isatty() else None,
        )
    finally:
        bar.end()
    if done.remark:
        complain(program, escape(done.remark))
    return done.reply
