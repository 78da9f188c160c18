"""Waiting for a server that a test has started as a program."""

import subprocess
from pathlib import Path

from qmpshell.client.machines.tables import read_unix_table


def wait_until_listening(process: subprocess.Popen, path: str) -> None:
    """Wait until a program listens: its socket's file is there a little earlier.

    Parameters:
        process: the program, which mustn't end.
        path: its socket.
    """
    while not any(
        socket.listening and socket.path == path
        for socket in read_unix_table(Path("/proc/net/unix").read_bytes())
    ):
        assert process.poll() is None
