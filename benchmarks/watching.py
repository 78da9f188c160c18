"""How many events a second go into a pipe: ``--watch`` beside a bare loop.

Another process sends them as fast as they are taken. The bare loop reads each as JSON and prints
it as JSON; it flushes each, or leaves it to Python when.
"""

from __future__ import annotations

import contextlib
import functools
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence

from benchmarks.measuring import (
    PROGRAMS,
    Section,
    bounds,
    compile_us,
    environment,
    table,
    take_turns,
)

ROUNDS = 4

COUNT = 100_000

LOOP, WATCH = "a bare loop", "qmp-shell --watch"

FLOOD = """
import json, socket, sys
path, count = sys.argv[1], int(sys.argv[2])
events = "".join(
    json.dumps({
        "timestamp": {"seconds": 1795350730, "microseconds": number},
        "event": "BLOCK_JOB_READY",
        "data": {"device": "mirror0", "len": 67108864, "offset": number, "type": "mirror"},
    }) + "\\r\\n"
    for number in range(count)
).encode()
version = {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""}
greeting = json.dumps({"QMP": {"version": version, "capabilities": []}}).encode()
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
print("ready", flush=True)
while True:
    stream, _ = listener.accept()
    stream.sendall(greeting + b"\\r\\n")
    request = json.loads(stream.makefile().readline())
    stream.sendall(json.dumps({"return": {}, "id": request["id"]}).encode() + b"\\r\\n" + events)
    stream.close()
"""

BARE = """
import json, socket, sys
stream = socket.socket(socket.AF_UNIX)
stream.connect(sys.argv[1])
reader = stream.makefile("rb")
reader.readline()
stream.sendall(b'{"execute": "qmp_capabilities", "id": 0}\\n')
reader.readline()
for line in reader:
    print(json.dumps(json.loads(line)), flush=sys.argv[2] == "flush")
"""


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with tempfile.TemporaryDirectory() as home, flooding(f"{home}/monitor", home) as path:
        bare = [sys.executable, "-c", BARE, path]
        watch = [str(PROGRAMS / "qmp-shell"), path, "--watch", "--count", str(COUNT)]
        run = functools.partial(events_per_second, env=environment(home))
        ways = {
            LOOP: lambda: run([*bare, "later"]),
            WATCH: lambda: run(watch),
            "a bare loop that flushes": lambda: run([*bare, "flush"]),
        }
        measured = take_turns(ways, rounds)
    wanted = [("events into a pipe, `--watch`", WATCH, LOOP, 0.5)]
    return Section(
        [table("events into a pipe", measured, "/s")],
        bounds(measured, "/s", wanted, at_least=True),
    )


@contextlib.contextmanager
def flooding(path: str, home: str) -> Iterator[str]:
    """Start what sends events to each who connects; yield its socket."""
    command = [sys.executable, "-c", FLOOD, path, str(COUNT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(home)) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield path
        finally:
            process.kill()


def events_per_second(command: Sequence[str], *, env: dict[str, str]) -> float:
    """Run what prints events, reading them through a pipe."""
    start = time.perf_counter()
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - start
    assert done.stdout.count(b"\n") == COUNT
    return COUNT / seconds
