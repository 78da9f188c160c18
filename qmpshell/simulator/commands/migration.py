"""Commands about migration: what it may do, not the doing."""

from __future__ import annotations

from typing import Any

from qmpshell.simulator.commands.table import command
from qmpshell.simulator.machine import Machine


@command("query-migrate-capabilities")
def _query_migrate_capabilities(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return [
        {"state": state, "capability": capability}
        for capability, state in machine.migration_capabilities.items()
    ]


@command("migrate-set-capabilities")
def _migrate_set_capabilities(machine: Machine, arguments: dict[str, Any]) -> None:
    for entry in arguments["capabilities"]:
        machine.migration_capabilities[entry["capability"]] = entry["state"]


@command("query-migrate-parameters")
def _query_migrate_parameters(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return machine.migration_parameters


@command("migrate-set-parameters")
def _migrate_set_parameters(machine: Machine, arguments: dict[str, Any]) -> None:
    machine.migration_parameters.update(arguments)
