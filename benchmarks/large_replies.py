"""A reply from the wire to the terminal: the whole program, beside jq and Python's json.tool.

Of the schema, and of 1, 5 and 50 MB: many small objects, and nested values with long strings.
The peers read a file, and know the value from the beginning. Without a prompt nobody waits for
the terminal. The memory is the most that there was.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect

from benchmarks.measuring import PROGRAMS, Bound, Section, amount, compile_us, take_turns
from benchmarks.programs import Cost, cost, run, start
from benchmarks.replies import Server, nested, objects
from tests.schema.recorded import entries

ROUNDS = 1

MEGABYTES = (1, 5, 50)
PROMPT = b"prelaunch"
ONE_SHOT, AT_PROMPT = "one-shot, pretty, coloured", "at the prompt"

#: What may be used of memory, as a multiple of the reply's size, and how much more of the
#: processor's time each megabyte of the largest may take than of the one before.
MEMORY, LINEAR = 12, 1.3


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    lines = [
        "| reply | way | time | processor | each MB | memory | × its size |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    schema = measure(entries("7.2"), rounds)
    lines += rows("the schema", schema)
    found: list[Bound] = []
    for name, make in (("many objects", objects), ("nested, long strings", nested)):
        sizes = {size: measure(make(size * 1_000_000), rounds) for size in MEGABYTES}
        for costs in sizes.values():
            lines += rows(name, costs)
        found += growth_bounds(name, sizes[5], sizes[50])
    return Section(["\n".join(lines)], found)


def growth_bounds(name: str, small: Measured, large: Measured) -> list[Bound]:
    """Compare what each megabyte of a small and of a large reply took of the processor."""
    found = []
    for way in (ONE_SHOT, AT_PROMPT):
        memory, size = large.memory(way), large.size
        what = f"{size:.0f} MB, {name}, {way}"
        each, before = large.processor(way) / size, small.processor(way) / small.size
        found += [
            Bound(
                f"{what}: processor, each MB",
                amount(1000 * each, "ms"),
                f"{small.size:.0f} MB",
                amount(1000 * before, "ms"),
                each / before,
                LINEAR,
            ),
            Bound(
                f"{what}: memory",
                amount(memory, "MB"),
                "its size",
                amount(size, "MB"),
                memory / size,
                MEMORY,
            ),
        ]
    return found


class Measured:
    """What a reply cost in each way.

    Parameters:
        size: of the reply, in megabytes.
        costs: of each round, by way.
    """

    def __init__(self, size: float, costs: dict[str, list[Cost]]) -> None:
        self.size = size
        self.costs = costs

    def seconds(self, way: str) -> float:
        """Return the median of the time."""
        return statistics.median(cost.seconds for cost in self.costs[way])

    def processor(self, way: str) -> float:
        """Return the median of the processor's time."""
        return statistics.median(cost.processor for cost in self.costs[way])

    def memory(self, way: str) -> float:
        """Return the most memory, in megabytes."""
        return max(cost.megabytes for cost in self.costs[way])


def rows(name: str, measured: Measured) -> list[str]:
    """Write the lines of the table."""
    return [
        f"| {name}, {amount(measured.size, 'MB')} | {way} | {measured.seconds(way):.2f} s |"
        f" {measured.processor(way):.2f} s |"
        f" {1000 * measured.processor(way) / measured.size:.0f} ms |"
        f" {measured.memory(way):.0f} MB | {measured.memory(way) / measured.size:.1f} |"
        for way in measured.costs
    ]


def measure(value: Any, rounds: int) -> Measured:
    """Show a reply in every way."""
    content = json.dumps(value).encode()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(content)
        file.flush()
        colour = ("--output", "pretty", "--color", "always")
        ways: dict[str, Callable[[], Cost]] = {
            ONE_SHOT: lambda: without_prompt(content, *colour),
            "one-shot, json": lambda: without_prompt(content, "--output", "json"),
            "one-shot, flat": lambda: without_prompt(content, "--output", "flat"),
            AT_PROMPT: lambda: at_prompt(content),
            "`python -m json.tool`": lambda: run([sys.executable, "-m", "json.tool", file.name]),
        }
        if shutil.which("jq"):
            ways["`jq -C .`"] = lambda: run(["jq", "-C", ".", file.name])
            ways["`jq -c .`"] = lambda: run(["jq", "-c", ".", file.name])
        return Measured(len(content) / 1e6, take_turns(ways, rounds, warm_up=False))


def without_prompt(value: bytes, *options: str) -> Cost:
    """Run one command."""
    with Server(value) as server:
        shell = str(PROGRAMS / "qmp-shell")
        with start([shell, *options, server.simulator.path, "query-block"]) as process:
            server.answer()
            return cost(process)


def at_prompt(value: bytes) -> Cost:
    """Type one command, and wait for the next prompt."""
    with Server(value) as server:
        shell = str(PROGRAMS / "qmp-shell")
        process = pexpect.spawn(
            shell,
            [server.simulator.path],
            dimensions=(40, 100),
            timeout=60,
            # Whatever its length, the reply goes to the terminal.
            env={**os.environ, "PAGER": ""},
        )
        process.delaybeforesend = None
        process.expect_exact("\x1b[6n")
        process.send("\x1b[1;1R")
        process.expect_exact(PROMPT)
        begin, used = time.perf_counter(), processor_seconds(process.pid)
        process.send("query-block\r")
        server.answer()
        drain(process.child_fd)
        seconds = time.perf_counter() - begin
        used = processor_seconds(process.pid) - used
        status = Path(f"/proc/{process.pid}/status").read_text()
        process.close(force=True)
    return Cost(seconds, used, int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6)


def processor_seconds(pid: int) -> float:
    """Return how much of the processor's time a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def drain(terminal: int) -> None:
    """Read all that a terminal is told, up to the prompt behind the reply's last line."""
    seen = b""
    while not (last_line := re.search(rb"\n[\]}]", seen)):
        seen = seen[-1:] + os.read(terminal, 65536)
    seen = seen[last_line.end() :]
    while PROMPT not in seen:
        seen += os.read(terminal, 65536)
