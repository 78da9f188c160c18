"""What the benchmarks share: a QEMU, QEMU's own client as a peer, taking turns, and tables."""

from __future__ import annotations

import atexit
import compileall
import contextlib
import functools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

#: The folder of the programs that belong to this Python, ours among them.
PROGRAMS = Path(sys.executable).parent

PEER_IS_MISSING = (
    "qemu.qmp, QEMU's own client, is missing: pip can't install it, and $QEMU_QMP_PYTHON"
    " names no Python that has it."
)


def environment(home: str) -> dict[str, str]:
    """Return an environment in which Python runs as it does for a person who installed it.

    Parameters:
        home: a folder, for what programs keep between two starts.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept.pop("XDG_CACHE_HOME", None)
    return {**kept, "HOME": home}


def compile_us() -> None:
    """Compile us, as installing does, and PYTHONDONTWRITEBYTECODE doesn't in a working copy."""
    compileall.compile_dir(Path(__file__).parents[1] / "qmpshell", quiet=1)


@contextlib.contextmanager
def running_qemu(monitors: int = 1) -> Iterator[list[str]]:
    """Start a QEMU that stands still; yield its monitors' sockets.

    Parameters:
        monitors: how many.
    """
    with tempfile.TemporaryDirectory() as folder:
        sockets = [f"{folder}/monitor{number}" for number in range(monitors)]
        options = [("-qmp", f"unix:{path},server=on,wait=off") for path in sockets]
        pid_file = Path(folder, "pid")
        subprocess.run(
            [
                *("qemu-system-x86_64", "-machine", "pc", "-nodefaults", "-display", "none"),
                *("-S", "-name", "bench", "-daemonize", "-pidfile", str(pid_file)),
                *(word for option in options for word in option),
            ],
            check=True,
        )
        process = int(pid_file.read_text())
        try:
            yield sockets
        finally:
            os.kill(process, 15)


@functools.cache
def python_with_qemu_qmp() -> str | None:
    """Return a Python that has the package qemu.qmp, or ``None`` where none is to be had.

    Both it and we have a program ``qmp-shell``, so it gets an environment of its own: that of
    ``$QEMU_QMP_PYTHON``, or one that lasts as long as this process.
    """
    if given := os.environ.get("QEMU_QMP_PYTHON"):
        return given if _runs(given, "-c", "import qemu.qmp") else None
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    python = f"{folder}/bin/python"
    return python if _runs(python, "-m", "pip", "install", "-q", "qemu.qmp") else None


def _runs(*command: str) -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


def take_turns(ways: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Measure several ways in turn, so that the machine's moods are the same for all.

    Parameters:
        ways: measures each, by name.
        rounds: how often; once before to warm up.
    """
    for measure in ways.values():
        measure()
    measured: dict[str, list[T]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, measure in ways.items():
            measured[name].append(measure())
    return measured


def table(title: str, measured: Mapping[str, list[float]], unit: str) -> str:
    """Write what was measured as a table in Markdown.

    The last column is the median of the ratios within each round, which a busy machine hardly
    changes, and not the ratio of the medians.

    Parameters:
        title: what was measured.
        measured: a figure for each round, by the name of the way; the first is the yardstick.
        unit: of the figures.
    """
    yardstick, *_ = measured
    lines = [
        f"| {title} | median | least | most | of {yardstick} |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, figures in measured.items():
        spread = (statistics.median(figures), min(figures), max(figures))
        ratios = [one / other for one, other in zip(figures, measured[yardstick], strict=True)]
        cells = [
            *(f"{figure:,.0f} {unit}" for figure in spread),
            f"{statistics.median(ratios):.2f}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def rounds_wanted(default: int) -> int:
    """Return how many rounds were asked for on the command line."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default
