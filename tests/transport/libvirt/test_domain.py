"""Domains of a real libvirtd: how they are found, and what is said of them."""

import functools
import os
import signal
import socket
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client.machines import domains, find_machines
from qmpshell.errors import ConnectError, ConnectionLost, NobodyListens, WrongAddress
from tests.cli.programs import run
from tests.libvirt_daemon import LibvirtDaemon
from tests.processes import Descendants
from tests.real_qemu import RealQEMU
from tests.ssh_server import SSHServer
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")


def test_a_domain_is_found_by_each_of_its_names(
    libvirt_daemon: LibvirtDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBVIRT_DEFAULT_URI", libvirt_daemon.uri)
    with libvirt_daemon.domain() as domain:
        with qmpshell.connect("libvirt:web1") as machine:
            # What libvirt notes is told when it does so, and not again.
            event = machine.wait_event("__org.libvirt_TAINTED", timeout=10)
            assert event.data["taint"] == "custom-monitor"
            with pytest.raises(qmpshell.CommandError, match="The command no-such has not been"):
                machine.execute("no-such")
            # What libvirt doesn't pass on leaves the connection as it was.
            deep = functools.reduce(lambda inner, _: [inner], range(200), [])
            with pytest.raises(qmpshell.CommandError, match="^GenericError: libvirt: "):
                machine.execute("query-name", a=deep)
            assert "paused" in machine.execute(
                "human-monitor-command", {"command-line": "info status"}
            )
        for name in (domain.its.UUIDString(), str(domain.its.ID())):
            with qmpshell.connect(f"libvirt:{name}") as machine:
                assert machine.execute("query-name") == {"name": "web1"}
                machine.execute("cont")
                assert machine.wait_event("RESUME", timeout=10).data == {}
                machine.execute("stop")
                names = [event.name for event in machine.events(timeout=0)]
                assert "__org.libvirt_TAINTED" not in names
        with qmpshell.connect(domain.address) as machine:
            # Its end is quicker than its reply.
            assert machine.execute("quit") == {}
            with pytest.raises(ConnectionLost):
                machine.execute("query-name")


def test_what_is_no_running_domain(libvirt_daemon: LibvirtDaemon, tmp_path: Path) -> None:
    with libvirt_daemon.domain(persistent=True) as domain:
        virsh = f"`virsh -c '{libvirt_daemon.uri}'"
        where = f"no such domain in {libvirt_daemon.uri}; "
        refusals = [
            (domain.address, NobodyListens, f"the domain isn't running; {virsh} start web1` s"),
            (f"{domain.address}2", NobodyListens, f"{where}nearest: web1"),
            (f"libvirt:{libvirt_daemon.uri}#zoo", NobodyListens, f"{where}{virsh} list --all` s"),
            ("libvirt:test:///default#test", WrongAddress, "test:///default is for TEST, not fo"),
            ("libvirt:qemu+x:///system#y", WrongAddress, "invalid argument: "),
            (
                f"libvirt:qemu+unix:///session?socket={tmp_path}/none#x",
                NobodyListens,
                f"no libvirtd listens at {tmp_path}/none; `systemctl start libvirtd` or",
            ),
        ]
        for address, kind, reason in refusals:
            with pytest.raises(ConnectError) as caught:
                qmpshell.connect(address)
            assert str(caught.value).startswith(f"{address}: {reason}")
            assert type(caught.value) is kind


def test_a_domain_is_waited_for_and_its_bridge_ends_with_the_shell(
    libvirt_daemon: LibvirtDaemon,
) -> None:
    with libvirt_daemon.domain(persistent=True) as domain:
        shell = ["qmp-shell", "--reconnect", domain.address]
        with Terminal(shell, columns=400) as terminal:
            terminal.wait_for("the domain isn't running")
            domain.its.create()
            terminal.wait_for_last_line("web1 running>")
            started = Descendants(terminal.pid)
            os.kill(domain.pid, signal.SIGSTOP)
            terminal.type("query-name\r")
            terminal.wait_until_prompt_is_gone()
            os.kill(terminal.pid, signal.SIGKILL)
            # libvirt still waits for QEMU's answer.
            started.wait_until_ended()
        domain.kill()


@pytest.mark.usefixtures("_with_ssh")
def test_a_domain_of_another_host(
    libvirt_daemon: LibvirtDaemon, ssh_server: SSHServer, tmp_path: Path
) -> None:
    # Its last word is the socket.
    netcat = tmp_path / "nc"
    netcat.write_text('#!/bin/sh\nfor last; do :; done\nexec socat - "UNIX:$last"\n')
    netcat.chmod(0o755)
    host = ssh_server.address("/session")
    address = f"libvirt:qemu+{host}?socket={libvirt_daemon.socket}&netcat={netcat}#web1"
    with libvirt_daemon.domain(), qmpshell.connect(address, timeout=20) as machine:
        assert machine.execute("query-name") == {"name": "web1"}
    ssh_server.set_known_names()
    with pytest.raises(WrongAddress, match="Host key verification failed.*log in with a key"):
        qmpshell.connect(address, timeout=20)


def test_libvirtd_is_gone() -> None:
    with LibvirtDaemon() as daemon, daemon.domain() as domain:
        with qmpshell.connect(domain.address) as machine:
            machine.execute("query-name")
            daemon.kill()
            with pytest.raises(ConnectionLost, match="libvirtd closed it, or is gone"):
                machine.execute("query-name")
        with pytest.raises(NobodyListens, match="no libvirtd listens at"):
            qmpshell.connect(domain.address)
        domain.kill()


def test_the_list_of_machines_has_a_domain_once(libvirt_daemon: LibvirtDaemon) -> None:
    environment = {**os.environ, "LIBVIRT_DEFAULT_URI": libvirt_daemon.uri}
    with libvirt_daemon.domain() as domain:
        listed = run("qmp-list", env=environment).out.splitlines()
        pid = str(domain.pid)
        own = f"{libvirt_daemon.folder}/config/libvirt/qemu/lib/domain-{domain.its.ID()}-web1"
        with pytest.raises(ConnectError, match="held by libvirtd .*: `libvirt:web1` goes through"):
            qmpshell.connect(f"{own}/monitor.sock", timeout=0.1)
    assert [row for row in map(str.split, listed) if row[1] == pid] == [
        ["web1", pid, "libvirt:web1", "QMP", "free"],
        ["web1", pid, domain.socket, "QMP", "free"],
    ]


def test_a_libvirtd_that_hangs_holds_no_list_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("libvirt", reason="Python's package libvirt-python is not installed")
    monkeypatch.setattr(domains, "_LIST_SECONDS", 0.3)
    place = f"{tmp_path}/silent"
    monkeypatch.setenv("LIBVIRT_DEFAULT_URI", f"qemu+unix:///session?socket={place}")
    uuid = ("-uuid", "6d3c1c5c-2f3a-4a0c-8a3e-8e1a2b0c5d4f")
    with RealQEMU(tmp_path, *uuid) as qemu, socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen()
        (machine,) = (machine for machine in find_machines() if machine.pid == qemu.pid)
        assert str(machine.monitors[0].address) == f"unix:{qemu.socket}"


def test_without_libvirts_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "libvirt.py").write_text("raise ImportError('it is gone')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(WrongAddress) as caught:
        qmpshell.connect("libvirt:web1")
    assert str(caught.value).startswith(
        "libvirt:web1: Python's package libvirt-python is missing (it is gone);"
        " `pip install 'qmpshell[libvirt]'` installs it"
    )
