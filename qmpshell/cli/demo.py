"""``qmp-shell demo``: a throw-away machine, on a real QEMU where there is one."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qmpshell.address import UnixAddress
from qmpshell.cli.launch import Launched
from qmpshell.cli.signals import ending_on_signals
from qmpshell.cli.target import Target

QEMU = "qemu-system-x86_64"
DISK_BYTES = 64 * 2**20


@contextlib.contextmanager
def demo(env: Mapping[str, str]) -> Iterator[Target]:
    """Start a machine that costs nothing, and end it afterwards.

    Parameters:
        env: the environment, whose ``PATH`` is searched for QEMU.

    Raises:
        UsageError: it can't be started.
        LaunchError: it ended at once.
    """
    qemu = shutil.which(QEMU, path=env.get("PATH", ""))
    remark = "a throw-away machine" if qemu else f"a simulator, as there is no {QEMU} here"

    def command(address: UnixAddress, folder: Path) -> list[str]:
        return [*_machine(qemu, address, folder), *lifeline] if qemu else _simulator(address)

    with ending_on_signals(), _lifeline() as lifeline, Launched(command) as launched:
        yield Target(launched.connect, launched.address, remark=remark)


@contextlib.contextmanager
def _lifeline() -> Iterator[Sequence[str]]:
    """Yield options by which QEMU ends when we do, even if that was SIGKILL.

    The terminal that QEMU opens as a character device becomes the one that controls it, as
    it leads a session that has none. We hold its other end: when that is closed, the system
    sends SIGHUP, which QEMU ends on.
    """
    try:
        ours, theirs = os.openpty()
    except OSError:
        # No terminals here: then only SIGKILL leaves something behind.
        yield ()
        return
    path = os.ttyname(theirs)
    os.close(theirs)
    try:
        yield ("-chardev", f"serial,id=lifeline,path={path}")
    finally:
        os.close(ours)


def _simulator(address: UnixAddress) -> list[str]:
    return [sys.executable, "-m", "qmpshell.simulator", address.path]


def _machine(qemu: str, address: UnixAddress, folder: Path) -> list[str]:
    """Return a machine with one of each: a disk, a network card, a tablet.

    It stands still (``-S``) until someone types ``cont``. The network card has no ROM, as
    that file is in a package of its own on some systems.
    """
    disk = folder / "disk.raw"
    with disk.open("xb") as file:
        file.truncate(DISK_BYTES)
    return [
        *(qemu, "-machine", "pc", "-nodefaults", "-display", "none", "-m", "64", "-S"),
        *("-name", "demo"),
        *("-qmp", f"{address},server=on,wait=off"),
        *("-blockdev", f"driver=file,node-name=file0,filename={disk}"),
        *("-blockdev", "driver=raw,node-name=disk0,file=file0"),
        *("-device", "virtio-blk-pci,id=virtio0,drive=disk0"),
        *("-netdev", "hubport,id=hub0,hubid=0"),
        *("-device", "virtio-net-pci,id=net0,netdev=hub0,romfile="),
        *("-usb", "-device", "usb-tablet,id=tablet"),
    ]
