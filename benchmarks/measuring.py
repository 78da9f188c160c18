"""What the benchmarks share: a QEMU, taking turns, tables, and what has to hold."""

from __future__ import annotations

import compileall
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")

#: The folder of the programs that belong to this Python, ours among them.
PROGRAMS = Path(sys.executable).parent


class Bound(NamedTuple):
    """What has to hold between us and a peer.

    Attributes:
        what: was measured.
        ours: our figure, with its unit.
        peer: its name.
        theirs: its figure.
        ratio: ours through theirs: the median of those within each round.
        limit: what it has to be at most.
        at_least: whether it has to be so much at least instead.
    """

    what: str
    ours: str
    peer: str
    theirs: str
    ratio: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Say whether it does."""
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


class Section(NamedTuple):
    """What a benchmark has found out.

    Attributes:
        tables: in Markdown.
        bounds: what of it has to hold.
    """

    tables: list[str]
    bounds: list[Bound]


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


def take_turns(
    ways: Mapping[str, Callable[[], T]], rounds: int, *, warm_up: bool = True
) -> dict[str, list[T]]:
    """Measure several ways in turn, so that the machine's moods are the same for all.

    Parameters:
        ways: measures each, by name.
        rounds: how often.
        warm_up: whether once before as well.
    """
    if warm_up:
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
        cells = [
            *(amount(figure, unit) for figure in spread),
            f"{ratio(measured, name, yardstick):.2f}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def amount(figure: float, unit: str) -> str:
    """Write a figure with as many digits as say something."""
    return f"{figure:,.0f} {unit}" if figure >= 100 else f"{figure:.3g} {unit}"


def ratio(measured: Mapping[str, list[float]], name: str, yardstick: str) -> float:
    """Return the median of the ratios within each round."""
    pairs = zip(measured[name], measured[yardstick], strict=True)
    return statistics.median(one / other for one, other in pairs)


def bounds(
    measured: Mapping[str, list[float]],
    unit: str,
    wanted: list[tuple[str, str, str, float]],
    *,
    at_least: bool = False,
) -> list[Bound]:
    """Compare what was measured with what has to hold, leaving out peers that are missing.

    Parameters:
        measured: a figure for each round, by the name of the way.
        unit: of the figures.
        wanted: what is measured, the name of our way, that of the peer, and the limit.
        at_least: whether ours has to be so much at least, and not at most.
    """

    def median(name: str) -> str:
        return amount(statistics.median(measured[name]), unit)

    return [
        Bound(what, median(ours), peer, median(peer), ratio(measured, ours, peer), limit, at_least)
        for what, ours, peer, limit in wanted
        if peer in measured
    ]
