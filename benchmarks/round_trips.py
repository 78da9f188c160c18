"""How long a command and its reply take: this client beside a bare loop and QEMU's own client.

usage: python -m benchmarks.round_trips [ROUNDS]

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
    PEER_IS_MISSING,
    python_with_qemu_qmp,
    rounds_wanted,
    running_qemu,
    table,
    take_turns,
)

#: So many round trips are measured at once, and these are a round's figure.
AT_ONCE = 100

#: Does as many as each line of its input says, and writes how many seconds that took.
PEER = """
import sys, time
from qemu.qmp.legacy import QEMUMonitorProtocol
monitor = QEMUMonitorProtocol(sys.argv[1])
monitor.connect()
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        monitor.cmd("query-status")
    print(time.perf_counter() - start, flush=True)
"""


def report(rounds: int) -> str:
    """Measure, and return tables.

    Parameters:
        rounds: how often each is measured.
    """
    with contextlib.ExitStack() as stack:
        bare, ours, theirs = stack.enter_context(running_qemu(monitors=3))
        client = stack.enter_context(qmpshell.connect(ours))
        loop = stack.enter_context(bare_loop(bare))
        ways = {
            "a bare loop": lambda: timed(loop),
            "qmpshell.Client": lambda: timed(lambda: client.execute("query-status")),
        }
        python = python_with_qemu_qmp()
        if python:
            ways["qemu.qmp"] = stack.enter_context(peer(python, theirs))
        measured = take_turns(ways, rounds)
    tables = table("a round trip", measured, "µs")
    return tables if python else f"{tables}\n\n{PEER_IS_MISSING}"


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
def peer(python: str, path: str) -> Iterator[Callable[[], float]]:
    """Start QEMU's own client; yield what returns the microseconds that its round trips take."""
    with subprocess.Popen(
        [python, "-c", PEER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        requests, answers = process.stdin, process.stdout
        assert requests and answers

        def measure() -> float:
            requests.write(f"{AT_ONCE}\n")
            requests.flush()
            return float(answers.readline()) / AT_ONCE * 1e6

        yield measure
        requests.close()


if __name__ == "__main__":
    print(report(rounds_wanted(60)))
