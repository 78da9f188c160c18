"""Commands that begin a job on block nodes, and transactions."""

from __future__ import annotations

import copy
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import jobs
from qmpshell.simulator.commands.table import HANDLERS, command
from qmpshell.simulator.machine import BlockNode, Job, Machine


@command("blockdev-mirror")
def _blockdev_mirror(machine: Machine, arguments: dict[str, Any]) -> None:
    source = machine.find_node(arguments["device"])
    target = machine.find_node(arguments["target"])
    if source is target:
        raise CommandError("GenericError", "Can't mirror node into itself")
    _start(machine, "mirror", arguments, source, target)


@command("blockdev-backup")
def _blockdev_backup(machine: Machine, arguments: dict[str, Any]) -> None:
    source = machine.find_node(arguments["device"])
    target = machine.find_node(arguments["target"])
    if source is target:
        raise CommandError("GenericError", "Source and target cannot be the same")
    _start(machine, "backup", arguments, source, target)


@command("drive-mirror")
def _drive_mirror(machine: Machine, arguments: dict[str, Any]) -> None:
    _start(machine, "mirror", arguments, machine.find_node(arguments["device"]))


@command("drive-backup")
def _drive_backup(machine: Machine, arguments: dict[str, Any]) -> None:
    _start(machine, "backup", arguments, machine.find_node(arguments["device"]))


@command("block-stream")
def _block_stream(machine: Machine, arguments: dict[str, Any]) -> None:
    node = machine.find_node(arguments["device"])
    _begin(machine, "stream", arguments, node, node.size if node.backing else 0)


@command("block-commit")
def _block_commit(machine: Machine, arguments: dict[str, Any]) -> None:
    top = machine.find_node(arguments["device"])
    if top.backing is None:
        raise CommandError("GenericError", "cannot commit an image into itself")
    _start(machine, "commit", arguments, top, machine.nodes[top.backing])


@command("blockdev-create")
def _blockdev_create(machine: Machine, arguments: dict[str, Any]) -> None:
    job = Job(arguments["job-id"], "create", 1, 0, "", None, machine.timetable.now())
    job.auto_dismiss = False
    jobs.start(machine, job)
    below = arguments["options"].get("file")
    if isinstance(below, str) and below not in machine.nodes:
        jobs.fail(machine, job, f"Cannot find device='{below}' nor node-name='{below}'")


@command("transaction")
def _transaction(machine: Machine, arguments: dict[str, Any]) -> None:
    """Do all of it or nothing."""
    actions = [(action["type"], action["data"]) for action in arguments["actions"]]
    for kind, _ in actions:
        if kind == "abort":
            raise CommandError("GenericError", "Transaction aborted using Abort action")
        if kind not in HANDLERS:
            raise CommandError(
                "GenericError", f"The simulator doesn't do {kind}; on a real QEMU it would run"
            )
    nodes, devices = copy.deepcopy(machine.nodes), copy.deepcopy(machine.devices)
    running = set(machine.jobs)
    try:
        for kind, data in actions:
            HANDLERS[kind](machine, data)
    except CommandError:
        machine.nodes, machine.devices = nodes, devices
        for id_ in set(machine.jobs) - running:
            jobs.cancel(machine, machine.jobs[id_])
        raise


def _start(
    machine: Machine,
    kind: str,
    arguments: dict[str, Any],
    source: BlockNode,
    target: BlockNode | None = None,
) -> None:
    """Begin a job that copies a node.

    Parameters:
        machine: on which machine.
        kind: the job's type.
        arguments: of the command.
        source: what is copied.
        target: where to; ``None`` for a new node of the file that ``target`` names.
    """
    for node in (source, target):
        for job in machine.jobs.values():
            if node is not None and node.name in (job.source, job.target):
                raise CommandError(
                    "GenericError",
                    f"Node '{node.name}' is busy: block device is in use by block job: {job.type}",
                )
    if target is None:
        name = arguments.get("node-name", f"#block{machine.number():03}")
        driver = arguments.get("format", source.driver)
        target = machine.nodes[name] = BlockNode(name, driver, source.size, arguments["target"])
    _begin(machine, kind, arguments, source, source.size, target)


def _begin(
    machine: Machine,
    kind: str,
    arguments: dict[str, Any],
    source: BlockNode,
    length: int,
    target: BlockNode | None = None,
) -> None:
    job = Job(
        arguments.get("job-id", ""),
        kind,
        length,
        arguments.get("speed", 0),
        source.name,
        None if target is None else target.name,
        machine.timetable.now(),
        auto_finalize=arguments.get("auto-finalize", True),
        auto_dismiss=arguments.get("auto-dismiss", True),
    )
    jobs.start(machine, job)
