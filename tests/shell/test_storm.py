"""A hundred thousand events while a line is being typed: each is shown, and the line stays."""

from pathlib import Path

import pytest

from tests.recorder import Recorder
from tests.storm import numbers_in, storm

EVENTS = 100_000

#: Each stands nowhere else on the terminal, so that it is seen that its key was answered.
TYPED = "".join(map(chr, range(0x100, 0x130)))

#: How much the shell's memory may grow, in KiB.
MOST_GROWTH = 20 * 1024


@pytest.mark.usefixtures("home")
def test_a_storm_loses_no_event_and_no_key(tmp_path: Path) -> None:
    with storm(tmp_path, EVENTS) as machine, Recorder(["qmp-shell", machine.socket]) as terminal:
        terminal.wait_for("prelaunch")
        terminal.type("id=")
        terminal.wait_for("id=")
        before = terminal.memory()
        machine.begin()
        for key in TYPED:
            terminal.type(key)
            terminal.wait_for(key)
        assert len(numbers_in(bytes(terminal.seen))) < EVENTS, "all was over before the typing"
        terminal.wait_for(f"nic{EVENTS - 1}")
        assert numbers_in(bytes(terminal.seen)) == list(range(EVENTS))
        assert terminal.memory("VmHWM") - before < MOST_GROWTH
        terminal.type("!")
        terminal.wait_for("!")
        assert f"demo prelaunch> id={TYPED}!" in terminal.last_lines()
