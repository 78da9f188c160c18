"""Rough handling: keys, events and a terminal of any size, in any order."""

import itertools
import json
import random

from qmpshell.simulator import Simulator
from tests.terminal import Terminal

#: The smallest and the largest terminal, in columns and lines.
SMALLEST = (20, 5)
LARGEST = (200, 60)

#: Lines that print much, or little, or what is wrong.
LINES = [
    *("query-block --output table", "query-named-block-nodes", "query-status", "query-jobs"),
    *("/events", "/events 1", "/help", "/help blockdev-add", "/search block", "/config", "/jobs"),
    *(
        "nosuch a=1",
        "device_del id=nope",
        "set_link name=net0 up=maybe",
        "query-qmp-schema --select [0:9]",
    ),
    *("device_add usb-tablet id=usb1", "device_del usb1", "query-commands --output table"),
    *(
        "cont",
        "stop",
        "/hmp info block",
        "/hmp help",
        "transaction( abort )",
        "query-name --output flat",
    ),
    "blockdev-backup job-id=job1 device=scratch target=scratch2 sync=full speed=2G --wait",
    "blockdev-add null-co node-name=scratch2 size=1G",
]

_KEYS = [
    *("\t", "\t\t", "\x1b[Z", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b"),
    *("\x12", "\x07", "\x15", "\x17", "\x0b", "\x0c", "\x7f", "\x01", "\x05", "\x19", "\x1bb"),
]

_TYPED = [
    *("blockdev-add driver=qcow2 file.", "device_add driver=", "qu", '{"execute": "', "é漢😀"),
    *("migrate-set-parameters ", "object-add qom-type=", "x" * 300, "transaction( ", "'", "[", "/"),
    *("\x1b[200~query-name\nquery-status\x1b[201~", "--", " ", "block_set_io_throttle "),
]


class Rough:
    """Handles a shell roughly.

    Parameters:
        terminal: where the shell runs.
        simulator: what it is connected to.
        seed: decides what happens.
    """

    def __init__(self, terminal: Terminal, simulator: Simulator, seed: int) -> None:
        self._terminal = terminal
        self._simulator = simulator
        self._random = random.Random(seed)
        self._ids = itertools.count()

    def go_on(self, count: int) -> None:
        """Do so many things, and then see whether the shell still answers.

        Parameters:
            count: of things.
        """
        for _ in range(count):
            self._random.choice(
                [self._resize, self._type, self._press, self._press, self._run, self._emit]
            )()
        self.see()

    def see(self) -> None:
        """Clear the line, and send a request that must come through."""
        # One leaves a pager, the next ends what is running or a search, and one clears the line.
        self._terminal.type("q\x03\x03")
        id_ = next(self._ids)
        self._terminal.type("\x15" + json.dumps({"execute": "query-uuid", "id": id_}) + "\r")
        self._terminal.wait(lambda: self._came(id_))
        assert b"Traceback" not in self._terminal.raw
        assert b"Unhandled exception" not in self._terminal.raw

    def _came(self, id_: int) -> bool:
        return any(request.get("id") == id_ for request in self._simulator.received)

    def _resize(self) -> None:
        (low_columns, low_lines), (high_columns, high_lines) = SMALLEST, LARGEST
        small = self._random.random() < 0.5
        self._terminal.resize(
            self._random.randint(low_columns, 40 if small else high_columns),
            self._random.randint(low_lines, 10 if small else high_lines),
        )

    def _type(self) -> None:
        self._terminal.type(self._random.choice(_TYPED))

    def _press(self) -> None:
        self._terminal.type(self._random.choice(_KEYS))

    def _run(self) -> None:
        self._terminal.type("\x03\x15" + self._random.choice(LINES) + "\r")

    def _emit(self) -> None:
        for _ in range(self._random.choice([1, 1, 100])):
            text = "x" * self._random.choice([0, 10, 500])
            self._simulator.emit("BLOCK_IO_ERROR", {"device": "disk0", "reason": f"é\x1b[2J{text}"})
