import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import qmpshell
from qmpshell.errors import CommandError, ConnectionLost, RequestError
from tests.agents import RealAgent
from tests.real_qemu import RealQEMU


def test_commands_events_and_errors(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine, qmpshell.connect(qemu.sockets[1]) as other:
        assert machine.execute("query-status")["status"] == "prelaunch"
        other.execute("cont")
        assert machine.wait_event("RESUME", timeout=10).seconds is not None
        with pytest.raises(CommandError, match="DeviceNotFound"):
            machine.execute("device_del", id="nope")


def test_out_of_band(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        # The first monitor is a character device, and its client can be cut off.
        assert {"type": "chardev", "id": "compat_monitor0"} in machine.execute(
            "query-yank", oob=True
        )
        with pytest.raises(CommandError, match="does not support OOB"):
            machine.execute("query-status", oob=True)
        with pytest.raises(RequestError, match="exclude each other"):
            machine.execute("query-yank", oob=True, wait=True)
    refused = pytest.raises(RequestError, match="nothing can go out of band here")
    with qmpshell.connect(qemu.socket, negotiate=False) as machine, refused:
        machine.execute("query-yank", oob=True)


def test_a_pretty_monitor(tmp_path: Path) -> None:
    options = ("-qmp-pretty", f"unix:{tmp_path}/pretty,server=on,wait=off")
    with RealQEMU(tmp_path, *options), qmpshell.connect(f"{tmp_path}/pretty") as machine:
        assert machine.execute("query-name") == {"name": "web1"}
        assert len(machine.execute("query-commands")) > 100


def test_tcp_over_ipv4_and_ipv6(tmp_path: Path) -> None:
    options = (
        *("-qmp", "tcp:127.0.0.1:0,server=on,wait=off"),
        *("-chardev", "socket,id=six,host=::1,port=0,server=on,wait=off"),
        *("-mon", "chardev=six,mode=control"),
    )
    with RealQEMU(tmp_path, *options) as qemu, qmpshell.connect(qemu.socket) as machine:
        files = [device["filename"] for device in machine.execute("query-chardev")]
        ports = [file.split(",")[0].rpartition(":")[2] for file in files if "tcp:" in file]
        assert len(ports) == 2
        for host in ("127.0.0.1", "[::1]"):
            with_port = [port for port in ports if _listens(host.strip("[]"), int(port))]
            with qmpshell.connect(f"{host}:{with_port[0]}") as over_tcp:
                assert over_tcp.execute("query-name") == {"name": "web1"}


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port)).close()
    except ConnectionRefusedError:
        return False
    return True


def test_an_abstract_socket(tmp_path: Path) -> None:
    name = f"qmpshell{tmp_path}".replace("/", "-")
    options = (
        *("-chardev", f"socket,id=a,path={name},abstract=on,server=on,wait=off"),
        *("-mon", "chardev=a,mode=control"),
    )
    with RealQEMU(tmp_path, *options), qmpshell.connect(f"@{name}") as machine:
        assert machine.execute("query-name") == {"name": "web1"}


@pytest.mark.parametrize("id_", [b"", b', "id": 1'])
def test_a_reply_left_over_by_a_client_that_left_is_not_ours(qemu: RealQEMU, id_: bytes) -> None:
    """QEMU sends it to whoever connects next, with the id of whoever left."""
    told: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with socket.socket(socket.AF_UNIX) as leaving:
            leaving.connect(qemu.socket)
            leaving.recv(10_000)
            leaving.sendall(b'{"execute": "qmp_capabilities"}')
            leaving.recv(10_000)
            # It runs for as long as the server that it connects to says nothing.
            leaving.sendall(
                b'{"execute": "blockdev-add", "arguments": {"driver": "nbd", "node-name": "n",'
                b' "server": {"type": "inet", "host": "127.0.0.1", "port": "%d"}}%b}'
                % (silent.getsockname()[1], id_)
            )
            running, _ = silent.accept()

        def end_it(_: str, members: Mapping[str, Any]) -> None:
            told.append(members)
            running.close()

        with qmpshell.connect(qemu.socket, traffic=end_it) as machine:
            assert machine.execute("query-name") == {"name": "web1"}
            assert machine.request({"execute": "query-name", "id": 1}).value == {"name": "web1"}
    leftovers = [members for members in told if "error" in members]
    assert [members.get("id") for members in leftovers] == [1 if id_ else None]


def test_a_command_of_100_kilobytes(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        with pytest.raises(CommandError, match="not found"):
            machine.execute("device_del", id="x" * 100_000, timeout=30)
        assert machine.execute("query-name") == {"name": "web1"}


def test_quit_is_a_normal_end(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        assert machine.execute("quit") == {}
        assert machine.wait_event("SHUTDOWN", timeout=10).data["reason"] == "host-qmp-quit"
        with pytest.raises(ConnectionLost):
            machine.execute("query-name")
    qemu.wait_until_ended()


def test_a_killed_qemu_is_a_lost_connection(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        qemu.kill()
        with pytest.raises(ConnectionLost, match="the connection ended"):
            machine.wait_event("STOP", timeout=10)
    assert Path(qemu.socket).is_socket()


def test_many_round_trips(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        for _ in range(2000):
            assert machine.execute("query-status")["status"] == "prelaunch"


def test_a_guest_agent_needs_no_greeting(tmp_path: Path) -> None:
    """And what the client before left half sent must not spoil our first command."""
    with RealAgent(tmp_path) as agent:
        with socket.socket(socket.AF_UNIX) as leaving:
            leaving.connect(agent.path)
            leaving.sendall(b'{"execute": "guest-')
        with qmpshell.connect(agent.path, negotiate=False) as machine:
            assert machine.execute("guest-ping", timeout=10) == {}
