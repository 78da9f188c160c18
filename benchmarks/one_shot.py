"""How long a command takes as a program: ours beside QEMU's own shell and Python's imports.

usage: python -m benchmarks.one_shot [ROUNDS]

``qom-get`` needs the server's schema, which is kept on disk since the first round. What is only
imported is what any such program in Python needs. The processor's time is that of the program
and the system for it, not QEMU's.
"""

from __future__ import annotations

import contextlib
import functools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import (
    PEER_IS_MISSING,
    PROGRAMS,
    compile_us,
    environment,
    python_with_qemu_qmp,
    rounds_wanted,
    running_qemu,
    table,
    take_turns,
)


class Spent(NamedTuple):
    """What a program took, in milliseconds."""

    wall: float
    processor: float


def report(rounds: int) -> str:
    """Measure, and return tables.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with contextlib.ExitStack() as stack:
        (monitor,) = stack.enter_context(running_qemu())
        home = stack.enter_context(tempfile.TemporaryDirectory())
        ours = [str(PROGRAMS / "qmp-shell"), monitor]
        run = functools.partial(spent, env=environment(home))
        ways = {
            "qmp-shell query-status": lambda: run([*ours, "query-status"]),
            "qmp-shell qom-get": lambda: run([*ours, "qom-get", "path=/machine", "property=type"]),
            "import click, json, socket": lambda: run(
                [sys.executable, "-c", "import click, json, socket"]
            ),
        }
        python = python_with_qemu_qmp()
        if python:
            theirs = [str(Path(python).parent / "qmp-shell"), monitor]
            ways = {"QEMU's qmp-shell": lambda: run(theirs, b"query-status\n"), **ways}
        measured = take_turns(ways, rounds)
    tables = [
        table(
            "the whole program", {name: [one.wall for one in measured[name]] for name in ways}, "ms"
        ),
        table(
            "its processor's time",
            {name: [one.processor for one in measured[name]] for name in ways},
            "ms",
        ),
    ]
    return "\n\n".join(tables if python else [*tables, PEER_IS_MISSING])


def spent(command: Sequence[str], lines: bytes = b"", *, env: dict[str, str]) -> Spent:
    """Run a program, and return what it took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, input=lines, env=env, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(seconds * 1000, processor * 1000)


if __name__ == "__main__":
    print(report(rounds_wanted(40)))
