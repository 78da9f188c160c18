"""Machines that really run: what is found of them, without connecting to any."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.address import AbstractAddress, TCPAddress, UnixAddress
from qmpshell.client.machines import (
    Availability,
    Holder,
    Language,
    Monitor,
    RunningMachine,
    find_listener,
    find_machines,
    proc,
)
from tests.real_qemu import RealQEMU, free_port

FREE, HELD = Availability.FREE, Availability.HELD


def found(pid: int) -> RunningMachine:
    (machine,) = (machine for machine in find_machines() if machine.pid == pid)
    return machine


def us() -> Holder:
    return Holder(Path("/proc/self/comm").read_text().strip(), os.getpid())


def test_a_free_monitor_and_a_held_one(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket):
        machine = found(qemu.pid)
    assert machine.name == "web1"
    assert machine.program == "qemu-system-x86_64"
    assert not machine.stopped
    assert machine.monitors == (
        Monitor(UnixAddress(qemu.sockets[0]), Language.QMP, HELD, us()),
        Monitor(UnixAddress(qemu.sockets[1]), Language.QMP, FREE),
    )


def test_a_machine_that_ends_meanwhile_hides_no_other(
    qemu: RealQEMU, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = proc.table
    (tmp_path / "other").mkdir()
    with RealQEMU(tmp_path / "other") as other:
        # Processes are looked at in the order of their ids.
        first, second = sorted([qemu.pid, other.pid])

        def table_without(pid: int, name: str) -> bytes:
            return b"" if pid == first else table(pid, name)

        monkeypatch.setattr(proc, "table", table_without)
        assert [monitor.availability for monitor in found(second).monitors] == [FREE, FREE]


def test_finding_takes_no_monitors_place(qemu: RealQEMU) -> None:
    for _ in range(3):
        assert [monitor.availability for monitor in found(qemu.pid).monitors] == [FREE, FREE]
        assert find_listener(UnixAddress(qemu.socket))
    with qmpshell.connect(qemu.socket, timeout=5):
        pass


def test_sockets_of_all_kinds(tmp_path: Path) -> None:
    port, name = free_port(), f"qmpshell-test-{os.getpid()}"
    options = [
        *("-monitor", f"unix:{tmp_path}/hmp,server,nowait"),
        *("-qmp", f"tcp:127.0.0.1:{port},server=on,wait=off"),
        *("-qmp", f"unix:{name},abstract=on,tight=off,server=on,wait=off"),
        *("-chardev", f"socket,id=q,path={tmp_path}/agent,server=on,wait=off"),
        *("-device", "virtio-serial"),
        *("-device", "virtserialport,chardev=q,name=org.qemu.guest_agent.0"),
        *("-serial", f"unix:{tmp_path}/serial,server=on,wait=off"),
    ]
    later = {"addr": {"type": "unix", "data": {"path": f"{tmp_path}/later"}}, "wait": False}
    with (
        RealQEMU(tmp_path, *options, monitors=1) as qemu,
        socket.create_connection(("127.0.0.1", port)) as client,
        qmpshell.connect(qemu.socket) as machine,
    ):
        # A greeting means that it is served, and not in the queue any more.
        assert client.recv(1)
        machine.execute("chardev-add", id="later", backend={"type": "socket", "data": later})
        monitors = {monitor.address: monitor for monitor in found(qemu.pid).monitors}
        listener = find_listener(TCPAddress("localhost", port))
    tcp, abstract = TCPAddress("127.0.0.1", port), AbstractAddress(name, tight=False)
    assert listener
    assert (listener.pid, listener.holder, listener.monitor) == (qemu.pid, us(), monitors[tcp])
    assert {
        address: (monitor.language, monitor.availability) for address, monitor in monitors.items()
    } == {
        UnixAddress(qemu.socket): (Language.QMP, HELD),
        UnixAddress(f"{tmp_path}/hmp"): (Language.HMP, FREE),
        tcp: (Language.QMP, HELD),
        abstract: (Language.QMP, FREE),
        UnixAddress(f"{tmp_path}/agent"): (Language.AGENT, FREE),
        UnixAddress(f"{tmp_path}/later"): (Language.UNKNOWN, FREE),
    }


def test_a_socket_handed_over_as_a_descriptor(tmp_path: Path) -> None:
    path = str(tmp_path / "monitor")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        options = f"socket,id=m,fd={server.fileno()},server=on,wait=off"
        os.set_inheritable(server.fileno(), True)  # noqa: FBT003
        with RealQEMU(
            *(tmp_path, "-chardev", options, "-mon", "chardev=m,mode=control"),
            monitors=0,
            pass_fds=(server.fileno(),),
        ) as qemu:
            # Python's own descriptor would listen as well.
            server.close()
            assert found(qemu.pid).monitors == (Monitor(UnixAddress(path), Language.QMP, FREE),)


def test_a_socket_that_another_machine_took_over_and_one_that_was_removed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with (
        RealQEMU(tmp_path) as first,
        RealQEMU(
            *(tmp_path / "other", "-qmp", f"unix:{first.socket},server=on,wait=off"), monitors=0
        ) as second,
    ):
        os.unlink(first.sockets[1])
        states = [monitor.availability for monitor in found(first.pid).monitors]
        assert states == [Availability.UNREACHABLE] * 2
        assert [monitor.availability for monitor in found(second.pid).monitors] == [FREE]


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    with RealQEMU(tmp_path, "-qmp", "unix:here,server=on,wait=off", monitors=0) as qemu:
        monkeypatch.chdir("/")
        (monitor,) = found(qemu.pid).monitors
        assert monitor == Monitor(UnixAddress(f"{tmp_path}/here"), Language.QMP, FREE)


@pytest.fixture
def storage_daemon(tmp_path: Path) -> Iterator[tuple[int, str]]:
    path = f"{tmp_path}/daemon"
    words = [
        *("qemu-storage-daemon", "--daemonize", "--pidfile", f"{tmp_path}/pid"),
        *("--chardev", f"socket,id=m,path={path},server=on,wait=off", "--monitor", "m"),
    ]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    yield int((tmp_path / "pid").read_text()), path
    with qmpshell.connect(path) as daemon:
        daemon.execute("quit")


def test_a_storage_daemon(storage_daemon: tuple[int, str]) -> None:
    pid, path = storage_daemon
    machine = found(pid)
    assert (machine.name, machine.program) == ("", "qemu-storage-daemon")
    assert machine.monitors == (Monitor(UnixAddress(path), Language.QMP, FREE),)


def test_who_listens_through_another_path(qemu: RealQEMU, tmp_path: Path) -> None:
    os.symlink(qemu.socket, tmp_path / "link")
    listener = find_listener(UnixAddress(str(tmp_path / "link")))
    assert listener
    assert listener.pid == qemu.pid
    assert listener.monitor
    assert listener.monitor.address == UnixAddress(qemu.socket)


def test_nobody_listens(tmp_path: Path) -> None:
    assert find_listener(UnixAddress(str(tmp_path / "none"))) is None
    assert find_listener(TCPAddress("localhost", free_port())) is None
    assert find_listener(TCPAddress("192.0.2.1", 4444)) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_users_machine_is_found_and_its_monitor_told_held(qemu: RealQEMU) -> None:
    script = (
        "import os\n"
        "import qmpshell.client.machines.finding as finding\n"
        "import qmpshell.client.machines.text as text\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "for row in text.rows(finding.find_machines()): print(*row.cells, sep='|')\n"
    )
    with qmpshell.connect(qemu.socket):
        done = subprocess.run(["python3", "-c", script], capture_output=True, text=True, check=True)
    rows = [line.split("|") for line in done.stdout.splitlines()]
    assert [row[4] for row in rows if row[1] == str(qemu.pid)] == ["held", "free"]
