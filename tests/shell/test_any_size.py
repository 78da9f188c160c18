"""A shell in a terminal of any size, that may change while something is typed or shown."""

from collections.abc import Callable

import pytest

from qmpshell.simulator import Simulator
from tests.shell.rough import SMALLEST, Rough
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("seed", range(3))
def test_rough_handling(simulate: Callable[..., Simulator], seed: int) -> None:
    simulator = simulate()
    columns, lines = SMALLEST
    with Terminal(["qmp-shell", simulator.path], columns=columns, lines=lines) as terminal:
        terminal.wait_for("demo")
        rough = Rough(terminal, simulator, seed)
        for _ in range(4):
            rough.go_on(15)
        # The system keeps a line that is typed ahead, and no Ctrl-D.
        terminal.type("exit\r")
        assert terminal.wait_until_ended() == 0
