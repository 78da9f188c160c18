"""How the schema's size shows: QEMU 7.2's, half of its commands, and everything twice.

What is measured: reading the server's reply, and a keystroke, as in ``keystrokes``.
"""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from benchmarks.keystrokes import measure
from benchmarks.measuring import Section, amount
from qmpshell.schema import Schema
from tests.schema.recorded import entries

ROUNDS = 5

#: Where an entry has the name of a type. ``type`` also stands in its members and variants.
_TYPES = ("arg-type", "ret-type", "element-type", "type")


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often the reply is read. The keystrokes are many anyway.
    """
    whole = entries("7.2")
    table = [
        "| schema | commands | reply | read in | a keystroke, median | 99 % are under |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, some in (("half", half(whole)), ("whole", whole), ("doubled", doubled(whole))):
        reply = json.dumps(some)
        reading = statistics.median(read(reply) for _ in range(rounds))
        known = Schema(json.loads(reply))
        times = sorted(measure(known))
        cells = [
            f"{len(known.commands)}",
            amount(len(reply) / 1000, "kB"),
            amount(1000 * reading, "ms"),
            amount(1000 * statistics.median(times), "ms"),
            amount(1000 * times[len(times) * 99 // 100], "ms"),
        ]
        table.append(f"| {name} | {' | '.join(cells)} |")
    return Section(["\n".join(table)], [])


def read(reply: str) -> float:
    """Return how many seconds it takes to read a reply to ``query-qmp-schema``."""
    begin = time.perf_counter()
    assert Schema(json.loads(reply)).commands
    return time.perf_counter() - begin


def half(whole: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every other command and event, and the types that they need."""
    roots = [entry for entry in whole if entry["meta-type"] in ("command", "event")][::2]
    types = {entry["name"]: entry for entry in whole if entry not in roots}
    needed: dict[str, dict[str, Any]] = {}
    wanted = [name for entry in roots for name in types_in(entry)]
    while wanted:
        name = wanted.pop()
        if name not in needed:
            needed[name] = types[name]
            wanted += types_in(types[name])
    return roots + list(needed.values())


def types_in(value: Any) -> list[str]:
    """Return the names of the types that an entry needs."""
    if isinstance(value, list):
        return [name for part in value for name in types_in(part)]
    if not isinstance(value, dict):
        return []
    here = [name for key, name in value.items() if key in _TYPES and isinstance(name, str)]
    return here + [name for part in value.values() for name in types_in(part)]


def doubled(whole: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return all entries, and all but the types that are built in under a second name."""
    built_in = {entry["name"] for entry in whole if entry["meta-type"] == "builtin"}

    def second(name: str) -> str:
        return name if name in built_in else f"{name}-2"

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(part) for part in value]
        if not isinstance(value, dict):
            return value
        return {
            key: second(part) if key in _TYPES and isinstance(part, str) else renamed(part)
            for key, part in value.items()
        }

    others = [entry for entry in whole if entry["name"] not in built_in]
    return whole + [{**renamed(entry), "name": second(entry["name"])} for entry in others]
