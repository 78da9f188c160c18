"""How fast lines on standard input are run: ours beside a bare loop and QEMU's own shell.

Ten thousand lines each time, with a flush behind each reply: all three are fit for a dialogue.
The bare loop splits a line at its blanks, and knows nothing of types.
"""

from __future__ import annotations

import contextlib
import functools
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import (
    PROGRAMS,
    Section,
    compile_us,
    environment,
    running_qemu,
    table,
    take_turns,
)
from benchmarks.peers import qemus_shell

ROUNDS = 2

COUNT = 10_000

LINES = ("query-status", "qom-get path=/machine property=type")

BARE = """
import json, socket, sys
stream = socket.socket(socket.AF_UNIX)
stream.connect(sys.argv[1])
reader = stream.makefile("rb")
reader.readline()
stream.sendall(b'{"execute": "qmp_capabilities"}')
reader.readline()
for count, line in enumerate(sys.stdin):
    name, *arguments = line.split()
    request = {"execute": name, "id": count}
    if arguments:
        request["arguments"] = dict(argument.split("=") for argument in arguments)
    stream.sendall(json.dumps(request).encode())
    while (reply := json.loads(reader.readline())).get("id") != count:
        pass
    print(json.dumps(reply["return"]), flush=True)
"""


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with contextlib.ExitStack() as stack:
        (monitor,) = stack.enter_context(running_qemu())
        home = stack.enter_context(tempfile.TemporaryDirectory())
        run = functools.partial(lines_per_second, env=environment(home))
        commands = {
            "a bare loop": [sys.executable, "-c", BARE, monitor],
            "qmp-shell": [str(PROGRAMS / "qmp-shell"), monitor],
        }
        if shell := qemus_shell():
            commands["QEMU's qmp-shell"] = [shell, monitor]
        tables = []
        for line in LINES:
            script = Path(home, "script")
            script.write_text(f"{line}\n" * COUNT)
            ways = {
                name: functools.partial(run, command, script) for name, command in commands.items()
            }
            tables.append(table(f"`{line}`", take_turns(ways, rounds, warm_up=False), "lines/s"))
    return Section(tables, [])


def lines_per_second(command: Sequence[str], script: Path, *, env: dict[str, str]) -> float:
    """Run a script, reading the output through a pipe."""
    start = time.perf_counter()
    with script.open() as lines:
        subprocess.run(command, stdin=lines, env=env, check=True, capture_output=True)
    return COUNT / (time.perf_counter() - start)
