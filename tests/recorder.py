"""A terminal that keeps what is written to it, and draws only the last of it: for floods."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pexpect
import pyte

from tests.terminal import PATIENCE, environment

_COLUMNS, _LINES = 100, 40

#: What a program asks the terminal, and the answer: where the cursor is.
_WHERE, _THERE = b"\x1b[6n", f"\x1b[{_LINES};1R"

#: Enough to draw a screen from.
_TAIL = 1 << 17


class Recorder:
    """A program on a pty.

    Parameters:
        command: the program and its arguments.
        env: what differs from this program's own environment.

    Attributes:
        seen: all that was written.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._process = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={**environment(), **(env or {})},
            dimensions=(_LINES, _COLUMNS),
        )
        # Otherwise pexpect waits 50 ms before it sends something.
        self._process.delaybeforesend = None
        self.seen = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close(force=True)

    def type(self, keys: str) -> None:
        """Press keys."""
        self._process.send(keys)

    def read(self, seconds: float = PATIENCE) -> bytes:
        """Return what is written next, or nothing when that takes too long."""
        try:
            data: bytes = self._process.read_nonblocking(1 << 16, timeout=seconds)
        except pexpect.TIMEOUT:
            return b""
        begin = max(0, len(self.seen) - len(_WHERE) + 1)
        self.seen += data
        for _ in range(self.seen.count(_WHERE, begin)):
            self._process.send(_THERE)
        return data

    def wait_for(self, text: str) -> None:
        """Read until a text has been written."""
        while text.encode() not in self.seen[-_TAIL:]:
            assert self.read(), f"{text!r} never came"

    def last_lines(self) -> list[str]:
        """Return what stands on the screen."""
        screen = pyte.Screen(_COLUMNS, _LINES)
        pyte.Stream(screen).feed(self.seen[-_TAIL:].decode("utf-8", "replace"))
        return [line.rstrip() for line in screen.display]

    def memory(self, field: str = "VmRSS") -> int:
        """Return the program's memory in KiB: what is resident, or ``VmHWM``: what was at most."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition(f"{field}:")[2].split()[0])
