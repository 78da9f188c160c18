"""Processes that others have started, for tests: which there are, and whether they have ended."""

import os
import select
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


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [below for child in map(int, children) for below in (child, *_below(child))]
