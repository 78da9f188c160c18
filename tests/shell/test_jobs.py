"""``/jobs`` on a terminal: live, until a key is pressed that does nothing else."""

import re
from collections.abc import Callable

import pytest

import qmpshell
from qmpshell.simulator import Simulator
from qmpshell.simulator.faults import Faults
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.shell.test_toolbar import DEMO, MIB, PAUSED, add_nodes, mirror, open_shell
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

HINT = "any key leaves this; the jobs go on"


def percent(terminal: Terminal, name: str) -> int:
    """Return what the last line says that is about a job; -1 when there is none."""
    rows = [re.match(rf"{name} .* (\d+) %", line) for line in terminal.lines[-8:]]
    return next((int(row[1]) for row in reversed(rows) if row), -1)


def test_live_with_events_above_until_a_key_is_pressed(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=512 * MIB, b=512 * MIB)
        other.execute("cont")
        terminal.wait_for_last_line("web1 running>")
        other.execute("blockdev-mirror", mirror("a", "b", speed=8 * MIB))
        terminal.wait_for("status=running")
        terminal.type("/jobs\r")
        terminal.wait_for_last_line(HINT)
        terminal.wait(lambda: percent(terminal, "to-b") >= 0)
        first = percent(terminal, "to-b")
        terminal.wait(lambda: percent(terminal, "to-b") > first)
        other.execute("system_reset")
        terminal.wait(lambda: "  RESET  " in terminal.text and terminal.lines[-1] == HINT)
        assert "RESET" in terminal.lines[-3]
        terminal.type("x")
        terminal.wait_for_last_line("web1 running>")
        assert HINT not in terminal.lines
        assert terminal.lines[-2].startswith("to-b  mirror  running  █")
        assert len([line for line in terminal.lines if line.startswith("to-b")]) == 1
        assert terminal.run("query-name", "web1 running>") == ['{"name": "web1"}']


@pytest.mark.parametrize("key", ["\r", "\x03", "\x04", "\x1b[A", "é", "\x1b", "\t", "\x0c"])
def test_any_key_ends_it_and_is_not_typed(qemu: RealQEMU, key: str) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=64 * MIB, b=64 * MIB)
        terminal.wait_for_last_line(PAUSED)
        other.execute("blockdev-mirror", mirror("a", "b", speed=1))
        terminal.type("/jobs\r")
        terminal.wait_for_last_line(HINT)
        terminal.type(key)
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']


def test_what_ends_meanwhile_is_still_told(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=64 * MIB, b=64 * MIB)
        terminal.wait_for_last_line(PAUSED)
        other.execute("blockdev-mirror", mirror("a", "b", speed=1))
        terminal.type("/jobs\r")
        terminal.wait_for_last_line(HINT)
        other.execute("block-job-set-speed", device="to-b", speed=0)
        terminal.wait_for("  job-complete id=to-b, or job-cancel id=to-b")
        other.execute("job-complete", id="to-b")
        terminal.wait(lambda: terminal.lines[-2:] == ["to-b  mirror  ended", HINT])
        terminal.press(" ", PAUSED)
        assert terminal.run("/jobs", PAUSED) == ["no jobs, and no migration"]


def test_what_only_waits_to_be_dismissed_is_shown_at_once(qemu: RealQEMU) -> None:
    options = {"driver": "file", "filename": "/nowhere/x", "size": MIB}
    with open_shell(qemu.socket, "-H") as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        prompt = "web1 hmp prelaunch>"
        terminal.wait_for_last_line(prompt)
        other.execute("blockdev-create", {"job-id": "c0", "options": options})
        terminal.wait_for("status=concluded id=c0")
        terminal.wait_for_last_line(prompt)
        row, reason, advice = terminal.run("/jobs", prompt)
        assert row == "c0  create  failed"
        assert "/nowhere/x" in reason
        assert advice == "  job-dismiss id=c0"


def test_on_the_smallest_terminal(qemu: RealQEMU) -> None:
    with (
        open_shell(qemu.socket, columns=20, lines=5) as terminal,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        add_nodes(other, **dict.fromkeys("abcdefghij", 64 * MIB))
        terminal.wait_for_last_line(PAUSED)
        for source, target in ("ab", "cd", "ef", "gh", "ij"):
            other.execute("blockdev-mirror", mirror(source, target, speed=1))
        terminal.run("/events off", PAUSED)
        terminal.type("/jobs\r")
        terminal.wait(lambda: terminal.lines[-2:] == ["+2 more", HINT[:18] + "…"])
        assert all(
            re.fullmatch(r"to-[bdfhj]  running +\d+ %", line) for line in terminal.lines[-5:-2]
        )
        terminal.type("q")
        terminal.wait_for_last_line(PAUSED)


def test_the_machine_ends_meanwhile(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=64 * MIB, b=64 * MIB)
        terminal.wait_for_last_line(PAUSED)
        other.execute("blockdev-mirror", mirror("a", "b", speed=1))
        terminal.type("/jobs\r")
        terminal.wait_for_last_line(HINT)
        qemu.kill()
        terminal.wait_for_last_line("web1 disconnected>")
        assert terminal.run("/jobs", "web1 disconnected>") == [
            "not connected; /reconnect, or Ctrl-D"
        ]


def test_a_machine_that_does_not_answer_is_waited_for(simulate: Callable[..., Simulator]) -> None:
    job = {"id": "j", "type": "mirror", "status": "ready"}
    values = {"query-jobs": [{**job, "current-progress": 1, "total-progress": 1}]}
    held = frozenset({"query-jobs"})
    simulator = simulate(faults=Faults(held=held, values=values))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        simulator.wait_for("query-jobs")
        terminal.type("/jobs\r")
        terminal.wait_for("the machine hasn't said yet which jobs there are")
        simulator.release()
        terminal.wait_for("  job-complete id=j")
        terminal.press("q", DEMO)


def test_an_answer_that_comes_late_ends_it_where_there_is_nothing(
    simulate: Callable[..., Simulator],
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-jobs"})))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        simulator.wait_for("query-jobs")
        terminal.type("/jobs\r")
        terminal.wait_for_last_line(HINT)
        simulator.release()
        terminal.wait_for_last_line(DEMO)
        assert terminal.lines[-2] == "no jobs, and no migration"
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']


def test_without_negotiation_nothing_is_known_of_jobs(simulate: Callable[..., Simulator]) -> None:
    with open_shell(simulate().path, "-N") as terminal:
        terminal.wait_for_last_line("QEMU>")
        (said,) = terminal.run("/jobs", "QEMU>")
        assert said.startswith("with -N nothing is known")


def test_without_a_terminal_there_is_no_such_command(simulate: Callable[..., Simulator]) -> None:
    done = run("qmp-shell", simulate().path, "-c", "/jobs")
    assert done.status == 2
    assert "this belongs to the prompt" in done.err
