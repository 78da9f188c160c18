"""What a program costs: time, the processor's time, memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: Runs a program, and says what it took. A process that is small itself has to: what is
#: started by a large one is said to have been as large.
_MEASURE = """
import json, resource, subprocess, sys, time
command, lines = json.loads(sys.argv[1])
start = time.perf_counter()
done = subprocess.run(command, input=lines.encode(), stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


class Cost(NamedTuple):
    """What a run took.

    Attributes:
        seconds: from its beginning to its end.
        processor: seconds of the processor's time, the program's and the system's for it.
        megabytes: the most memory. Of less than 10 nothing is known.
    """

    seconds: float
    processor: float
    megabytes: float


def start(
    command: Sequence[str], lines: str = "", env: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start what runs a program and measures it.

    Parameters:
        command: the program and its arguments.
        lines: its standard input.
        env: its environment, if not ours.
    """
    return subprocess.Popen(
        [sys.executable, "-S", "-c", _MEASURE, json.dumps([command, lines])],
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    )


def cost(process: subprocess.Popen[str]) -> Cost:
    """Return what it has measured."""
    said, _ = process.communicate()
    status, seconds, processor, kibibytes = said.split()
    assert status == "0"
    return Cost(float(seconds), float(processor), float(kibibytes) * 1024 / 1e6)


def run(command: Sequence[str], lines: str = "", env: Mapping[str, str] | None = None) -> Cost:
    """Run a program, and return what it took."""
    with start(command, lines, env) as process:
        return cost(process)
