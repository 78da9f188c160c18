"""How long a reply takes from the wire to coloured text, and how much memory.

usage: python benchmarks/rendering.py [RUNS]

First the schema's reply, within the process, beside Pygments and ``jq`` (which starts a
process each time). Then replies of 1, 5 and 50 MB for the whole program, at the prompt and
without one, beside ``jq`` and ``python -m json.tool`` on a file. Those that are compared run
in turn, so that the machine's moods are the same for all.
"""

from __future__ import annotations

import compileall
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
from pygments import highlight
from pygments.formatters import Terminal256Formatter
from pygments.lexers import JsonLexer

from qmpshell.render import plain
from qmpshell.render.json import PrettyJSON
from qmpshell.render.theme import Theme
from qmpshell.simulator import Faults, Simulator, recorded

MEGABYTES = (1, 5, 50)
PROMPT = b"prelaunch"

#: Runs a program, and says what it took. A process that is small itself has to: what is
#: started by a large one is said to have been as large.
MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


class Cost(NamedTuple):
    """What a run took.

    Attributes:
        seconds: from its beginning to its end.
        processor: seconds of the processor's time.
        kibibytes: the most memory.
    """

    seconds: float
    processor: float
    kibibytes: float


def objects(size: int) -> list[Any]:
    """Return as many small objects as make so many bytes of JSON."""

    def disk(number: int) -> dict[str, Any]:
        return {
            "device": f"virtio{number}",
            "locked": False,
            "removable": False,
            "type": "unknown",
            "size": 2**30 + number,
            "qdev": f"/machine/peripheral/disk{number}",
        }

    return list(repeated(disk, size))


def nested(size: int) -> dict[str, Any]:
    """Return nested values with long strings that make so many bytes of JSON."""

    def branch(number: int) -> dict[str, Any]:
        text = 'a "long" text,\twith é and /' * (1 + number * 37 % 400)
        deep = {"deep": {"deeper": {"deepest": [number, None, 1.5, {}]}}}
        return {"level": number, "text": text, "list": [[{"x": ["y" * (number % 100), deep]}]]}

    return {"all": {"of": {"it": list(repeated(branch, size))}}}


def repeated(make: Callable[[int], Any], size: int) -> Iterator[Any]:
    number = 0
    while size > 0:
        yield (value := make(number))
        size -= len(json.dumps(value)) + 2
        number += 1


def measure(command: list[str]) -> Cost:
    """Run a program."""
    with start(command) as process:
        return cost(process)


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", MEASURE, *command], stdout=subprocess.PIPE, text=True
    )


def cost(process: subprocess.Popen[str]) -> Cost:
    said, _ = process.communicate()
    return Cost(*map(float, said.split()))


class Server:
    """A server that answers ``query-block`` with prepared bytes, as fast as they are taken."""

    def __init__(self, value: bytes) -> None:
        self._value = value
        self._folder = tempfile.TemporaryDirectory()
        self.simulator = Simulator(
            Path(self._folder.name) / "monitor", faults=Faults(held=frozenset({"query-block"}))
        )

    def __enter__(self) -> Server:
        self.simulator.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.stop()
        self._folder.cleanup()

    def answer(self) -> None:
        id_ = json.dumps(self.simulator.wait_for("query-block")["id"]).encode()
        self.simulator.send_raw(b'{"return": %b, "id": %b}\r\n' % (self._value, id_))


def without_prompt(value: bytes, *options: str) -> Cost:
    """Run one command."""
    with Server(value) as server:
        shell = str(Path(sys.executable).parent / "qmp-shell")
        with start([shell, *options, server.simulator.path, "query-block"]) as process:
            server.answer()
            return cost(process)


def at_prompt(value: bytes) -> Cost:
    """Type one command, and wait for the next prompt."""
    with Server(value) as server:
        shell = str(Path(sys.executable).parent / "qmp-shell")
        process = pexpect.spawn(shell, [server.simulator.path], dimensions=(40, 100), timeout=60)
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
    return Cost(seconds, used, int(status.split("VmHWM:")[1].split()[0]))


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


def in_process(runs: int) -> None:
    """Print how long the schema's reply takes to colour."""
    value = recorded.schema()
    theme = Theme()
    text = plain(PrettyJSON(value))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(value, file)
        file.flush()
        jq = ["jq", "-C", ".", file.name]
        ways: dict[str, Callable[[], object]] = {
            "qmpshell": lambda: theme.paint(PrettyJSON(value)),
            "Pygments": lambda: highlight(
                text, JsonLexer(), Terminal256Formatter(style=theme.style)
            ),
            "`jq -C`": lambda: subprocess.run(jq, stdout=subprocess.DEVNULL, check=True),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for run in range(runs + 1):
            for name, way in ways.items():
                begin = time.perf_counter()
                way()
                if run:  # the first one only warms up
                    times[name].append(time.perf_counter() - begin)
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    print(
        f"| the schema, {len(json.dumps(value)) / 1000:.0f} kB | median | ours is |\n|---|---|---|"
    )
    for name, seconds in medians.items():
        print(f"| {name} | {1000 * seconds:.1f} ms | {medians['qmpshell'] / seconds:.2f} × |")


def whole_program(name: str, value: Any, runs: int) -> None:
    """Print what a reply costs the whole program, and others that write the same."""
    content = json.dumps(value).encode()
    size = len(content) / 1e6
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(content)
        file.flush()
        colour = ("--output", "pretty", "--color", "always")
        ways: dict[str, Callable[[], Cost]] = {
            "one-shot, pretty, coloured": lambda: without_prompt(content, *colour),
            "one-shot, json": lambda: without_prompt(content, "--output", "json"),
            "one-shot, flat": lambda: without_prompt(content, "--output", "flat"),
            "at the prompt": lambda: at_prompt(content),
            "`jq -C .`": lambda: measure(["jq", "-C", ".", file.name]),
            "`jq -c .`": lambda: measure(["jq", "-c", ".", file.name]),
            "`python -m json.tool`": lambda: measure(
                [sys.executable, "-m", "json.tool", file.name]
            ),
        }
        costs: dict[str, list[Cost]] = {way: [] for way in ways}
        for _ in range(runs):
            for way, run in ways.items():
                costs[way].append(run())
    for way, seen in costs.items():
        seconds = statistics.median(cost.seconds for cost in seen)
        processor = statistics.median(cost.processor for cost in seen)
        memory = max(cost.kibibytes for cost in seen) * 1024 / 1e6
        print(
            f"| {name}, {size:.0f} MB | {way} | {seconds:.2f} s | {processor:.2f} s |"
            f" {1000 * processor / size:.0f} ms | {memory:.0f} MB | {memory / size:.1f} |"
        )


def main() -> None:
    """Print both tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    # As installing does, and PYTHONDONTWRITEBYTECODE doesn't in a working copy.
    compileall.compile_dir(Path(__file__).parent.parent / "qmpshell", quiet=1)
    in_process(5 * runs)
    print("\n| reply | way | time | processor | for each MB | most memory | × its size |")
    print("|---|---|---|---|---|---|---|")
    for megabytes in MEGABYTES:
        whole_program("many objects", objects(megabytes * 1_000_000), runs)
        whole_program("nested, long strings", nested(megabytes * 1_000_000), runs)


if __name__ == "__main__":
    main()
