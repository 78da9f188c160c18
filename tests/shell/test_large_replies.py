"""A reply of many megabytes at the prompt."""

from collections.abc import Callable

import pytest

from qmpshell.simulator import Faults, Simulator
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "demo prelaunch>"
DISKS = [{"device": f"virtio{n}", "text": "x" * 100} for n in range(80_000)]


@pytest.mark.parametrize("form", ["pretty", "json", "flat"])
def test_ctrl_c_stops_the_writing_of_a_reply(simulate: Callable[..., Simulator], form: str) -> None:
    path = simulate(faults=Faults(values={"query-block": DISKS})).path
    with Terminal(["qmp-shell", path]) as terminal:
        terminal.wait_for_last_line(PROMPT)
        terminal.type(f"query-block --output {form}\r")
        terminal.wait(lambda: b"virtio1" in terminal.raw)
        terminal.type("\x03")
        terminal.wait(lambda: b"interrupted" in terminal.raw)
        assert b"virtio79999" not in terminal.raw
        terminal.wait_for_last_line(PROMPT)
        assert terminal.run("query-name", PROMPT) == ['{"name": "demo"}']
