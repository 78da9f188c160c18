"""Opens the prompt on a target."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qmpshell.address import trusts_anybody
from qmpshell.cli.options import Options
from qmpshell.cli.shell_options import shell_options
from qmpshell.cli.signals import ending_on_signals
from qmpshell.cli.starting import end_starting
from qmpshell.cli.status import Status
from qmpshell.cli.target import Target
from qmpshell.client import Traffic
from qmpshell.client.connector import Connector
from qmpshell.render import columns, escape
from qmpshell.shell.connection import Connection
from qmpshell.shell.printer import Printer
from qmpshell.shell.session import Session

if TYPE_CHECKING:
    from qmpshell.language.rendition import Rendition


def run_interactive(
    target: Target,
    log: Traffic | None,
    options: Options,
    rendition: Rendition | None,
    env: Mapping[str, str],
) -> Status:
    """Connect, and ask and run until the person leaves.

    Parameters:
        target: what to connect to.
        log: is given every message.
        options: what the person chose.
        rendition: how replies are shown where a line doesn't say otherwise, if chosen.
        env: the environment.

    Raises:
        ConnectError: no connection came about.
    """
    chosen = shell_options(options, rendition, env, target)
    printer = Printer(sys.stdout, options.theme(env))
    # A signal must not leave the terminal as the prompt had it.
    with ending_on_signals():
        connector = Connector(
            target.address,
            options.connect_timeout,
            target.negotiated,
            target.is_agent,
            log,
        )
        session = Session(lambda: target.connect(log), printer, chosen, connector)
        session.connection.begin()
        # QEMU answers while prompt_toolkit is imported, which takes three times as long.
        from qmpshell.shell.history import history_path, open_history
        from qmpshell.shell.shell import Shell

        # Without a colour, as importing those takes time that is better spent later.
        print(_banner(session.connection, target.remark, printer.width))
        if trusts_anybody(target.address):
            printer.note("verify=off: whoever answers there is trusted with all that is typed")
        wanted = options.configuration.history
        path = history_path(env) if wanted is None else wanted
        history, problem = open_history(path, hmp=options.hmp)
        if problem:
            printer.note(problem)
        shell = Shell(session, history, target.output)
        end_starting()
        shell.run()
    return Status.OK


def _banner(connection: Connection, remark: str, width: int) -> str:
    """Say what we are connected to and which keys help, on one line where it fits."""
    keys = "Tab completes, /help helps, Ctrl-D leaves."
    what = "Connected, without a greeting."
    if connection.count == 0:
        what = "Not connected yet."
    elif greeting := connection.client.greeting:
        version = ".".join(map(str, greeting.version))
        package = f" ({escape(greeting.package)})" if greeting.package else ""
        what = f"QEMU {version}{package}{f', {remark}' if remark else ''}."
    elif connection.client.is_agent:
        what = f"{escape(connection.client.server_name).capitalize()}."
    return what + (" " if columns(what) + len(keys) < width else "\n") + keys
