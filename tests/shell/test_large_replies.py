"""A reply of many megabytes at the prompt."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qmpshell.simulator import Faults, Simulator
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "demo prelaunch>"
DISKS = [{"device": f"virtio{n}", "text": "x" * 100} for n in range(80_000)]


@pytest.mark.parametrize("form", ["pretty", "json", "flat"])
def test_ctrl_c_stops_the_writing_of_a_reply(simulate: Callable[..., Simulator], form: str) -> None:
    path = simulate(faults=Faults(values={"query-block": DISKS})).path
    with Terminal(["qmp-shell", path], env={"PAGER": ""}) as terminal:
        terminal.wait_for_last_line(PROMPT)
        terminal.type(f"query-block --output {form}\r")
        terminal.wait(lambda: b"virtio1" in terminal.raw)
        terminal.type("\x03")
        terminal.wait(lambda: b"interrupted" in terminal.raw)
        assert b"virtio79999" not in terminal.raw
        terminal.wait_for_last_line(PROMPT)
        assert terminal.run("query-name", PROMPT) == ['{"name": "demo"}']


def test_a_pager_begins_with_a_reply_while_the_rest_is_made(
    simulate: Callable[..., Simulator], tmp_path: Path
) -> None:
    path = simulate(faults=Faults(values={"query-block": DISKS})).path
    # It reads the beginning, and that the rest is for nobody is no error.
    with Terminal(["qmp-shell", path], env={"PAGER": "head -c 1000"}) as terminal:
        terminal.wait_for_last_line(PROMPT)
        shown = "\n".join(terminal.run("query-block", PROMPT))
        assert shown.startswith("[") and "virtio5" in shown
        assert terminal.run("query-name", PROMPT) == ['{"name": "demo"}']
    whole = tmp_path / "whole"
    with Terminal(["qmp-shell", path], env={"PAGER": f"cat > {whole}"}) as terminal:
        terminal.wait_for_last_line(PROMPT)
        assert terminal.run("query-block", PROMPT) == []
    assert json.loads(re.sub(r"\x1b\[[0-9;]*m", "", whole.read_text())) == DISKS
