"""Opens the prompt on a target."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qmpshell.cli.options import CommonOptions
from qmpshell.cli.status import Status
from qmpshell.client import Traffic
from qmpshell.protocol import Greeting
from qmpshell.render import escape
from qmpshell.shell import Shell, ShellOptions
from qmpshell.shell.history import history_path, open_history
from qmpshell.shell.printer import Printer

if TYPE_CHECKING:
    from qmpshell.cli.session import Target


def run_interactive(
    target: Target, log: Traffic | None, options: CommonOptions, env: Mapping[str, str]
) -> Status:
    """Connect, and ask and run until the person leaves.

    Parameters:
        target: what to connect to.
        log: is given every message.
        options: what the person chose.
        env: the environment.

    Raises:
        ConnectError: no connection came about.
    """
    client = target.connect(log)
    printer = Printer(sys.stdout, options.theme(env))
    history, problem = open_history(history_path(env))
    printer.note(_banner(client.greeting, target.remark))
    if problem:
        printer.note(problem)
    shell = Shell(
        client,
        lambda: target.connect(log),
        printer,
        history,
        ShellOptions(
            hmp=options.hmp,
            vi=options.vi,
            verbose=options.verbose,
            negotiated=target.negotiated,
        ),
        target.output,
    )
    shell.run()
    return Status.OK


def _banner(greeting: Greeting | None, remark: str) -> str:
    keys = "Tab completes, /help helps, Ctrl-D leaves."
    if greeting is None:
        return f"Connected, without a greeting. {keys}"
    version = ".".join(map(str, greeting.version))
    package = f" ({escape(greeting.package)})" if greeting.package else ""
    return f"QEMU {version}{package}{f', {remark}' if remark else ''}. {keys}"
