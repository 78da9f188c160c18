"""``qmp-list``, which is also ``qmp list``: the QEMUs that run on this host."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import click

import qmpshell
from qmpshell.cli.program import complain, run_program
from qmpshell.cli.status import Status
from qmpshell.client.machines import find_machines
from qmpshell.client.machines.text import HEADER, aligned, as_json, rows
from qmpshell.errors import UsageError
from qmpshell.render import compact_json

PROGRAM = "qmp-list"


def main(args: Sequence[str], _env: Mapping[str, str]) -> int:
    """Run ``qmp-list`` and return its exit status."""
    return run_program(PROGRAM, functools.partial(_run, args))


@click.command(PROGRAM)
@click.option(
    "--output",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How the machines are shown; json: a list of objects, on one line.",
)
@click.version_option(qmpshell.__version__)
def qmp_list(output: str) -> None:
    """List the QEMUs that run on this host, and their monitors.

    SPEAKS is QMP, HMP (the human monitor), or agent (the guest agent: qmp-shell --agent); STATE
    is free, or held by a client, as a monitor serves one at a time. No monitor is connected
    to. Of other users' machines, less is known than root would see.
    """
    machines = find_machines()
    if output == "json":
        click.echo(compact_json([as_json(machine) for machine in machines]))
    elif machines:
        click.echo("\n".join(aligned([HEADER, *rows(machines)])))
    else:
        complain(PROGRAM, "no QEMU runs here, as far as this user can see")


def _run(args: Sequence[str]) -> Status:
    try:
        qmp_list.main(list(args), PROGRAM, standalone_mode=False)
    except click.ClickException as error:
        raise UsageError(f"{error.format_message()} (try {PROGRAM} --help)") from None
    return Status.OK
