"""Exit statuses as a script sees them: bash, and a real QEMU."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.real_qemu import RealQEMU

pytestmark = pytest.mark.usefixtures("home")


def bash(script: str, qemu: RealQEMU, folder: Path) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "A": qemu.sockets[0], "B": qemu.sockets[1]}
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=env,
        cwd=folder,
    )


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("qmp-shell $A query-name && qmp-shell $A query-status >/dev/null", 0),
        ("echo query-name | qmp-shell $A", 0),
        ("qmp-shell $A -f <(echo query-name; echo query-status)", 0),
        ("qmp-shell $A -c query-name -c query-status --output table", 0),
        ("qmp-shell $A device_del nope", 1),
        ("echo device_del nope | qmp-shell $A", 1),
        ("qmp-shell $A -c 'device_del nope' -c 'bogus=' --keep-going", 1),
        ("qmp-shell $A device_del", 2),
        ("qmp-shell $A --bogus", 2),
        ("qmp-shell", 2),
        ("qmp-shell $A -f nowhere", 2),
        ("qmp-shell $A query-name --select 'a b'", 2),
        ("qmp-shell $A -c 'bogus=' -c 'device_del nope' --keep-going", 2),
        ("qmp-shell nowhere.sock query-name", 3),
        ("qmp-shell nowhere.sock --watch", 3),
        ("printf 'quit\\nquery-name\\n' | qmp-shell $A", 4),
        ("qmp-shell $A --watch --timeout 0.3", 4),
        ("qmp-shell $A --watch --until STOP --timeout 0.3", 4),
        (
            "set -m; coproc W { exec qmp-shell -v $A --watch 2>&1; }\n"
            "for _ in greeting request reply; do read -r -u ${W[0]}; done\n"
            "kill -INT $W_PID; { wait $W_PID; } 2>/dev/null",
            130,
        ),
        ("qmp-shell $A query-qmp-schema | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", 141),
    ],
)
def test_statuses(qemu: RealQEMU, tmp_path: Path, script: str, status: int) -> None:
    done = bash(script, qemu, tmp_path)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    if status in (0, 130, 141):
        assert done.stderr == ""
    else:
        # Without an address, the running machines are listed as well.
        said = done.stderr.splitlines() if script != "qmp-shell" else done.stderr.splitlines()[-1:]
        assert all(line.startswith(("qmp-shell: ", " ")) for line in said)


def test_watching_until_another_monitor_stops_the_machine(qemu: RealQEMU, tmp_path: Path) -> None:
    done = bash(
        "qmp-shell $A --watch --until STOP & watch=$!\n"
        # Only what happens once it is connected is seen.
        "while kill -0 $watch 2>/dev/null; do qmp-shell $B -c cont -c stop >/dev/null; done\n"
        "wait $watch",
        qemu,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert events[-1] == "STOP"
    assert events.count("STOP") == 1


def test_every_line_in_a_pipe_is_a_json_object(qemu: RealQEMU, tmp_path: Path) -> None:
    done = bash(
        "qmp-shell $A -c query-name -c query-version -c query-status -c 'object-add iothread i'"
        ' -c query-cpu-model-expansion\\ static\\ \'{"name": "qemu64"}\' | cat',
        qemu,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [type(json.loads(line)) for line in done.stdout.splitlines()] == [dict] * 5
