"""A real libvirtd for tests, with everything that it reads and keeps in a folder of its own."""

import contextlib
import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

_DOMAIN = """\
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <emulator>{emulator}</emulator>
    <input type='tablet' bus='usb'><alias name='ua-alpha'/></input>
    <memballoon model='none'/>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-qmp'/>
    <qemu:arg value='unix:{socket},server=on,wait=off'/>
  </qemu:commandline>
</domain>
"""


class LibvirtDaemon:
    """A libvirtd, as a person who isn't root would run it; there when this returns."""

    def __init__(self) -> None:
        self.libvirt: Any = pytest.importorskip(
            "libvirt", reason="Python's package libvirt-python is not installed"
        )
        program = shutil.which("libvirtd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        emulator = shutil.which("qemu-system-x86_64")
        if program is None or emulator is None:
            pytest.skip("libvirtd or QEMU is not installed")
        self._emulator = emulator
        # Sockets' paths are short, and pytest's folders are root's alone.
        self.folder = Path(tempfile.mkdtemp(prefix="libvirt-", dir="/tmp"))
        user = _user()
        config = self.folder / "config" / "libvirt"
        config.mkdir(parents=True)
        (config / "qemu.conf").write_text('security_driver = "none"\nstdio_handler = "file"\n')
        (config / "libvirtd.conf").write_text('auth_unix_rw = "none"\nauth_unix_ro = "none"\n')
        environment = {"HOME": str(self.folder), "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        for name in ("CONFIG_HOME", "RUNTIME_DIR", "CACHE_HOME", "DATA_HOME"):
            environment[f"XDG_{name}"] = str(self.folder / name.partition("_")[0].lower())
            (self.folder / name.partition("_")[0].lower()).mkdir(exist_ok=True)
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
        # Going into the background is its own word that it is ready.
        pid_file = self.folder / "pid"
        started = subprocess.run(
            [program, "--daemon", "--pid-file", pid_file],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **({"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if _ROOT else {}),
        )
        if started.returncode:
            pytest.skip("libvirtd can't run here")
        self._process = os.pidfd_open(int(pid_file.read_text()))
        self.socket = f"{self.folder}/runtime/libvirt/libvirt-sock"
        self.uri = f"qemu+unix:///session?socket={self.socket}"
        self.libvirt.registerErrorHandler(lambda *_: None, None)
        self.connection = self.libvirt.open(self.uri)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(self.libvirt.libvirtError):
            self.connection.close()
        self.kill()
        shutil.rmtree(self.folder)

    def kill(self) -> None:
        """End it; the domains run on."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        assert poll.poll(30_000), "libvirtd runs on"

    @contextlib.contextmanager
    def domain(self, name: str = "web1", *, persistent: bool = False) -> Iterator["Domain"]:
        """Have a domain that stands still, for a while."""
        domain = Domain(self, name, self._emulator, persistent=persistent)
        try:
            yield domain
        finally:
            domain.end()


class Domain:
    """A domain, which stands still, and has a tablet that is called ``ua-alpha``.

    Attributes:
        its: what libvirt's library has for it.
        socket: a plain Unix monitor that it has as well.
        address: where it is.
        pid: its process id.
    """

    def __init__(
        self, daemon: LibvirtDaemon, name: str, emulator: str, *, persistent: bool
    ) -> None:
        self.socket = f"{daemon.folder}/{name}"
        self.address = f"libvirt:{daemon.uri}#{name}"
        self._pid_file = daemon.folder / "runtime" / "libvirt" / "qemu" / "run" / f"{name}.pid"
        self._libvirt = daemon.libvirt
        text = _DOMAIN.format(name=name, socket=self.socket, emulator=emulator)
        if persistent:
            self.its = daemon.connection.defineXML(text)
        else:
            self.its = daemon.connection.createXML(text, daemon.libvirt.VIR_DOMAIN_START_PAUSED)

    @property
    def pid(self) -> int:
        return int(self._pid_file.read_text())

    def kill(self) -> None:
        """End its QEMU as an out-of-memory killer would."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """See to it that libvirt knows it no longer."""
        for step in (self.its.destroy, self.its.undefine):
            with contextlib.suppress(self._libvirt.libvirtError):
                step()


_ROOT = os.geteuid() == 0


def _user() -> pwd.struct_passwd:
    """Return who runs it: root's would be the whole host's libvirtd, with fixed places."""
    return pwd.getpwnam("nobody") if _ROOT else pwd.getpwuid(os.geteuid())
