"""A real qemu-storage-daemon for tests: QMP without a machine, and without HMP."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

import pytest

NAME = "qemu-storage-daemon"


class RealStorageDaemon:
    """A storage daemon that is there, with its socket, when this returns."""

    def __init__(self, folder: Path) -> None:
        if shutil.which(NAME) is None:
            pytest.skip(f"{NAME} is not installed")
        self.socket = str(folder / "storage")
        pid_file = folder / "storage-pid"
        chardev = f"socket,id=monitor,path={self.socket},server=on,wait=off"
        # Going into the background is its own word that it is ready.
        options = ("--chardev", chardev, "--monitor", "chardev=monitor")
        subprocess.run(
            [NAME, *options, "--daemonize", "--pidfile", str(pid_file)],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        self._process = os.pidfd_open(int(pid_file.read_text()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        os.close(self._process)
