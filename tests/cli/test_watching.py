"""Events as they come: --watch."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import qmpshell
from qmpshell.cli.watching import Patterns
from qmpshell.simulator import Faults, Simulator
from qmpshell.simulator.faults import event_bytes
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")


@contextmanager
def watching(*command: str) -> "Iterator[subprocess.Popen[str]]":
    """Watch; events are seen from the beginning of the block on."""
    process = subprocess.Popen(
        ["qmp-shell", "-v", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr is not None
        # The greeting, the negotiation, and its reply.
        for _ in range(3):
            assert process.stderr.readline()
        try:
            yield process
        finally:
            process.kill()


def names(out: str) -> list[str]:
    return [json.loads(line)["event"] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("patterns", "name", "fits"),
    [
        (("STOP",), "STOP", True),
        (("stop",), "STOP", True),
        (("STOP",), "STOPPED", False),
        (("job_*",), "JOB_STATUS_CHANGE", True),
        (("*job*",), "BLOCK_JOB_READY", True),
        (("RESUM?", "STO[A-P]"), "STOP", True),
        (("?",), "STOP", False),
        (("[",), "STOP", False),
        ((), "STOP", False),
    ],
)
def test_patterns(patterns: tuple[str, ...], name: str, fits: bool) -> None:
    assert Patterns(patterns).match(name) is fits


def test_events_of_a_real_qemu_each_line_at_once(qemu: RealQEMU) -> None:
    with (
        watching(qemu.socket, "--watch", "--count", "2") as process,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        assert process.stdout is not None
        other.execute("cont")
        # It is there before the next one, though it goes into a pipe.
        assert json.loads(process.stdout.readline())["event"] == "RESUME"
        other.execute("stop")
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, names(out)) == (0, ["STOP"])


def watch_simulator(simulator: Simulator, *options: str) -> "subprocess.Popen[str]":
    """Begin to watch; events that are emitted from now on are seen."""
    process = subprocess.Popen(
        ["qmp-shell", simulator.path, "--watch", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    simulator.wait_for("qmp_capabilities")
    return process


def finish(process: "subprocess.Popen[str]") -> tuple[int, list[str], str]:
    out, err = process.communicate(timeout=30)
    return process.returncode, names(out), err


def test_only_what_fits_is_shown_and_the_last_one_always(simulate: Simulate) -> None:
    simulator = simulate()
    process = watch_simulator(simulator, "res*", "--until", "stop", "block_job_*")
    for name in ("RESUME", "WAKEUP", "RESET", "BLOCK_JOB_READY", "STOP", "RESUME"):
        simulator.emit(name, {"n": 1})
    assert finish(process) == (0, ["RESUME", "RESET", "BLOCK_JOB_READY", "STOP"], "")


@pytest.mark.parametrize("options", [["--count", "2"], ["--until", "X", "--count=2"]])
def test_so_many(simulate: Simulate, options: list[str]) -> None:
    simulator = simulate()
    process = watch_simulator(simulator, "RESUME", "STOP", *options)
    for name in ("RESET", "STOP", "RESUME", "STOP"):
        simulator.emit(name)
    status, shown, _ = finish(process)
    assert (status, shown) == (0, ["STOP", "RESUME"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "the watching's 0.2 s are over"),
        (["--until", "STOP"], "no STOP came in 0.2 s"),
        (["--until", "STOP", "--until", "\x1b"], r"no STOP or \u001b came in 0.2 s"),
        (["--count", "3"], "0 of 3 events came in 0.2 s"),
    ],
)
def test_time_that_is_over(simulate: Simulate, options: list[str], said: str) -> None:
    path = simulate().path
    outcome = run("qmp-shell", "--watch", "--timeout", "0.2", *options, path)
    assert (outcome.status, outcome.out) == (4, "")
    assert outcome.err.splitlines()[-1] == f"qmp-shell: {said}"


def test_what_came_before_the_negotiation_was_answered_is_shown(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(inject={1: event_bytes("STOP")}))
    outcome = run("qmp-shell", simulator.path, "--watch", "--count", "1", "--timeout", "30")
    assert (outcome.status, names(outcome.out), outcome.err) == (0, ["STOP"], "")


def test_time_is_over_also_while_the_server_is_busy(simulate: Simulate) -> None:
    path = simulate(faults=Faults(held=frozenset({"query-qmp-schema"}))).path
    assert run("qmp-shell", path, "--watch", "STPO", "--timeout", "0.2").status == 4


def test_the_machines_end_is_the_watchings(qemu: RealQEMU) -> None:
    with (
        watching(qemu.socket, "--watch") as process,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        other.execute("quit")
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, names(out)) == (0, ["SHUTDOWN"])


@pytest.mark.parametrize("options", [[], ["--until", "STOP"], ["--count", "9"]])
def test_an_end_that_was_not_expected(simulate: Simulate, options: list[str]) -> None:
    simulator = simulate()
    process = watch_simulator(simulator, *options)
    simulator.emit("RESUME")
    if options:
        simulator.emit("SHUTDOWN", {"guest": False, "reason": "host-signal"})
    simulator.drop_client()
    status, shown, err = finish(process)
    assert (status, shown[0]) == (4, "RESUME")
    # With patterns the schema is asked for, and its reply may be on its way.
    ended = r"qmp-shell: the connection ended( in the middle of a message)?: "
    assert re.match(ended, err.splitlines()[-1])


def test_what_came_stands_before_the_complaint_about_its_end(simulate: Simulate) -> None:
    simulator = simulate()
    process = subprocess.Popen(
        ["qmp-shell", simulator.path, "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    simulator.wait_for("qmp_capabilities")
    simulator.send_raw(b'{"event": "RESUME"}\n{"event": "STOP"}\nSegmentation fault\n')
    *events, complaint = process.communicate(timeout=30)[0].splitlines()
    assert names("\n".join(events)) == ["RESUME", "STOP"]
    assert complaint.startswith("qmp-shell: not QMP: 'Segmentation fault")


def test_ctrl_c(simulate: Simulate) -> None:
    simulator = simulate()
    process = watch_simulator(simulator)
    simulator.emit("RESUME")
    assert process.stdout is not None
    assert "RESUME" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert finish(process) == (130, [], "")


@pytest.mark.parametrize(
    ("pattern", "note"),
    [
        ("stpo", "note: this server has no event stpo; nearest: STOP\n"),
        ("JOB_STATS*", "note: this server has no event JOB_STATS*; nearest: JOB_STATUS_CHANGE\n"),
        ("\x1b[2J", "note: this server has no event \\u001b[2J\n"),
        ("block_job_*", ""),
        ("shutdown", ""),
    ],
)
def test_a_pattern_that_fits_nothing_is_noted(qemu: RealQEMU, pattern: str, note: str) -> None:
    with (
        watching(qemu.socket, "--watch", pattern, "--until", "powerdown") as process,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        assert process.stderr is not None
        # The schema is asked for, and comes.
        assert '"query-qmp-schema"' in process.stderr.readline()
        assert process.stderr.readline().startswith("<- ")
        other.execute("system_powerdown")
        notes = [line for line in process.stderr if not line.startswith("<- ")]
        assert process.wait(timeout=30) == 0
    assert notes == ([f"qmp-shell: {note}"] if note else [])


def test_a_reader_that_leaves(simulate: Simulate) -> None:
    simulator = simulate()
    script = f'qmp-shell {simulator.path} --watch | head -1; echo "${{PIPESTATUS[0]}}"'
    process = subprocess.Popen(
        ["bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    simulator.wait_for("qmp_capabilities")
    assert process.stdout is not None
    simulator.emit("RESUME")
    assert "RESUME" in process.stdout.readline()
    while process.poll() is None:
        simulator.emit("STOP")
    assert process.communicate() == ("141\n", "")


def test_on_a_terminal_an_event_is_a_coloured_line(simulate: Simulate) -> None:
    simulator = simulate()
    with Terminal(["qmp-shell", simulator.path, "--watch", "--until", "STOP"]) as terminal:
        simulator.wait_for("qmp_capabilities")
        simulator.emit("DEVICE_DELETED", {"device": "\x1b[2Jx\u202e"})
        simulator.emit("STOP")
        assert terminal.wait_until_ended() == 0
        first, second = terminal.lines
    assert first.endswith(r'  DEVICE_DELETED  device="\u001b[2Jx\u202e"')
    assert second.endswith("  STOP")
    assert b"\x1b[36" in terminal.raw
    assert b"\x1b[2J" not in terminal.raw


def test_the_forms_of_an_event(simulate: Simulate) -> None:
    simulator = simulate()

    def shown(*options: str) -> str:
        process = watch_simulator(simulator, "--count", "1", *options)
        simulator.received.clear()
        simulator.emit("STOP", {"n": 5})
        return process.communicate(timeout=30)[0]

    assert shown("--output", "pretty").endswith("  STOP  n=5\n")
    assert "data.n: 5\n" in shown("--output", "flat")
    assert shown("--select", "data.n") == "5\n"
    assert shown("--select", "[event, data.n]", "--output=json") == '["STOP", 5]\n'


def test_the_address_from_the_environment(simulate: Simulate) -> None:
    env = {**os.environ, "QMP_SOCKET": simulate().path}
    outcome = run("qmp-shell", "--watch", "STOP", "--timeout", "0.2", env=env)
    assert outcome.status == 4


def test_a_flood_of_events_is_not_kept(simulate: Simulate) -> None:
    """A hundred megabytes of events that nobody wants: none is written, none is queued."""
    simulator = simulate()
    process = watch_simulator(simulator, "STOP", "--until", "RESET")
    for _ in range(1000):
        simulator.emit("BLOCK_IO_ERROR", {"text": "x" * 100_000})
    resident = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    simulator.emit("RESET")
    assert finish(process) == (0, ["RESET"], "")
    assert resident * os.sysconf("SC_PAGE_SIZE") < 60 * 2**20
