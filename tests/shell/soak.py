"""A shell that is used for long: what it holds of memory and descriptors in the end."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import pexpect

from tests.terminal import PATIENCE, environment

#: A program asks where its cursor is; a terminal answers.
_WHERE_IS_THE_CURSOR, _THERE = b"\x1b[6n", "\x1b[1;1R"

#: What is done in a round, a line each; keys that aren't a line of their own are before them.
ROUND = (
    "query-status",
    "query-block --output table",
    "query-qmp-schema --select [0]",
    '{"execute": "query-named-block-nodes", "id": 5}',
    "blockdev-add driver=qcow2 file.\t\x1b[Z\x15device_add driver=\t\t\x15/help blockdev-add",
    "dev\t\t\x1b[A\x1b[B\x03query-nosuch",
    "set_link name=net0 up=maybe",
    "device_add usb-tablet id=soak",
    "cont",
    "device_del soak --wait",
    "stop",
    "blockdev-add null-co node-name=soak0 size=1M",
    "blockdev-add null-co node-name=soak1 size=1M",
    "blockdev-backup job-id=soak device=soak0 target=soak1 sync=full --wait",
    "blockdev-del soak0",
    "blockdev-del soak1",
    "transaction( abort )",
    "/hmp info status",
    "/events",
    "/search bitmap",
    "\x12query\x07\x15/jobs",
    "/reconnect",
)


class Held(NamedTuple):
    """What a process holds.

    Attributes:
        memory: in bytes, of what is in RAM.
        descriptors: how many are open.
    """

    memory: int
    descriptors: int


class Soak:
    """A shell on a pty, and somebody who doesn't stop typing.

    Parameters:
        command: starts the shell, on a machine with a network card ``net0``.
        env: the environment's variables that are to be others.

    Attributes:
        lines: how many were typed.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.lines = 0
        self._tail = b""
        self._process = pexpect.spawn(
            command[0],
            list(command[1:]),
            # A pager would take the keys.
            env={**environment(), "PAGER": "", **env},
            dimensions=(40, 100),
            timeout=PATIENCE,
        )
        self._see()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close(force=True)

    def go_round(self, between: Callable[[], object] = lambda: None) -> None:
        """Type each line once, and wait for what comes of it.

        Parameters:
            between: is called behind each line.
        """
        for line in ROUND:
            self._process.send(f"{line}\r")
            self.lines += 1
            between()
            self._see()

    def held(self) -> Held:
        """Return what the shell holds now."""
        process = Path("/proc") / str(self._process.pid)
        pages = int((process / "statm").read_text().split()[1])
        return Held(pages * os.sysconf("SC_PAGE_SIZE"), len(list((process / "fd").iterdir())))

    def leave(self) -> int:
        """Leave; return the exit status."""
        self._process.send("\x04")
        self._process.expect(pexpect.EOF)
        self._process.wait()
        return int(self._process.exitstatus or 0)

    def _see(self) -> None:
        """Wait until all that was typed is done, a last line too, and the next prompt stands."""
        self.lines += 1
        # The blank is no part of the line, but for /jobs a key that leaves it.
        self._process.send(f" device_del see{self.lines}\r")
        wanted = b"Device 'see%d' not found" % self.lines
        while _WHERE_IS_THE_CURSOR not in self._tail.partition(wanted)[2]:
            data = self._process.read_nonblocking(65536, timeout=PATIENCE)
            begin = max(0, len(self._tail) - len(_WHERE_IS_THE_CURSOR) + 1)
            self._tail += data
            for _ in range(self._tail.count(_WHERE_IS_THE_CURSOR, begin)):
                self._process.send(_THERE)
            self._tail = self._tail[-200_000:]
        assert b"Traceback" not in self._tail
        assert b"Unhandled exception" not in self._tail
