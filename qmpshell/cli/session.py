"""A session with a target: at a prompt, or line by line without one."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from qmpshell.cli.options import Options
from qmpshell.cli.status import Status
from qmpshell.cli.target import Target


def run_session(
    target: Target, options: Options, words: tuple[str, ...], env: Mapping[str, str]
) -> Status:
    """Run the command that was given, or standard input's lines, or a prompt.

    Parameters:
        target: what to connect to.
        options: what the person chose.
        words: the command and its arguments; empty for none.
        env: the environment.

    Raises:
        Error: no connection came about, or a command failed.
    """
    with options.log() as log:
        # Each of the two ways takes its time to import, and only one is gone.
        if words or not (sys.stdin.isatty() and sys.stdout.isatty()):
            from qmpshell.cli.batch import run_batch

            return run_batch(target.connect, log, options, words, env)
        from qmpshell.cli.interactive import run_interactive

        return run_interactive(target, log, options, env)
