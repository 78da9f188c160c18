"""A storm of events: a simulated machine in a process of its own that sends all it can.

usage: python tests/storm.py SOCKET EVENTS
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from qmpshell.simulator.faults import event_bytes
from qmpshell.simulator.server import Server


def event(number: int) -> bytes:
    """Return an event that says something different from all others."""
    return event_bytes("DEVICE_DELETED", {"path": "/machine/peripheral", "device": f"nic{number}"})


def numbers_in(output: bytes) -> list[int]:
    """Return the numbers of the events that were shown, in their order."""
    return [int(number) for number in re.findall(rb"nic(\d+)", output)]


class Storm:
    """The other process, and when it begins to storm."""

    def __init__(self, folder: Path, events: int) -> None:
        self.socket = str(folder / "storm")
        self._process = subprocess.Popen(
            [sys.executable, __file__, self.socket, str(events)], stdout=subprocess.PIPE
        )
        assert self._process.stdout
        self._process.stdout.readline()

    def begin(self) -> None:
        self._process.send_signal(signal.SIGUSR1)

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextlib.contextmanager
def storm(folder: Path, events: int) -> Iterator[Storm]:
    """Run the other process, which serves one client and waits for :meth:`Storm.begin`."""
    machine = Storm(folder, events)
    try:
        yield machine
    finally:
        machine.end()


def main(socket: str, events: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(socket)
    server = Server(socket)
    data = b"".join(map(event, range(events)))
    signal.signal(signal.SIGUSR1, lambda *_: server.post(lambda: server.send_raw(data)))
    print("ready", flush=True)
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
