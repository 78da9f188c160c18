import json
import os
from contextlib import ExitStack
from pathlib import Path

import pytest

import qmpshell
from qmpshell.simulator.faults import HOSTILE
from tests.cli.programs import run
from tests.processes import stop
from tests.real_qemu import RealQEMU

pytestmark = pytest.mark.usefixtures("home")


def lines_of(pid: int, out: str) -> list[list[str]]:
    lines = (line.split(maxsplit=4) for line in out.splitlines())
    return [line for line in lines if line[1] == str(pid)]


def test_three_machines_and_which_monitor_is_free(tmp_path: Path) -> None:
    with ExitStack() as stack:
        machines = []
        for name in ("alpha", "beta", "gamma"):
            (tmp_path / name).mkdir()
            machine = RealQEMU(tmp_path / name, "-name", f"guest={name}", monitors=1)
            machines.append(stack.enter_context(machine))
        stack.enter_context(qmpshell.connect(machines[1].socket))
        stop(machines[2].pid)
        outcome = run("qmp-list")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.split("\n")[0].split() == ["NAME", "PID", "MONITOR", "SPEAKS", "STATE"]
    comm = Path("/proc/self/comm").read_text().strip()
    states = ("free", f"held by {comm} ({os.getpid()})", "free, stopped")
    for machine, name, state in zip(machines, ("alpha", "beta", "gamma"), states, strict=True):
        row = [name, str(machine.pid), machine.socket, "QMP", state]
        assert lines_of(machine.pid, outcome.out) == [row]


def test_json(qemu: RealQEMU) -> None:
    outcome = run("qmp-list", "--output", "json")
    assert outcome.status == 0
    (machine,) = (m for m in json.loads(outcome.out) if m["pid"] == qemu.pid)
    monitor = {
        "address": f"unix:{qemu.socket}",
        "speaks": "QMP",
        "wrapping": None,
        "state": "free",
        "holder": None,
    }
    assert machine == {
        "name": "web1",
        "pid": qemu.pid,
        "program": "qemu-system-x86_64",
        "stopped": False,
        "monitors": [monitor, {**monitor, "address": f"unix:{qemu.sockets[1]}"}],
    }


def test_what_processes_are_called_never_reaches_the_terminal(tmp_path: Path) -> None:
    name = HOSTILE.replace("\x00", "").replace("\ud83d", "")
    path = f"{tmp_path}/s{HOSTILE[:4]}"
    options = ("-name", f"n{name}", "-qmp", f"unix:{path},server=on,wait=off")
    with RealQEMU(tmp_path, *options, monitors=0) as qemu:
        outcome = run("qmp-list")
    (line,) = (line for line in outcome.out.splitlines() if f" {qemu.pid} " in line)
    assert line.isprintable()
    assert line.startswith("n\\u001b[31mred")
    assert "s\\u001b[31" in line


def test_a_machine_without_a_monitor(tmp_path: Path) -> None:
    with RealQEMU(tmp_path, monitors=0) as qemu:
        (row,) = lines_of(qemu.pid, run("qmp-list").out)
    assert row[0] == "web1"
    assert row[2:] == ["-", "-", "listens on no monitor"]


def test_wrong_options() -> None:
    outcome = run("qmp-list", "--bogus")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "qmp-list: No such option '--bogus'. (try qmp-list --help)\n"


def test_help() -> None:
    outcome = run("qmp-list", "--help")
    assert outcome.status == 0
    assert outcome.out.startswith("Usage: qmp-list")
