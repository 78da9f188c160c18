"""A time limit that holds whatever the work waits for: a name server, a disk, a machine."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from qmpshell.client.deadline import Deadline


def output_within(seconds: float, work: Callable[[], object]) -> bytes:
    """Do something in another process; return what it wrote to standard output.

    That is nothing when it isn't done in time or fails, and nobody is told why.

    Parameters:
        seconds: how long it may take.
        work: does it.
    """
    deadline = Deadline(seconds)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _work(work, writing)
    os.close(writing)
    output = _read_until(deadline, reading)
    if output is None:
        # It isn't waited for: what hangs on a dead disk can't even be killed.
        os.kill(pid, signal.SIGKILL)
        return b""
    _, status = os.waitpid(pid, 0)
    return b"" if status else output


def _work(work: Callable[[], object], writing: int) -> NoReturn:
    """Be the other process."""
    status = 1
    try:
        os.dup2(writing, 1)
        os.close(writing)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        work()
        sys.stdout.flush()
        status = 0
    finally:
        # Whatever was raised: there is nobody to tell.
        os._exit(status)


def _read_until(deadline: Deadline, descriptor: int) -> bytes | None:
    """Read to the end; return ``None`` if that doesn't come in time."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    output = bytearray()
    while poll.poll((deadline.remaining or 0.0) * 1000):
        data = os.read(descriptor, 65536)
        if not data:
            return bytes(output)
        output += data
    return None
