"""Commands that change the block nodes."""

from __future__ import annotations

import json
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator.commands.table import command
from qmpshell.simulator.machine import GIB, BlockNode, Machine

_SIMULATED_DRIVERS = ("null-co", "null-aio", "file", "raw", "qcow2")


@command("blockdev-add")
def _blockdev_add(machine: Machine, arguments: dict[str, Any]) -> None:
    if "node-name" not in arguments:
        raise CommandError("GenericError", "'node-name' must be specified for the root node")
    _open_node(machine, arguments)


def _open_node(machine: Machine, options: dict[str, Any] | str) -> BlockNode:
    """Open a node from its options, or find the one that is named."""
    if isinstance(options, str):
        return machine.find_node(options)
    driver = options["driver"]
    name = options.get("node-name", f"#block{machine.number():03}")
    if driver not in _SIMULATED_DRIVERS:
        raise CommandError(
            "GenericError", f"The simulator doesn't do {driver}; on a real QEMU it would run"
        )
    if "node-name" in options and not name[:1].isalpha():
        raise CommandError("GenericError", f"Invalid node-name: '{name}'")
    if name in machine.nodes:
        raise CommandError("GenericError", f"Duplicate nodes with node-name='{name}'")
    node = BlockNode(name, driver, options.get("size", GIB), _filename(options))
    node.read_only = options.get("read-only", False)
    if "file" in options:
        below = _open_node(machine, options["file"])
        node.file, node.size, node.filename = below.name, below.size, below.filename
    if options.get("backing") is not None:
        node.backing = _open_node(machine, options["backing"]).name
    machine.nodes[name] = node
    return node


def _filename(options: dict[str, Any]) -> str:
    if "filename" in options:
        return str(options["filename"])
    return f"json:{json.dumps({'driver': options['driver'], 'size': options.get('size', GIB)})}"


@command("blockdev-del")
def _blockdev_del(machine: Machine, arguments: dict[str, Any]) -> None:
    name = arguments["node-name"]
    if name not in machine.nodes:
        raise CommandError("GenericError", f"Failed to find node with node-name='{name}'")
    if machine.users_of(machine.nodes[name]):
        raise CommandError("GenericError", f"Node {name} is in use")
    del machine.nodes[name]


@command("block_resize")
def _block_resize(machine: Machine, arguments: dict[str, Any]) -> None:
    name = arguments.get("node-name", arguments.get("device", ""))
    if name not in machine.nodes:
        device = arguments.get("device", "")
        raise CommandError("GenericError", f"Cannot find device='{device}' nor node-name='{name}'")
    if arguments["size"] < 0:
        raise CommandError("GenericError", "Parameter 'size' expects a >0 size")
    machine.nodes[name].size = arguments["size"]


@command("block-dirty-bitmap-add")
def _block_dirty_bitmap_add(machine: Machine, arguments: dict[str, Any]) -> None:
    node, name = machine.find_node(arguments["node"]), arguments["name"]
    if name in node.bitmaps:
        raise CommandError("GenericError", f"Bitmap already exists: {name}")
    node.bitmaps[name] = {
        "name": name,
        "recording": not arguments.get("disabled", False),
        "persistent": arguments.get("persistent", False),
        "busy": False,
        "granularity": arguments.get("granularity", 65536),
        "count": 0,
    }


@command("block-dirty-bitmap-remove")
def _block_dirty_bitmap_remove(machine: Machine, arguments: dict[str, Any]) -> None:
    del _bitmaps_with(machine, arguments)[arguments["name"]]


@command("block-dirty-bitmap-clear")
def _block_dirty_bitmap_clear(machine: Machine, arguments: dict[str, Any]) -> None:
    _bitmaps_with(machine, arguments)[arguments["name"]]["count"] = 0


def _bitmaps_with(machine: Machine, arguments: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the bitmaps of the node that is meant, once the one that is meant is there."""
    bitmaps = machine.find_node(arguments["node"]).bitmaps
    if arguments["name"] not in bitmaps:
        raise CommandError("GenericError", f"Dirty bitmap '{arguments['name']}' not found")
    return bitmaps


@command("blockdev-snapshot-sync")
def _blockdev_snapshot_sync(machine: Machine, arguments: dict[str, Any]) -> None:
    base = machine.find_node(arguments.get("node-name") or arguments.get("device", ""))
    name = arguments.get("snapshot-node-name", f"#block{machine.number():03}")
    if name in machine.nodes:
        raise CommandError("GenericError", f"Duplicate nodes with node-name='{name}'")
    overlay = BlockNode(name, "qcow2", base.size, arguments["snapshot-file"], backing=base.name)
    machine.nodes[name] = overlay
    for device in machine.devices.values():
        if device.properties.get("drive") == base.name:
            device.properties["drive"] = name
