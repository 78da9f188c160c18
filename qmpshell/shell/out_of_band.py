"""A line that goes out of band, over a connection that can or can't."""

from __future__ import annotations

from qmpshell.client import Client
from qmpshell.client.client import NO_OUT_OF_BAND
from qmpshell.language import BoundCommand, Command
from qmpshell.language.options import option_error


def check_out_of_band(client: Client, line: Command, command: BoundCommand) -> None:
    """Refuse ``--oob`` where the connection has no such thing.

    Parameters:
        client: the connection; one that has ended has its own complaint.
        line: what was typed.
        command: what it means.

    Raises:
        LineError: it hasn't.
    """
    options = command.options
    if options.oob and not (options.dry_run or client.closed or client.takes_out_of_band):
        raise option_error(line.options, "--oob", NO_OUT_OF_BAND)
