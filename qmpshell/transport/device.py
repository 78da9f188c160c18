"""Terminals, such as QEMU's ``-chardev pty`` makes one, and other character devices."""

from __future__ import annotations

import contextlib
import glob
import os
import stat
import termios
import tty

from qmpshell.address import DeviceAddress
from qmpshell.errors import ConnectError, NobodyListens, WrongAddress
from qmpshell.render.escape import escape
from qmpshell.transport.descriptors import DescriptorStream


def open_device(address: DeviceAddress, _timeout: float | None) -> DescriptorStream:
    """Open a device; a terminal passes on each byte as it is until the stream is closed.

    QEMU looks once a second whether somebody has opened its terminal, and greets then.

    Parameters:
        address: its path.

    Raises:
        ConnectError: there is none, or we may not.
    """
    try:
        _refuse_terminals_in_use(address)
        descriptor = os.open(address.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise NobodyListens(
            f"{address}: no such device",
            "QEMU says at its start, and in query-chardev, which one it has made",
        ) from None
    except PermissionError:
        from qmpshell.transport.access import who_may_connect

        raise ConnectError(f"{address}: permission denied", who_may_connect(address.path)) from None
    except OSError as error:
        raise ConnectError(f"{address}: {error.strerror}") from None
    try:
        return _stream(address, descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_terminals_in_use(address: DeviceAddress) -> None:
    """Keep away from a terminal at which somebody works: its number may have been QEMU's before.

    Linux tells of each process at which terminal it was started (``proc_pid_stat(5)``).
    """
    device = os.stat(address.path)
    major, minor = os.major(device.st_rdev), os.minor(device.st_rdev)
    number = (minor & 0xFF) | (major << 8) | ((minor & ~0xFF) << 12)
    for file in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError), open(file, "rb") as stream:
            name, _, fields = stream.read().partition(b" (")[2].rpartition(b") ")
            pid = file.split("/")[2]
            if number and int(fields.split()[4]) == number and _is_seen_by(pid, address, device):
                raise WrongAddress(
                    f"{address}: somebody works at this terminal:"
                    f" {escape(os.fsdecode(name))} ({pid})",
                    "QEMU says in query-chardev which one is its own",
                )


def _is_seen_by(pid: str, address: DeviceAddress, device: os.stat_result) -> bool:
    """Say whether a process has this terminal, and not a container's own of the same number."""
    path = os.path.realpath(address.path)
    try:
        return os.stat(f"/proc/{pid}/root{path}").st_dev == device.st_dev
    except FileNotFoundError:
        return False
    except OSError:
        # Whoever can't be asked may well have it.
        return True


def _stream(address: DeviceAddress, descriptor: int) -> DescriptorStream:
    if not stat.S_ISCHR(os.fstat(descriptor).st_mode):
        raise WrongAddress(f"{address}: that is no device", "a socket's path stands without pty:")
    if not os.isatty(descriptor):
        return DescriptorStream(descriptor)
    before = termios.tcgetattr(descriptor)

    def restore() -> None:
        # A terminal whose other side is gone doesn't mind how it is left.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, before)

    tty.setraw(descriptor, termios.TCSANOW)
    # What was meant for who had it open before.
    termios.tcflush(descriptor, termios.TCIOFLUSH)
    return DescriptorStream(descriptor, restore)
