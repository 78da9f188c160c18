"""Commands that tell about the block nodes."""

from __future__ import annotations

import os
from typing import Any

from qmpshell.simulator.commands.table import command
from qmpshell.simulator.machine import BlockNode, Device, Machine

_NO_LIMITS = {
    "iops_rd": 0,
    "iops_wr": 0,
    "iops": 0,
    "bps_wr": 0,
    "bps_rd": 0,
    "bps": 0,
    "write_threshold": 0,
}

#: Counters of ``query-blockstats``, of each kind of operation where they start with one.
_COUNTERS = ("rd", "wr", "unmap", "zone_append")


@command("query-block")
def _query_block(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return [
        {
            "io-status": "ok",
            "device": "",
            "locked": False,
            "removable": False,
            "inserted": _describe(machine, node),
            "qdev": device.id or device.path,
            "type": "unknown",
        }
        for device, node in _disks(machine)
    ]


@command("query-named-block-nodes")
def _query_named_block_nodes(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return [_describe(machine, node) for node in reversed(machine.nodes.values())]


@command("query-blockstats")
def _query_blockstats(machine: Machine, arguments: dict[str, Any]) -> Any:
    if arguments.get("query-nodes"):
        return [{"node-name": name, "stats": _stats()} for name in machine.nodes]
    return [
        {"device": "", "node-name": node.name, "qdev": device.id or device.path, "stats": _stats()}
        for device, node in _disks(machine)
    ]


def _disks(machine: Machine) -> list[tuple[Device, BlockNode]]:
    return [
        (device, machine.nodes[device.properties["drive"]])
        for device in machine.devices.values()
        if device.properties.get("drive") in machine.nodes
    ]


def _describe(machine: Machine, node: BlockNode) -> dict[str, Any]:
    backing = machine.nodes.get(node.backing or "")
    told = {
        **_NO_LIMITS,
        "detect_zeroes": "off",
        "image": _describe_image(machine, node),
        "active": True,
        "ro": node.read_only,
        "node-name": node.name,
        "backing_file_depth": len(_chain(machine, node)) - 1,
        "drv": node.driver,
        "encrypted": False,
        "cache": {"no-flush": False, "direct": False, "writeback": True},
        "file": node.filename,
    }
    if backing is not None:
        told["backing_file"] = backing.filename
    if node.bitmaps:
        told["dirty-bitmaps"] = list(node.bitmaps.values())
    return told


def _describe_image(machine: Machine, node: BlockNode) -> dict[str, Any]:
    image: dict[str, Any] = {
        "virtual-size": node.size,
        "filename": node.filename,
        "format": node.driver,
        "actual-size": 200704 if node.driver == "qcow2" else 0,
        "dirty-flag": False,
    }
    if node.driver == "qcow2":
        image["cluster-size"] = 65536
    below = machine.nodes.get(node.backing or "")
    if below is not None:
        image["backing-filename"] = os.path.basename(below.filename)
        image["backing-image"] = _describe_image(machine, below)
    return image


def _chain(machine: Machine, node: BlockNode) -> list[BlockNode]:
    chain = [node]
    while chain[-1].backing is not None:
        chain.append(machine.nodes[chain[-1].backing])
    return chain


def _stats() -> dict[str, Any]:
    stats: dict[str, Any] = {"wr_highest_offset": 0, "timed_stats": []}
    for kind in _COUNTERS:
        for counter in ("bytes", "operations", "merged", "total_time_ns"):
            stats[f"{kind}_{counter}"] = 0
        for outcome in ("failed", "invalid"):
            stats[f"{outcome}_{kind}_operations"] = 0
    for counter in ("flush_operations", "flush_total_time_ns"):
        stats[counter] = 0
    for outcome in ("failed", "invalid"):
        stats[f"{outcome}_flush_operations"] = 0
        stats[f"account_{outcome}"] = True
    return stats
