"""Processes that others have started, for tests: which there are, and what becomes of them."""

import contextlib
import os
import select
import signal
from pathlib import Path


class Descendants:
    """The processes that a process has started, and those that they have, as they are now."""

    def __init__(self, pid: int) -> None:
        self._open = [os.pidfd_open(child) for child in _below(pid)]
        assert self._open, "it has started none"

    def wait_until_ended(self) -> None:
        for descriptor in self._open:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            assert poll.poll(30_000), "a process was left behind"
            os.close(descriptor)


def stop(pid: int) -> None:
    """Stop a process, and wait until each of its threads has noticed."""
    os.kill(pid, signal.SIGSTOP)
    while not all(map(_is_stopped, Path(f"/proc/{pid}/task").iterdir())):
        os.sched_yield()


def _is_stopped(thread: Path) -> bool:
    # One that has ended meanwhile needs not be waited for.
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return (thread / "stat").read_text().rpartition(")")[2].split()[0] == "T"
    return True


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [below for child in map(int, children) for below in (child, *_below(child))]
