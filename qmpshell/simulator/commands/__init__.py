"""What the simulator does for a command, by subject; ``perform`` finds it."""

from __future__ import annotations

from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.commands import (
    block,
    block_jobs,
    block_queries,
    devices,
    display,
    hmp,
    jobs,
    migration,
    qom,
    run_state,
)
from qmpshell.simulator.commands.table import HANDLERS
from qmpshell.simulator.machine import Machine

__all__ = [
    "block",
    "block_jobs",
    "block_queries",
    "devices",
    "display",
    "hmp",
    "jobs",
    "migration",
    "perform",
    "qom",
    "run_state",
]


def perform(machine: Machine, name: str, arguments: dict[str, Any]) -> Any:
    """Do a command.

    Parameters:
        machine: on which machine.
        name: a command of the schema.
        arguments: what the schema allows.

    Raises:
        CommandError: the machine refuses, or the simulator doesn't do this command.
    """
    if name in HANDLERS:
        value = HANDLERS[name](machine, arguments)
        return {} if value is None else value
    if name in recorded.answers():
        return recorded.answers()[name]
    raise CommandError(
        "GenericError", f"The simulator doesn't do {name}; on a real QEMU it would run"
    )
