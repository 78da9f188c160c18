"""What QEMU's own shell (qemu.qmp 0.0.6) gets wrong, and this one doesn't.

The faults in what a line means are in ``language/test_faults_of_qemus_shell.py``.
"""

import json
import os
import socket
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.address import TCPAddress, UnixAddress, parse_address
from qmpshell.simulator import Faults, Simulator
from qmpshell.simulator.documents import Layout
from qmpshell.simulator.faults import event_bytes
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")


def test_a_log_does_not_replace_the_monitors_socket(qemu: RealQEMU, tmp_path: Path) -> None:
    log = tmp_path / "log"
    inode = os.stat(qemu.socket).st_ino
    assert run("qmp-shell", "-l", str(log), qemu.socket, "query-name").status == 0
    assert os.stat(qemu.socket).st_ino == inode
    assert run("qmp-shell", "-l", str(log), qemu.socket, "query-name").status == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["direction"] for line in lines] == 2 * (["received"] + 2 * ["sent", "received"])
    assert lines[3]["message"]["execute"] == "query-name"
    assert lines[4]["message"]["return"] == {"name": "web1"}
    assert set(lines[0]) == {"time", "direction", "message"}
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_socket_given_as_log_stays_a_socket(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", "-l", qemu.socket, qemu.sockets[1], "query-name")
    assert outcome.status == 2
    assert "can't be written: a socket" in outcome.err
    assert run("qmp-shell", qemu.socket, "query-name").status == 0


def test_a_failed_connect_does_not_empty_the_history(home: Path) -> None:
    history = home / ".local/state/qmpshell/history"
    history.parent.mkdir(parents=True)
    history.write_text("\n# 2026\n+query-name\n")
    with Terminal(["qmp-shell", "/nowhere/monitor"]) as terminal:
        assert terminal.wait_until_ended() == 3
    assert history.read_text() == "\n# 2026\n+query-name\n"


def test_the_environments_address_is_not_ignored(
    qemu: RealQEMU, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QMP_SOCKET", qemu.socket)
    assert run("qmp-shell", lines="query-name\n").out == '{"name": "web1"}\n'
    with Terminal(["qmp-shell"]) as terminal:
        terminal.wait_for_last_line("web1 prelaunch>")


def test_ctrl_c_is_no_traceback(qemu: RealQEMU) -> None:
    with Terminal(["qmp-shell", qemu.socket]) as terminal:
        terminal.wait_for_last_line("web1 prelaunch>")
        terminal.press("\x03", "web1 prelaunch>")
        assert terminal.run("query-name", "web1 prelaunch>") == ['{"name": "web1"}']


@pytest.mark.parametrize("line", ["", "   ", "cpu"])
def test_a_blank_line_or_a_bare_cpu_in_hmp_mode_is_no_traceback(qemu: RealQEMU, line: str) -> None:
    with Terminal(["qmp-shell", "-H", qemu.socket]) as terminal:
        terminal.wait_for_last_line("web1 hmp prelaunch>")
        assert "Traceback" not in terminal.run(line, "web1 hmp prelaunch>")
        assert terminal.run("info name", "web1 hmp prelaunch>") == ["web1"]


def test_qemus_death_is_one_line(qemu: RealQEMU) -> None:
    with Terminal(["qmp-shell", qemu.socket]) as terminal:
        terminal.wait_for_last_line("web1 prelaunch>")
        qemu.kill()
        terminal.wait_for("the connection ended")
        terminal.wait_for_last_line("web1 disconnected>")
        assert len(terminal.lines) == 3


def test_a_busy_socket_does_not_hang(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket):
        outcome = run("qmp-shell", "--connect-timeout", "0.2", qemu.socket, "query-name")
    assert outcome.status == 3
    assert "held by " in outcome.err


def test_wrap_does_not_wait_for_a_qemu_that_failed() -> None:
    outcome = run("qmp-shell-wrap", "qemu-system-x86_64", "-bogus")
    assert outcome.status == 3
    assert outcome.err == "qmp-shell-wrap: qemu-system-x86_64: -bogus: invalid option\n"


def test_an_event_during_the_handshake_is_no_error(simulate: Simulate) -> None:
    faults = Faults(inject={1: event_bytes("STOP")})
    assert run("qmp-shell", simulate(faults=faults).path, "query-name").status == 0


def test_a_pretty_monitor_works(tmp_path: Path, simulate: Simulate) -> None:
    options = ("-qmp-pretty", f"unix:{tmp_path}/pretty,server=on,wait=off")
    with RealQEMU(tmp_path, *options):
        assert run("qmp-shell", f"{tmp_path}/pretty", "query-name").out == '{"name": "web1"}\n'
    path = simulate(faults=Faults(layout=Layout.PRETTY)).path
    assert run("qmp-shell", path, "query-name").out == '{"name": "demo"}\n'


def test_a_reply_over_ten_megabytes_is_shown(simulate: Simulate) -> None:
    size = 11 * 2**20
    path = simulate(faults=Faults(values={"query-name": "x" * size})).path
    assert len(run("qmp-shell", path, "query-name").out) == size + len('""\n')


def test_an_ipv6_address_is_not_taken_for_a_path() -> None:
    assert parse_address("[::1]:4444") == TCPAddress("::1", 4444)


def test_an_address_as_qemu_writes_it_is_not_refused(qemu: RealQEMU) -> None:
    assert parse_address("unix:/p") == UnixAddress("/p")
    address = f"unix:{qemu.socket},server=on,wait=off"
    assert run("qmp-shell", address, "query-name").out == '{"name": "web1"}\n'


def test_a_newline_ends_each_command(tmp_path: Path) -> None:
    """For servers, and people, that read by the line."""
    path = str(tmp_path / "monitor")
    received: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client, client.makefile("rb") as lines:
            version = '{"qemu": {"major": 1, "minor": 0, "micro": 0}, "package": ""}'
            client.sendall(b'{"QMP": {"version": %b, "capabilities": []}}' % version.encode())
            for line in lines:
                received.append(line)
                id_ = json.loads(line)["id"]
                client.sendall(json.dumps({"return": {}, "id": id_}).encode())

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        with qmpshell.connect(path) as machine:
            machine.execute("query-status")
        thread.join()
    assert [line[-1:] for line in received] == [b"\n", b"\n"]
