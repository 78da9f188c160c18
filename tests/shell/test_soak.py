"""A shell that is used for long holds no more in the end; ``benchmarks/soak.py`` takes longer."""

from collections.abc import Callable

import pytest

from qmpshell.simulator import Simulator
from tests.shell.soak import Soak

pytestmark = pytest.mark.usefixtures("home")

#: After so many rounds, all is imported and remembered that is used.
WARM = 1

#: So much may be added in a round more, in bytes: what was typed is kept.
MOST_ADDED = 5 * 2**20


def test_memory_and_descriptors_stay(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate()
    with Soak(["qmp-shell", simulator.path], {}) as soak:
        for _ in range(WARM):
            soak.go_round(lambda: simulator.emit("RTC_CHANGE", {"offset": soak.lines}))
        before = soak.held()
        soak.go_round(lambda: simulator.emit("RTC_CHANGE", {"offset": soak.lines}))
        after = soak.held()
        assert soak.leave() == 0
    assert after.memory - before.memory < MOST_ADDED
    assert after.descriptors <= before.descriptors
