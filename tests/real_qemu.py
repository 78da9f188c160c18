"""A real QEMU for tests: a machine that stands still, with as many monitors as wanted."""

import contextlib
import functools
import os
import re
import select
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

#: Each is bound and listens to nothing: so the system gives its port to nobody else, and who
#: allows it (``SO_REUSEADDR``), as QEMU and OpenSSH do, can listen on it all the same.
_reservations: list[socket.socket] = []


def free_port() -> int:
    """Return a TCP port that nobody listens on, and that nobody is given who takes any."""
    reservation = socket.socket()
    _reservations.append(reservation)
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reservation.bind(("127.0.0.1", 0))
    return int(reservation.getsockname()[1])


@functools.cache
def installed_version() -> str:
    """Return the version of the QEMU that is installed here, such as ``"7.2"``."""
    said = subprocess.run(
        ["qemu-system-x86_64", "--version"], check=True, capture_output=True, text=True
    ).stdout
    found = re.match(r"QEMU emulator version (\d+\.\d+)", said)
    assert found, said
    return found[1]


class RealQEMU:
    """A QEMU that is there, with its sockets, when this returns."""

    def __init__(
        self, folder: Path, *options: str, monitors: int = 2, pass_fds: Sequence[int] = ()
    ) -> None:
        self.sockets = [str(folder / f"monitor{number}") for number in range(monitors)]
        pid_file = folder / "pid"
        monitor_options = [
            option
            for path in self.sockets
            for option in ("-qmp", f"unix:{path},server=on,wait=off")
        ]
        # Going into the background is QEMU's own word that it is ready.
        subprocess.run(
            [
                *("qemu-system-x86_64", "-machine", "pc", "-nodefaults", "-display", "none"),
                *("-m", "64", "-S", "-name", "web1", "-daemonize", "-pidfile", str(pid_file)),
                *monitor_options,
                *options,
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            pass_fds=pass_fds,
        )
        self.pid = int(pid_file.read_text())
        self._process = os.pidfd_open(self.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.kill()
        self.wait_until_ended()
        os.close(self._process)

    @property
    def socket(self) -> str:
        """The first monitor's socket."""
        return self.sockets[0]

    @property
    def running(self) -> bool:
        return not self._ended(0)

    def kill(self) -> None:
        """End it as an out-of-memory killer would."""
        signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def wait_until_ended(self) -> None:
        assert self._ended(30_000), "QEMU runs on"

    def _ended(self, milliseconds: int) -> bool:
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        return bool(poll.poll(milliseconds))
