"""A real QEMU at the far end of each kind of transport: the table that the tests go through.

A new kind of transport, such as one that needs a daemon or certificates of its own, is a
function here that is given a :class:`Place` and yields a :class:`FarEnd`, and its name in
``FAR_ENDS``. Everything in ``test_every_transport.py`` is then asked of it as well. What TLS is
asked is in ``test_tls_real_qemu.py``: twice, as a QEMU may want a client's certificate or not.
"""

import contextlib
import functools
import os
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

import qmpshell
from tests.libvirt_daemon import LibvirtDaemon
from tests.real_qemu import RealQEMU, free_port
from tests.ssh_server import SSHServer


class QEMU(Protocol):
    """A QEMU that is called ``web1``, stands still, and has a tablet called ``alpha``."""

    @property
    def pid(self) -> int:
        """Its process id."""

    @property
    def socket(self) -> str:
        """A plain Unix monitor that it has as well."""

    def kill(self) -> None:
        """End it as an out-of-memory killer would."""


class FarEnd(NamedTuple):
    """A QEMU, and how it is reached.

    Attributes:
        qemu: the QEMU.
        address: where it is.
        before: what stands before a program that is to reach it.
        many: how many commands go through in a moment.
    """

    qemu: QEMU
    address: str
    before: Sequence[str] = ()
    many: int = 1000

    def command(self, *program: str) -> list[str]:
        """Return a program's command line with the address at its end."""
        return [*self.before, *program, self.address]


class Place(NamedTuple):
    """Where a QEMU can be started.

    Attributes:
        folder: an empty folder.
        ssh_server: a server of this host.
        libvirt_daemon: a libvirtd of this host, which is started when it is asked for.
    """

    folder: Path
    ssh_server: SSHServer
    libvirt_daemon: Callable[[], LibvirtDaemon]

    def qemu(self, *options: str) -> RealQEMU:
        """Start one."""
        tablet = ("-usb", "-device", "usb-tablet,id=alpha")
        return RealQEMU(self.folder, *tablet, *options, monitors=1)

    def qemu_on(self, chardev: str) -> RealQEMU:
        """Start one with a monitor on a character device called ``far``."""
        kind, _, options = chardev.partition(",")
        monitor = ("-mon", "chardev=far,mode=control")
        return self.qemu("-chardev", f"{kind},id=far,{options}", *monitor)


def unix(place: Place) -> Iterator[FarEnd]:
    path = f"{place.folder}/web 1,x"
    with place.qemu("-qmp", f"unix:{path.replace(',', ',,')},server=on,wait=off") as qemu:
        yield FarEnd(qemu, path)


def abstract(place: Place) -> Iterator[FarEnd]:
    name = f"qmpshell-test-{os.getpid()}"
    with place.qemu("-qmp", f"unix:{name},abstract=on,server=on,wait=off") as qemu:
        yield FarEnd(qemu, f"@{name}")


def tcp(place: Place) -> Iterator[FarEnd]:
    address = f"tcp:127.0.0.1:{free_port()}"
    with place.qemu("-qmp", f"{address},server=on,wait=off") as qemu:
        yield FarEnd(qemu, address)


def vsock(place: Place) -> Iterator[FarEnd]:
    if not _has_vsock_to_itself():
        pytest.skip("this kernel lets nobody connect to its own vsock (no vsock_loopback)")
    # QEMU's command line has no such monitors.
    path = f"{place.folder}/web1"
    with (
        place.qemu("-qmp", f"unix:{path},server=on,wait=off") as qemu,
        _relayed(f"VSOCK-LISTEN:{os.getpid()},fork", f"UNIX:{path}"),
    ):
        yield FarEnd(qemu, f"vsock:1:{os.getpid()}")


def pty(place: Place) -> Iterator[FarEnd]:
    with place.qemu_on("pty") as qemu:
        with qmpshell.connect(qemu.socket) as plain:
            chardevs = plain.execute("query-chardev")
        # It stands there as pty:/dev/pts/5.
        yield FarEnd(qemu, next(c["filename"] for c in chardevs if c["label"] == "far"))


def pipe(place: Place) -> Iterator[FarEnd]:
    path = f"{place.folder}/web1"
    for end in ("in", "out"):
        os.mkfifo(f"{path}.{end}")
    with place.qemu_on(f"pipe,path={path}") as qemu:
        yield FarEnd(qemu, f"pipe:{path}")


def fd(place: Place) -> Iterator[FarEnd]:
    port = free_port()
    with place.qemu("-qmp", f"tcp:127.0.0.1:{port},server=on,wait=off") as qemu:
        script = f'exec "$@" 3<>/dev/tcp/127.0.0.1/{port}'
        yield FarEnd(qemu, "fd:3", ["bash", "-c", script, "bash"])


def program(place: Place) -> Iterator[FarEnd]:
    path = f"{place.folder}/web1"
    with place.qemu("-qmp", f"unix:{path},server=on,wait=off") as qemu:
        yield FarEnd(qemu, f"exec:socat -t0 - UNIX:{path}")


def ssh(place: Place) -> Iterator[FarEnd]:
    path = f"{place.folder}/web 1:100%"
    with place.qemu("-qmp", f"unix:{path},server=on,wait=off") as qemu:
        yield FarEnd(qemu, place.ssh_server.address(path))


def listen(place: Place) -> Iterator[FarEnd]:
    path = f"{place.folder}/listening"
    with place.qemu_on(f"socket,path={path},reconnect=1") as qemu:
        yield FarEnd(qemu, f"listen:{path}")


def libvirt(place: Place) -> Iterator[FarEnd]:
    with place.libvirt_daemon().domain() as domain:
        # A command passes through four more processes' threads.
        yield FarEnd(domain, domain.address, many=200)


@contextlib.contextmanager
def _relayed(listening: str, there: str) -> Iterator[None]:
    """Have socat between two places; it listens when this is entered."""
    command = ["socat", "-d", "-d", listening, there]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert any(" listening on " in line for line in process.stderr)
        try:
            yield
        finally:
            process.kill()


@functools.cache
def _has_vsock_to_itself() -> bool:
    with socket.socket(socket.AF_VSOCK) as server, socket.socket(socket.AF_VSOCK) as client:
        client.settimeout(0.3)
        try:
            server.bind((socket.VMADDR_CID_ANY, os.getpid()))
            server.listen()
            client.connect((1, os.getpid()))
        except OSError:
            return False
    return True


FAR_ENDS: dict[str, Callable[[Place], Iterator[FarEnd]]] = {
    reach.__name__: reach
    for reach in (unix, abstract, tcp, vsock, pty, pipe, fd, program, ssh, listen, libvirt)
}
