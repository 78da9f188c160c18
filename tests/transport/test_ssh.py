"""OpenSSH: what it asks, what it says, and that nothing of it is left behind."""

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.errors import WrongAddress
from tests.cli.programs import run
from tests.processes import Descendants
from tests.real_qemu import RealQEMU, free_port, installed_version
from tests.ssh_server import PASSPHRASE, SSHServer
from tests.terminal import Terminal

PAUSED = "web1 prelaunch>"


@pytest.fixture(autouse=True)
def temporary(
    ssh_server: SSHServer, _with_ssh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Where programs put what is for a moment."""
    ssh_server.set_known_names(f"[127.0.0.1]:{ssh_server.port}")
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def refusal(address: str, timeout: float = 10) -> str:
    """Connect where nobody can be asked; return why it fails."""
    outcome = run("setsid", "-w", "qmp-shell", "--connect-timeout", str(timeout), address, "stop")
    assert (outcome.status, outcome.out) == (3, "")
    assert outcome.err.count("\n") == 1
    return outcome.err.removeprefix(f"qmp-shell: {address}: ").rstrip("\n")


def test_a_passphrase_is_asked_on_the_terminal(qemu: RealQEMU, ssh_server: SSHServer) -> None:
    address = ssh_server.address(qemu.socket, host="locked")
    # What a person takes to answer doesn't count.
    with Terminal(["qmp-shell", "--connect-timeout", "1", address], columns=200) as terminal:
        terminal.wait_for("Are you sure you want to continue connecting")
        terminal.type("yes\r")
        terminal.wait_for("Enter passphrase for key")
        terminal.type("no idea\r")
        terminal.wait(lambda: terminal.text.count("Enter passphrase for key") == 2)
        terminal.type(f"{PASSPHRASE}\r")
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
        assert PASSPHRASE not in terminal.text


def test_ctrl_c_while_it_asks(qemu: RealQEMU, ssh_server: SSHServer, temporary: Path) -> None:
    address = ssh_server.address(qemu.socket, host="locked")
    with Terminal(["bash", "--norc"], env={"PS1": "$ "}, columns=300) as terminal:
        terminal.wait_for_last_line("$")
        terminal.type(f"qmp-shell {address}\r")
        terminal.wait_for("Are you sure you want to continue connecting")
        terminal.type("\x03")
        terminal.wait(lambda: terminal.lines[-1].endswith("^C$"))
        # What is typed is seen again.
        assert terminal.run("echo $?", "$") == ["130"]
        assert "echo" in terminal.text
    assert list(temporary.iterdir()) == []


def test_where_nobody_can_be_asked(qemu: RealQEMU, ssh_server: SSHServer) -> None:
    assert refusal(ssh_server.address(qemu.socket, host="locked")).endswith(
        "Host key verification failed."
    )
    ssh_server.set_known_names("locked")
    said = refusal(ssh_server.address(qemu.socket, host="locked"))
    assert said.endswith("Permission denied (publickey).")


def test_what_ssh_says(ssh_server: SSHServer, tmp_path: Path) -> None:
    port = free_port()
    assert refusal(f"ssh://127.0.0.1:{port}/run/x") == (
        f"ssh: connect to host 127.0.0.1 port {port}: Connection refused"
    )
    said = refusal(ssh_server.address(f"{tmp_path}/none"))
    assert "open failed: connect failed: " in said
    assert "; is that socket there, and may " in said
    said = refusal(ssh_server.address(f"/tcp:127.0.0.1:{port}"))
    assert "open failed: connect failed: Connection refused" in said


def test_what_a_server_says_is_escaped(ssh_server: SSHServer, tmp_path: Path) -> None:
    (tmp_path / "ssh").write_text("#!/bin/sh\nprintf 'a\\033]0;x\\007b\\n@@@@\\n' >&2\nexit 255\n")
    (tmp_path / "ssh").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    outcome = run("qmp-shell", "ssh://h/x", "stop", env={**os.environ, "PATH": path})
    assert outcome.err == "qmp-shell: ssh://h/x: a\\u001b]0;x\\u0007b\n"


def test_without_openssh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WrongAddress, match="ssh can't be started: No such file or directory; is"):
        qmpshell.connect("ssh://host/x")


def test_a_host_that_keeps_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = refusal(f"ssh://127.0.0.1:{server.getsockname()[1]}/x", timeout=0.5)
    assert said == "ssh isn't through in 0.5 s; a longer --connect-timeout gives it more"


def _leave(terminal: Terminal) -> None:
    terminal.type("\x04")


def _terminate(terminal: Terminal) -> None:
    os.kill(terminal.pid, signal.SIGTERM)


def _kill(terminal: Terminal) -> None:
    os.kill(terminal.pid, signal.SIGKILL)


@pytest.mark.parametrize("end", [_leave, _terminate, _kill])
def test_nothing_is_left_however_the_shell_ends(
    qemu: RealQEMU, ssh_server: SSHServer, temporary: Path, end: Callable[[Terminal], None]
) -> None:
    with Terminal(["qmp-shell", ssh_server.address(qemu.socket)]) as terminal:
        terminal.wait_for_last_line(PAUSED)
        # Nobody else can come this way, and there is nothing to be left.
        assert list(temporary.iterdir()) == []
        started = Descendants(terminal.pid)
        end(terminal)
        started.wait_until_ended()
    # Its connection has ended as well.
    qmpshell.connect(qemu.socket).close()


def test_a_connection_that_breaks_and_is_there_again(qemu: RealQEMU, ssh_server: SSHServer) -> None:
    address = ssh_server.address(qemu.socket)
    with Terminal(["qmp-shell", "--reconnect", address], columns=200) as terminal:
        terminal.wait_for_last_line(PAUSED)
        first = Descendants(terminal.pid)
        terminal.signal_children(signal.SIGKILL)
        terminal.wait_for(
            "the connection ended: it was ended by signal 9; waiting until it is there"
        )
        terminal.wait_for(f"connected again: QEMU {installed_version()}")
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
        first.wait_until_ended()
        terminal.run("/reconnect", PAUSED)
        _press_ctrl_c(terminal, qemu)
        qemu.kill()
        terminal.wait_for("the connection ended: the server closed it")
        terminal.wait_for_last_line("web1 waiting>")


def _press_ctrl_c(terminal: Terminal, qemu: RealQEMU) -> None:
    """Press it while a reply is awaited: it isn't for ssh, which has the same terminal."""
    # Behind it, nothing of what the shell asks for itself is on its way any more.
    terminal.run("query-name", PAUSED)
    os.kill(qemu.pid, signal.SIGSTOP)
    terminal.type("query-name\r")
    terminal.wait_until_prompt_is_gone()
    terminal.type("\x03")
    terminal.wait_for("gave up waiting")
    os.kill(qemu.pid, signal.SIGCONT)
    terminal.wait_for_last_line(PAUSED)
    assert terminal.run("query-version --select qemu.major", PAUSED) == [
        installed_version().split(".")[0]
    ]


def test_a_refusal_is_not_tried_again(qemu: RealQEMU, ssh_server: SSHServer) -> None:
    ssh_server.set_known_names()
    address = ssh_server.address(qemu.socket)
    outcome = run("setsid", "-w", "qmp-shell", "--reconnect", address, "stop")
    assert outcome.status == 3
    assert "Host key verification failed." in outcome.err


def test_a_folder_for_our_socket_that_is_none(
    qemu: RealQEMU, ssh_server: SSHServer, temporary: Path
) -> None:
    # A socket's path has no room for such a place.
    deep = temporary / ("x" * 90)
    deep.mkdir()
    env = {**os.environ, "TMPDIR": str(deep)}
    outcome = run("qmp-shell", ssh_server.address(qemu.socket), "query-name", env=env)
    assert outcome.out == '{"name": "web1"}\n'
