"""A session with a target: at a prompt, or line by line without one."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qmpshell.cli.options import Options
from qmpshell.cli.program import complain_of_line
from qmpshell.cli.status import Status
from qmpshell.cli.target import Target
from qmpshell.errors import LineError, UsageError

if TYPE_CHECKING:
    from qmpshell.cli.patience import Patience


def run_session(
    target: Target, options: Options, words: tuple[str, ...], env: Mapping[str, str]
) -> int:
    """Run the command or the lines that were given, or watch, or open a prompt.

    Parameters:
        target: what to connect to.
        options: what the person chose.
        words: the command and its arguments, or what to watch for; empty for none.
        env: the environment.

    Raises:
        Error: no connection came about, or a command failed.
    """
    try:
        rendition = options.rendition()
    except LineError as error:
        complain_of_line(options.program, options.select or "", error, "--select: ")
        return Status.USAGE
    if words and options.sources:
        raise UsageError("either a command is run, or the lines of -c and -f")
    with options.log() as log:
        # Each of these ways takes its time to import, and only one is gone.
        if options.watch:
            from qmpshell.cli.watching import run_watching

            patience = _patience(target, options)
            return run_watching(target.connect, log, options, rendition, words, env, patience)
        if words or options.sources or not (sys.stdin.isatty() and sys.stdout.isatty()):
            from qmpshell.cli.batch import run_batch

            patience = _patience(target, options)
            connect = patience.connect if patience else target.connect
            return run_batch(connect, log, options, rendition, words, env)
        from qmpshell.cli.interactive import run_interactive

        return run_interactive(target, log, options, rendition, env)


def _patience(target: Target, options: Options) -> Patience | None:
    if not options.reconnect:
        return None
    from qmpshell.cli.patience import Patience
    from qmpshell.client.connector import Connector

    connector = Connector(
        target.address, options.connect_timeout, target.negotiated, target.is_agent
    )
    return Patience(connector, options.program, options.timeout)
