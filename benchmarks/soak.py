"""Uses a shell as much as somebody does in hours: does it hold more and more?

    python benchmarks/soak.py [ROUNDS] [--qemu]

Each of the ROUNDS (200 if not given) types some forty lines: queries, tables, wrong lines, Tab,
devices that come and go, jobs, /events, /reconnect; events come meanwhile. The machine is the
simulator's, or a real QEMU's. It fails when the shell holds over 5 MB or any descriptor more
at the end than after a tenth of it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import qmpshell
from qmpshell.simulator import Simulator
from tests.real_qemu import RealQEMU
from tests.shell.soak import Held, Soak

#: How much memory may be added, in bytes: what was typed is kept for the arrow keys.
MOST_ADDED = 5 * 2**20

_START = "import qmpshell.cli; qmpshell.cli.qmp_shell()"


@contextmanager
def simulated(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """A simulated machine: its socket, and what lets some events come."""
    with Simulator(folder / "monitor") as simulator:

        def emit() -> None:
            for number in range(5):
                simulator.emit("RTC_CHANGE", {"offset": number})

        yield simulator.path, emit


@contextmanager
def real(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """A real machine: its socket, and what lets some events come."""
    options = ("-usb", "-nic", "user,id=net0")
    with RealQEMU(folder, *options) as qemu, qmpshell.connect(qemu.sockets[1]) as other:
        yield qemu.socket, lambda: other.execute("system_reset")


def main(arguments: list[str]) -> int:
    """Use it, and print what it holds; return the exit status."""
    rounds = next((int(word) for word in arguments if word.isdigit()), 200)
    machine = real if "--qemu" in arguments else simulated
    command = [sys.executable, "-c", _START]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with machine(folder) as (socket, emit), Soak([*command, socket], {"HOME": name}) as soak:
            started, held = time.monotonic(), []
            for number in range(rounds):
                soak.go_round(emit)
                held.append(soak.held())
                if (number + 1) % max(1, rounds // 10) == 0:
                    _show(soak.lines, time.monotonic() - started, held[-1])
            assert soak.leave() == 0
    tenth = max(1, rounds // 10)
    warm, end = _most(held[:tenth]), _most(held[-tenth:])
    added = end.memory - warm.memory
    more = end.descriptors - warm.descriptors
    print(f"added since the first tenth: {added / 2**20:.1f} MB, {more} descriptors")
    return 1 if added > MOST_ADDED or more > 0 else 0


def _most(several: list[Held]) -> Held:
    return Held(max(held.memory for held in several), max(held.descriptors for held in several))


def _show(lines: int, seconds: float, held: Held) -> None:
    memory = held.memory / 2**20
    print(f"{lines:6} lines {seconds:6.0f} s {memory:7.1f} MB {held.descriptors:4} descriptors")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
