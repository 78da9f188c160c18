"""How long a command and its reply take: this client beside a bare loop and QEMU's own client.

Each has a monitor of the same QEMU. The bare loop sends a request that is written already, reads
a line, and compares the id. QEMU reads a request a byte at a time, so most of it is QEMU's time.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

import qmpshell
from benchmarks.measuring import (
    Section,
    bounds,
    running_qemu,
    table,
    take_turns,
)
from benchmarks.peers import python_with

ROUNDS = 100

#: So many round trips are measured at once, and these are a round's figure.
AT_ONCE = 100

LOOP, OURS, LEGACY = "a bare loop", "qmpshell.Client", "qemu.qmp.legacy"

#: Does as many as each line of its input says, and writes how many seconds that took.
PEER = """
import sys, time
from {module} import QEMUMonitorProtocol
monitor = QEMUMonitorProtocol(sys.argv[1])
monitor.connect()
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        monitor.cmd("query-status")
    print(time.perf_counter() - start, flush=True)
"""


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    with contextlib.ExitStack() as stack:
        bare, ours, *others = stack.enter_context(running_qemu(monitors=4))
        client = stack.enter_context(qmpshell.connect(ours))
        loop = stack.enter_context(bare_loop(bare))
        ways = {
            LOOP: lambda: timed(loop),
            OURS: lambda: timed(lambda: client.execute("query-status")),
        }
        for package, module, monitor in zip(
            ("qemu.qmp", "qmp"), (LEGACY, "qmp"), others, strict=True
        ):
            if python := python_with(package):
                ways[module] = stack.enter_context(peer(python, module, monitor))
        measured = take_turns(ways, rounds)
    each_second = {name: [1e6 / one for one in times] for name, times in measured.items()}
    return Section(
        [table("a round trip", measured, "µs")],
        [
            *bounds(measured, "µs", [("`client.execute`, a round trip", OURS, LOOP, 1.15)]),
            *bounds(
                each_second,
                "/s",
                [
                    ("`client.execute`, round trips", OURS, LEGACY, 2.3),
                    ("the bare loop itself, round trips", LOOP, LEGACY, 2.3),
                ],
                at_least=True,
            ),
        ],
    )


def timed(round_trip: Callable[[], object]) -> float:
    """Return how many microseconds a round trip takes."""
    start = time.perf_counter()
    for _ in range(AT_ONCE):
        round_trip()
    return (time.perf_counter() - start) / AT_ONCE * 1e6


@contextlib.contextmanager
def bare_loop(path: str) -> Iterator[Callable[[], None]]:
    """Connect; yield what sends ``query-status`` and reads the reply."""
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(path)
        reader = stream.makefile("rb")
        reader.readline()
        stream.sendall(b'{"execute": "qmp_capabilities"}\n')
        reader.readline()
        count = 0

        def round_trip() -> None:
            nonlocal count
            count = (count + 1) % 1000
            stream.sendall(b'{"execute": "query-status", "id": %d}\n' % count)
            while json.loads(reader.readline()).get("id") != count:
                pass

        yield round_trip


@contextlib.contextmanager
def peer(python: str, module: str, path: str) -> Iterator[Callable[[], float]]:
    """Start another client; yield what returns the microseconds that its round trips take."""
    with subprocess.Popen(
        [python, "-c", PEER.format(module=module), path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        requests, answers = process.stdin, process.stdout
        assert requests and answers

        def measure() -> float:
            requests.write(f"{AT_ONCE}\n")
            requests.flush()
            return float(answers.readline()) / AT_ONCE * 1e6

        yield measure
        requests.close()
