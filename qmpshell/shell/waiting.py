"""A line that waits until it is done: what ends it, or that nothing is known to."""

from __future__ import annotations

from qmpshell.client.waiting import Ending, ending_of
from qmpshell.errors import RequestError
from qmpshell.language import BoundCommand, Command
from qmpshell.language.options import option_error


def find_ending(line: Command, command: BoundCommand) -> Ending:
    """Return what ends a command whose line says ``--wait``.

    Parameters:
        line: what was typed.
        command: what it means.

    Raises:
        LineError: nothing is known that ends it.
    """
    try:
        return ending_of(command.members)
    except RequestError as error:
        raise option_error(line.options, "--wait", str(error)) from None
