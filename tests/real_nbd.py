"""A real NBD server for tests, which can fall silent as a host does that is cut off."""

import os
import select
import signal
import subprocess
from pathlib import Path
from typing import Self

from tests.processes import stop


class RealNBD:
    """A ``qemu-nbd`` that listens when this returns."""

    def __init__(self, folder: Path) -> None:
        image = folder / "remote.raw"
        image.write_bytes(bytes(2**20))
        self.socket = str(folder / "nbd.sock")
        pid_file = folder / "nbd-pid"
        # Going into the background is its own word that it is ready.
        subprocess.run(
            [
                *("qemu-nbd", "--fork", "--pid-file", str(pid_file), "--persistent"),
                *("--shared", "0", "--format", "raw", "--socket", self.socket, str(image)),
            ],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        self._pid = int(pid_file.read_text())
        self._process = os.pidfd_open(self._pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        signal.pidfd_send_signal(self._process, signal.SIGKILL)
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        assert poll.poll(30_000), "qemu-nbd runs on"
        os.close(self._process)

    def fall_silent(self) -> None:
        """Answer nothing more, and keep the connections."""
        stop(self._pid)
