"""Events above the prompt, and ``/events``, on a terminal's screen."""

from collections.abc import Callable, Iterator

import pytest

from qmpshell.simulator import Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

DEMO = "demo prelaunch>"


@pytest.fixture
def simulator(simulate: Callable[..., Simulator]) -> Simulator:
    return simulate()


@pytest.fixture
def terminal(simulator: Simulator) -> Iterator[Terminal]:
    with Terminal(["qmp-shell", simulator.path], columns=80) as terminal:
        terminal.wait_for_last_line(DEMO)
        yield terminal


def shown(terminal: Terminal, name: str) -> list[str]:
    return [line.partition("  ")[2] for line in terminal.lines if name in line]


def test_a_storm_of_one_event_is_one_line_with_a_count(
    simulator: Simulator, terminal: Terminal
) -> None:
    terminal.type("query-na")
    simulator.emit("POWERDOWN")
    for offset in range(500):
        simulator.emit("RTC_CHANGE", {"offset": offset, "qom-path": "/machine/rtc"})
    terminal.wait(lambda: "×500" in terminal.text)
    assert shown(terminal, "RTC_CHANGE") == ["RTC_CHANGE  offset=499 qom-path=/machine/rtc  ×500"]
    assert shown(terminal, "POWERDOWN") == ["POWERDOWN"]
    terminal.wait(lambda: f"{DEMO} query-na" in terminal.lines)


def test_what_comes_between_is_never_overwritten(simulator: Simulator, terminal: Terminal) -> None:
    simulator.emit("WAKEUP")
    terminal.wait_for("WAKEUP")
    terminal.wait_for_last_line(DEMO)
    terminal.run("query-name", DEMO)
    simulator.emit("WAKEUP")
    terminal.wait(lambda: "×2" in terminal.text)
    assert shown(terminal, "WAKEUP") == ["WAKEUP", "WAKEUP  ×2"]
    assert '{"name": "demo"}' in terminal.lines


def test_a_long_event_is_cut_and_shown_whole_when_asked_for(
    simulator: Simulator, terminal: Terminal
) -> None:
    simulator.emit("BLOCK_IO_ERROR", {"device": "disk0", "reason": "no space " * 20})
    terminal.wait_for("BLOCK_IO_ERROR")
    terminal.wait_for_last_line(DEMO)
    whole = "".join(terminal.run("/events 1", DEMO))
    assert "no space " * 20 in whole.replace("\n", "")


def test_what_is_hidden_is_counted_in_the_bottom_line(
    simulator: Simulator, terminal: Terminal
) -> None:
    terminal.run("/events only BLOCK_*", DEMO)
    for name in ("STOP", "RESUME", "BLOCK_JOB_READY"):
        simulator.emit(name, {"id": "x"} if name.startswith("B") else {})
    terminal.wait_for("BLOCK_JOB_READY")
    terminal.wait_for_last_line(DEMO)
    assert not shown(terminal, "RESUME")
    terminal.wait(lambda: "2 events hidden" in terminal.bottom_line)
    assert terminal.run("/events", DEMO)[-1].startswith("only BLOCK_* are shown, 2 hidden")
    terminal.run("/events on", DEMO)
    names = [line.split()[2] for line in terminal.run("/events", DEMO)[:-1]]
    assert names == ["STOP", "RESUME", "BLOCK_JOB_READY"]


def test_a_real_machines_events_are_filtered_and_its_state_is_known(qemu: RealQEMU) -> None:
    with Terminal(["qmp-shell", qemu.socket]) as terminal:
        terminal.wait_for_last_line("web1 prelaunch>")
        terminal.run("/events except RESUME", "web1 prelaunch>")
        terminal.run("cont", "web1 running>")
        terminal.run("stop", "web1 paused>")
        assert not shown(terminal, "  RESUME")
        assert shown(terminal, "  STOP")
        said = terminal.run("/events only NOPE_*", "web1 paused>")
        assert said == ["no event of this server is called NOPE_*", "only NOPE_* are shown"]
        said = terminal.run("/events only resum", "web1 paused>")
        assert said[0] == "no event of this server is called resum; nearest: RESUME"
        assert terminal.run("/events on", "web1 paused>") == ["all events are shown"]
        assert "it is /events" in "".join(terminal.run("/events maybe", "web1 paused>"))
