"""Why a connection failed, each case for real: a line that says which it is and what to do."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.address import UnixAddress
from qmpshell.client.exchange import Traffic
from qmpshell.client.machines import find_listener
from qmpshell.errors import ConnectError
from tests.processes import stop
from tests.real_qemu import RealQEMU, free_port
from tests.standing_time import let_time_pass_once
from tests.strangers import stranger

COMM = Path("/proc/self/comm").read_text().strip()
US = re.escape(f"{COMM} ({os.getpid()})")

NO_GREETING = "connected, but no greeting"
SILENCE = 0.3


def diagnosis(address: str, timeout: float = 30, traffic: Traffic | None = None) -> str:
    with pytest.raises(ConnectError) as caught:
        qmpshell.connect(address, timeout=timeout, traffic=traffic)
    text = str(caught.value)
    assert text.isprintable()
    return text


def says(address: str, what: str, advice: str) -> None:
    # Silence can be waited for; whoever says something has all the time that this takes.
    text = diagnosis(address, SILENCE if what == NO_GREETING else 30)
    assert re.fullmatch(rf"(unix:|tcp:)?{re.escape(address)}: {what}; {advice}", text), text


def test_no_such_file(qemu: RealQEMU, tmp_path: Path) -> None:
    here = "`qmp-list` shows the machines that run here"
    says(f"{tmp_path}/qqq.sock", "no such file", here)
    near = re.escape(f"nearest: {qemu.socket} (web1)")
    says(f"{tmp_path}/monitro0.sock", "no such file", near)


def test_no_such_file_but_a_machine_of_that_name(tmp_path: Path) -> None:
    with RealQEMU(tmp_path, "-name", "guest=peculiar") as qemu:
        says("peculiar", "no such file", re.escape(f"nearest: {qemu.socket} (peculiar)"))


def test_a_stale_socket(qemu: RealQEMU) -> None:
    qemu.kill()
    qemu.wait_until_ended()
    says(
        qemu.socket,
        "refused: nobody listens there",
        "the QEMU that made this socket is gone, and starting one makes it anew; .+",
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/etc/passwd", "a plain file"), ("/tmp", "a folder")],
)
def test_no_socket(path: str, kind: str) -> None:
    says(path, f"{kind}, not a socket", "give the path that stands in QEMU's -qmp option")


def test_a_device_where_a_socket_is_meant() -> None:
    advice = "give the path that stands in QEMU's -qmp option"
    assert diagnosis("unix:/dev/null") == f"/dev/null: a device, not a socket; {advice}"


@pytest.mark.parametrize("place", ["nobody@127.0.0.1:1", "no-such-host.invalid"])
def test_nothing_of_this_host_is_said_of_another(qemu: RealQEMU, place: str) -> None:
    text = diagnosis(f"ssh://{place}{qemu.socket}")
    assert text.startswith(f"ssh://{place}{qemu.socket}: ssh: ")
    assert "web1" not in text


def test_nothing_listens_on_a_port() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qmpshell.client.doctor.find_machines", list)
        text = diagnosis(f"localhost:{free_port()}")
    assert "refused: nothing listens there; is QEMU running, with -qmp tcp:HOST:" in text


def test_nothing_listens_on_this_port_but_on_another(tmp_path: Path) -> None:
    port = free_port()
    with RealQEMU(tmp_path, "-qmp", f"tcp:127.0.0.1:{port},server=on,wait=off"):
        text = diagnosis(f"localhost:{free_port()}")
    assert "refused: nothing listens there; nearest: " in text


def test_a_host_that_nobody_knows() -> None:
    says("nowhere.invalid:4444", "the host isn't known: .+", "is it spelled right?.*")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_no_permission(open_folder: Path) -> None:
    with RealQEMU(open_folder) as qemu:
        os.chown(qemu.socket, 0, 42)
        os.chmod(qemu.socket, 0o660)
        script = (
            "import os, sys\n"
            "import qmpshell, qmpshell.client.doctor, qmpshell.transport.access\n"
            "import qmpshell.transport.unix\n"
            "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "try: qmpshell.connect(sys.argv[1])\n"
            "except qmpshell.ConnectError as error: print(error)\n"
        )
        said = subprocess.run(
            [sys.executable, "-c", script, qemu.socket], capture_output=True, text=True, check=True
        ).stdout
    assert said == (
        f"{qemu.socket}: permission denied; {qemu.socket} belongs to root:shadow (srw-rw----):"
        " connect as root, or as a member of the group shadow\n"
    )


def test_held_by_another_client(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.sockets[0]):
        free = re.escape(qemu.sockets[1])
        says(
            qemu.socket,
            NO_GREETING,
            f"held by {US}, and it serves one client at a time: connect to {free}, which is free",
        )
        with qmpshell.connect(qemu.sockets[1]):
            says(qemu.socket, NO_GREETING, ".*: end that client, or give .* -qmp")


def test_held_and_others_queue(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket), socket.socket(socket.AF_UNIX) as queued:
        queued.connect(qemu.socket)
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(qemu.socket)
            text = diagnosis(qemu.socket, SILENCE)
    assert re.search(f": busy for 0.3 s; held by {US}", text)


def test_held_over_tcp(tmp_path: Path) -> None:
    port = free_port()
    options = ("-qmp", f"tcp:127.0.0.1:{port},server=on,wait=off")
    with RealQEMU(tmp_path, *options, monitors=0), qmpshell.connect(f"127.0.0.1:{port}"):
        assert re.search(f"held by {US}", diagnosis(f"localhost:{port}", SILENCE))


def test_a_human_monitor(tmp_path: Path) -> None:
    path = f"{tmp_path}/hmp"
    with RealQEMU(tmp_path, "-monitor", f"unix:{path},server=on,wait=off") as qemu:
        monitors = re.escape(", ".join(qemu.sockets))
        says(
            path,
            "not QMP: .*",
            rf"this is a human monitor \(HMP\); web1 speaks QMP at {monitors}",
        )


def test_the_guest_agents_port(tmp_path: Path) -> None:
    path = f"{tmp_path}/port"
    options = (
        *("-chardev", f"socket,id=q,path={path},server=on,wait=off", "-device", "virtio-serial"),
        *("-device", "virtserialport,chardev=q,name=org.qemu.guest_agent.0"),
    )
    with RealQEMU(tmp_path, *options):
        says(
            path,
            NO_GREETING,
            "a guest agent listens there, .* --agent connects .*",
        )
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            assert f"held by {COMM}" in diagnosis(path, SILENCE)


def test_a_guest_agent_of_its_own(tmp_path: Path) -> None:
    path = f"{tmp_path}/socket"
    agent = subprocess.Popen(
        ["qemu-ga", "-m", "unix-listen", "-p", path, "-t", str(tmp_path), "-v"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_until_listening(path)
        says(path, NO_GREETING, "a guest agent listens there, .*")
    finally:
        agent.kill()
        agent.communicate()


@pytest.mark.parametrize(
    ("banner", "who"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "this is an SSH server"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "this is a web server"),
        (b"\xff\xfb\x01\xff\xfb\x03", "this monitor speaks telnet: .*"),
    ],
)
def test_other_servers(tmp_path: Path, banner: bytes, who: str) -> None:
    path = f"{tmp_path}/other"
    with stranger(path, banner):
        says(path, "not QMP: '.*", who)


def test_a_vnc_display(tmp_path: Path) -> None:
    path = f"{tmp_path}/display"
    with RealQEMU(tmp_path, "-vnc", f"unix:{path}", "-vga", "std"):
        says(path, "not QMP: 'RFB 003.008.*", "this is a VNC display; web1 speaks QMP at .*")


def test_a_serial_port(tmp_path: Path) -> None:
    path = f"{tmp_path}/serial"
    with RealQEMU(tmp_path, "-serial", f"unix:{path},server=on,wait=off") as qemu:
        who = rf"qemu-system-x86 \({qemu.pid}\) listens there, but not for a monitor; web1 .*"
        says(path, NO_GREETING, who)


def test_a_telnet_monitor(tmp_path: Path) -> None:
    port = free_port()
    options = ("-qmp", f"tcp:127.0.0.1:{port},telnet=on,server=on,wait=off")
    with RealQEMU(tmp_path, *options, monitors=0):
        says(f"127.0.0.1:{port}", "not QMP: '.*", "this monitor speaks telnet: leave out .*")


def test_a_websocket_monitor(tmp_path: Path) -> None:
    port = free_port()
    options = ("-qmp", f"tcp:127.0.0.1:{port},websocket=on,server=on,wait=off")
    with RealQEMU(tmp_path, *options, monitors=0):
        says(f"127.0.0.1:{port}", NO_GREETING, "it speaks WebSocket, which .*")


def test_a_silent_server_that_is_no_qemu(tmp_path: Path) -> None:
    path = f"{tmp_path}/silent"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        says(path, NO_GREETING, f"{US} listens there, which is no QEMU; .*")


def test_a_process_that_was_stopped(qemu: RealQEMU) -> None:
    stop(qemu.pid)
    says(
        qemu.socket,
        NO_GREETING,
        rf"its process qemu-system-x86 \({qemu.pid}\) is stopped: `kill -CONT {qemu.pid}` lets .*",
    )
    os.kill(qemu.pid, signal.SIGCONT)
    qmpshell.connect(qemu.socket).close()


def test_a_qemu_that_is_busy(
    qemu: RealQEMU, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addr = {"type": "unix", "data": {"path": f"{tmp_path}/nobody-comes"}}
    backend = {"type": "socket", "data": {"addr": addr, "wait": True}}
    arguments = {"id": "waits", "backend": backend}
    with qmpshell.connect(qemu.sockets[1]) as other:
        # QEMU waits for a client of this socket, and serves no one meanwhile.
        other.submit({"execute": "chardev-add", "arguments": arguments}, on_reply=print)
        with socket.socket(socket.AF_UNIX) as client:
            wait_until_listening(f"{tmp_path}/nobody-comes")
            told: list[object] = []
            let_time_pass_once(monkeypatch, lambda: told)
            text = diagnosis(qemu.socket, SILENCE, lambda *message: told.append(message))
            silent = f"unix:{qemu.socket}: greeted, but no answer to qmp_capabilities in time; "
            assert text.startswith(
                f"{silent}web1 ({qemu.pid}) is busy, probably with a command of"
                f" {COMM} ({os.getpid()}): try again "
            )
            client.connect(f"{tmp_path}/nobody-comes")
            qmpshell.connect(qemu.socket, timeout=30).close()


def wait_until_listening(path: str) -> None:
    while not find_listener(UnixAddress(path)):
        pass
