"""Listening for a QEMU that connects to us: whose the socket is, and that QEMU comes back."""

import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest

import qmpshell
from qmpshell.errors import NobodyListens, WrongAddress
from tests.cli.programs import run
from tests.real_qemu import RealQEMU, free_port
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"


def connecting_to(place: object) -> tuple[str, str]:
    return ("-qmp", f"{place},server=off,reconnect=1")


def test_the_shell_is_there_first_and_each_machine_comes_to_it(tmp_path: Path) -> None:
    path = tmp_path / "listening"
    with Terminal(["qmp-shell", "--reconnect", f"listen:{path}"], columns=300) as terminal:
        terminal.wait_for_last_line("QEMU waiting>")
        assert "nobody has connected; QEMU does with -qmp unix:" in terminal.text
        with RealQEMU(tmp_path, *connecting_to(f"unix:{path}")) as first:
            terminal.wait_for_last_line(PAUSED)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            # It stays open between connections, and so QEMU comes back.
            terminal.run("/reconnect", PAUSED)
            assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
            first.kill()
            terminal.wait_for_last_line("web1 waiting>")
        with RealQEMU(tmp_path, *connecting_to(f"unix:{path}"), "-name", "web2"):
            terminal.wait_for_last_line("web2 prelaunch>")
            terminal.type("\x04")
            assert terminal.wait_until_ended() == 0
            assert not path.exists()


def test_nobody_comes(tmp_path: Path) -> None:
    path = tmp_path / "listening"
    outcome = run("qmp-shell", "--connect-timeout", "0.1", f"listen:{path}", "query-name")
    assert outcome.status == 3
    assert outcome.err == (
        f"qmp-shell: listen:unix:{path}: nobody has connected in 0.1 s;"
        f" QEMU does with -qmp unix:{path},server=off,reconnect=1; --reconnect waits for it\n"
    )
    assert not path.exists()


def test_a_script_that_waits(tmp_path: Path) -> None:
    port = free_port()
    command = ["qmp-shell", "--reconnect", f"listen:localhost:{port}", "query-name"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert "nobody has connected; QEMU does" in process.stderr.readline()
        with RealQEMU(tmp_path, *connecting_to(f"tcp:localhost:{port}")):
            out, _ = process.communicate()
    assert (process.returncode, out) == (0, '{"name": "web1"}\n')


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_no_socket(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "listening"
    command = ["qmp-shell", "--reconnect", f"listen:{path}", "query-name"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        process.stderr.readline()
        assert path.exists()
        process.send_signal(number)
        process.wait()
    assert not path.exists()


def test_what_is_there_already_stays(tmp_path: Path, qemu: RealQEMU) -> None:
    def refusal(path: object) -> str:
        with pytest.raises(WrongAddress) as caught:
            qmpshell.connect(f"listen:{path}")
        return str(caught.value).removeprefix(f"listen:unix:{path}: ")

    (tmp_path / "file").write_text("kept")
    assert refusal(tmp_path / "file") == "a file is there already; give a path that is free"
    assert (tmp_path / "file").read_text() == "kept"
    assert refusal(qemu.socket).startswith("another program listens there already; connect to it")
    # It didn't even notice.
    assert qmpshell.connect(qemu.socket).execute("query-name") == {"name": "web1"}
    stale = tmp_path / "a stale one"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(stale))
    assert refusal(stale) == (
        f"a socket is there that nobody listens on any more; `rm '{stale}'` removes it"
    )
    assert stale.is_socket()
    assert "we can't listen there: No such file" in refusal(tmp_path / "none" / "x")
    assert "longer than the 107 bytes" in refusal("/" + "x" * 107)
    assert os.umask(0o022) == 0o022


def test_a_port_that_is_taken_and_a_host_that_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(WrongAddress, match="another program listens there already"):
            qmpshell.connect(f"listen:127.0.0.1:{port}")
    with pytest.raises(WrongAddress, match="the host isn't known"):
        qmpshell.connect("listen:no-such-host.invalid:4444")
    with pytest.raises(WrongAddress, match="we can't listen there: "):
        qmpshell.connect("listen:192.0.2.1:4444")


def test_abstract_names_and_localhost() -> None:
    for address in (f"listen:@qmpshell-{os.getpid()}", f"listen:localhost:{free_port()}"):
        with pytest.raises(NobodyListens, match=r"nobody has connected in 0.01 s"):
            qmpshell.connect(address, timeout=0.01)
