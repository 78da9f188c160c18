"""``--reconnect`` without a prompt: what waits for a machine, and what doesn't."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import qmpshell
from qmpshell.simulator import Faults, Simulator
from qmpshell.simulator.faults import HMP
from tests.cli.programs import run
from tests.real_qemu import RealQEMU, installed_version

pytestmark = pytest.mark.usefixtures("home")

Simulate = Callable[..., Simulator]

WAITING = "waiting until it is there\n"


@contextmanager
def started(*words: str) -> "Iterator[subprocess.Popen[str]]":
    process = subprocess.Popen(
        ["qmp-shell", "--reconnect", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def complaint(process: "subprocess.Popen[str]") -> str:
    assert process.stderr
    return process.stderr.readline()


def event(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return str(json.loads(process.stdout.readline())["event"])


def test_a_command_waits_for_its_machine(tmp_path: Path) -> None:
    path = f"{tmp_path}/monitor0"
    with started(path, "query-name") as process:
        waits = complaint(process)
        assert waits.startswith(f"qmp-shell: {path}: no such file; ")
        assert waits.endswith(WAITING)
        with RealQEMU(tmp_path):
            out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert json.loads(out) == {"name": "web1"}
    assert err.startswith(f"qmp-shell: connected: QEMU {installed_version()}")
    assert err.count("\n") == 1


def test_who_need_not_wait_says_nothing(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", "--reconnect", qemu.socket, "query-name")
    assert (outcome.status, outcome.out, outcome.err) == (0, '{"name": "web1"}\n', "")


def test_a_connection_that_breaks_in_a_command_is_not_made_again(simulate: Simulate) -> None:
    """Nobody knows whether it was carried out."""
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with started(simulator.path, "query-block") as process:
        simulator.wait_for("query-block")
        simulator.drop_client()
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (4, "")
    assert err == "qmp-shell: the connection ended: the server closed it\n"


def test_watching_goes_on_with_the_machine_that_comes_next(tmp_path: Path) -> None:
    with started("--watch", f"{tmp_path}/monitor0", "--until", "POWERDOWN") as process:
        assert complaint(process).endswith(WAITING)
        for number, said in enumerate(("connected", "connected again")):
            with RealQEMU(tmp_path) as qemu, qmpshell.connect(qemu.sockets[1]) as other:
                assert complaint(process).startswith(
                    f"qmp-shell: {said}: QEMU {installed_version()}"
                )
                other.execute("cont")
                assert event(process) == "RESUME"
                if number:
                    other.execute("system_powerdown")
                    assert process.wait(timeout=30) == 0
                    break
                qemu.kill()
            ended = "qmp-shell: the connection ended: the server closed it; "
            assert complaint(process) == ended + WAITING
        assert event(process) == "POWERDOWN"


def test_a_machine_that_shuts_down_is_waited_for_as_well(simulate: Simulate) -> None:
    simulator = simulate()
    options = ("--watch", "--count", "2", simulator.path, "SHUTDOWN", "STOP")
    with started(*options) as process:
        simulator.wait_for("qmp_capabilities")
        simulator.emit("SHUTDOWN")
        assert event(process) == "SHUTDOWN"
        simulator.drop_client()
        assert complaint(process).endswith(WAITING)
        assert complaint(process) == "qmp-shell: connected again: QEMU 10.0.13\n"
        simulator.emit("STOP")
        assert process.wait(timeout=30) == 0


def test_the_time_is_for_all_of_it(tmp_path: Path) -> None:
    options = ("--watch", "--timeout", "0.2", "--until", "STOP")
    outcome = run("qmp-shell", "--reconnect", f"{tmp_path}/none", *options)
    assert (outcome.status, outcome.out) == (4, "")
    assert outcome.err.splitlines()[1] == "qmp-shell: no STOP came in 0.2 s"


def test_somebody_who_holds_the_monitor_is_told_of_once(qemu: RealQEMU) -> None:
    with (
        qmpshell.connect(qemu.socket) as holder,
        started("--connect-timeout", "0.1", qemu.socket, "query-name") as process,
    ):
        said = complaint(process)
        assert "held by" in said
        assert said.endswith(WAITING)
        holder.close()
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, '{"name": "web1"}\n')
    assert err.startswith(f"qmp-shell: connected: QEMU {installed_version()}")


def test_what_cannot_heal_is_not_waited_for(simulate: Simulate, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, reason in (
        (simulate(faults=HMP).path, "this is a human monitor"),
        (f"{tmp_path}/file", "a plain file, not a socket"),
    ):
        outcome = run("qmp-shell", "--reconnect", path, "query-name")
        assert (outcome.status, outcome.out) == (3, "")
        assert reason in outcome.err
        assert outcome.err.count("\n") == 1


def test_a_throw_away_machine_is_not_waited_for() -> None:
    outcome = run("qmp-shell", "--reconnect", "demo", "query-name")
    assert outcome.status == 2
    assert outcome.err.startswith("qmp-shell: --reconnect waits for a machine")
