import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.cli.programs import run
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

WITHOUT_QEMU = f"PATH={Path(sys.executable).parent}"


def test_a_real_qemu_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Terminal(["qmp-shell", "demo"]) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        assert "a throw-away machine." in terminal.lines[0]
        devices = " ".join(terminal.run("qom-list path=/machine/peripheral", "demo prelaunch>"))
        for name in ("virtio0", "net0", "tablet"):
            assert f'"{name}"' in devices
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0
    assert not list(tmp_path.glob("qmp-shell-*"))


def test_the_simulator_where_there_is_none(tmp_path: Path) -> None:
    command = ["env", WITHOUT_QEMU, f"TMPDIR={tmp_path}", "qmp-shell", "demo"]
    with Terminal(command, columns=150) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        assert "a simulator, as there is no qemu-system-x86_64 here" in terminal.lines[0]
        terminal.type("cont\r")
        terminal.wait_for_last_line("demo running>")
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0
    assert not list(tmp_path.glob("qmp-shell-*"))


def test_a_command_for_the_demo(tmp_path: Path) -> None:
    outcome = run("qmp-shell", "demo", "query-name")
    assert (outcome.status, outcome.out, outcome.err) == (0, '{"name": "demo"}\n', "")
    env = {**os.environ, "PATH": WITHOUT_QEMU.removeprefix("PATH=")}
    assert run("qmp-shell", "demo", "query-name", env=env) == outcome


def test_a_disk_without_space_is_told() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        # Python would write half of a module's bytecode, and take it for the whole from then on.
        limits = f"ulimit -f 8; PYTHONDONTWRITEBYTECODE=1 TMPDIR={folder}"
        command = f"{limits} exec qmp-shell demo query-name"
        outcome = run("bash", "-c", command)
        assert (outcome.status, outcome.out) == (2, "")
        assert outcome.err == (
            f"qmp-shell: QEMU's files can't be written in {folder}: File too large\n"
        )
        assert os.listdir(folder) == []


def test_a_machine_goes_with_the_shell_that_is_killed() -> None:
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as folder,
        subprocess.Popen(
            ["qmp-shell", "demo"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": folder},
        ) as shell,
    ):
        assert shell.stdin and shell.stdout
        shell.stdin.write(b"query-name\n")
        shell.stdin.flush()
        assert shell.stdout.readline() == b'{"name": "demo"}\n'
        (child,) = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()
        machine = os.pidfd_open(int(child))
        shell.kill()
        poll = select.poll()
        poll.register(machine, select.POLLIN)
        assert poll.poll(30_000)
        os.close(machine)
