"""The machine that figures are from."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from benchmarks.peers import versions


def describe(before: float) -> str:
    """Return a table of the machine and the peers' versions.

    Parameters:
        before: the load before anything was measured.
    """
    lines = [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("load before and after", f"{before:.1f}, {os.getloadavg()[0]:.1f}"),
        ("Python", platform.python_version()),
        *versions(),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {what} |" for name, what in lines)])


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
