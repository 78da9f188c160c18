"""What a storm of events costs: how fast they are shown, and how soon a key answers meanwhile.

A simulated machine, in a process of its own, sends different events as fast as they are taken.
Every 100 ms a key is typed, and its echo awaited. The terminal takes all that it is given.
Beside it runs the least that can be done: a loop that reads, decodes and prints.
"""

from __future__ import annotations

import functools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import PROGRAMS, Section, compile_us, take_turns
from tests.recorder import Recorder
from tests.storm import numbers_in, storm

ROUNDS = 1

COUNTS = (1_000, 10_000, 100_000)

KEY_SECONDS = 0.1

#: What is typed: letters of which each stands nowhere else on the terminal.
LETTERS = [chr(code) for code in range(0x100, 0x180)]

LOOP = """
import json, socket, sys
stream = socket.socket(socket.AF_UNIX)
stream.connect(sys.argv[1])
lines = stream.makefile("rwb")
lines.readline()
lines.write(b'{"execute": "qmp_capabilities"}')
lines.flush()
lines.readline()
print("ready", flush=True)
for line in lines:
    event = json.loads(line)
    print(event["event"], f"device={event['data']['device']}")
"""


class Figures(NamedTuple):
    """What was measured.

    Attributes:
        seconds: how long it took until the last event was shown.
        lost: how many never were, or not in their turn.
        echoes: how long each key's echo took, in seconds.
        memory: the program's resident memory before the storm, in KiB.
        growth: how much more it was at most, in KiB.
    """

    seconds: float
    lost: int
    echoes: list[float]
    memory: int
    growth: int


class Typist:
    """Types a key every 100 ms, and takes the time until its echo.

    Parameters:
        terminal: where.
        letters: what is typed, each once.
    """

    def __init__(self, terminal: Recorder, letters: Iterator[str]) -> None:
        self._terminal = terminal
        self._letters = letters
        self._awaited = b""
        self._pressed = time.perf_counter()
        self.echoes: list[float] = []

    def look(self, shown: bytes) -> None:
        """Look at what has just been shown, and perhaps press the next key."""
        now = time.perf_counter()
        if self._awaited and self._awaited in shown:
            self.echoes.append(now - self._pressed)
            self._awaited = b""
        if not self._awaited and now - self._pressed >= KEY_SECONDS:
            letter = next(self._letters, "")
            self._awaited, self._pressed = letter.encode(), now
            self._terminal.type(letter)


def measure(command: list[str], ready: str, events: int, *, typing: bool) -> Figures:
    """Let a storm come over a program.

    Parameters:
        command: the program; the socket follows.
        ready: what it shows when it is.
        events: how many come.
        typing: whether something is typed meanwhile.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        storm(Path(folder), events) as machine,
        Recorder([*command, machine.socket], {"HOME": folder}) as terminal,
    ):
        terminal.wait_for(ready)
        letters = iter(LETTERS if typing else "")
        if typing:
            first = next(letters)
            terminal.type(f"device_add id={first}")
            terminal.wait_for(first)
        memory = terminal.memory()
        typist = Typist(terminal, letters)
        last, tail = f"nic{events - 1}".encode(), b""
        start = time.perf_counter()
        machine.begin()
        while last not in tail:
            # An echo may be cut in two by the end of what was read.
            tail = tail[-len(last) :] + terminal.read(0.005)
            typist.look(tail)
        seconds = time.perf_counter() - start
        growth = terminal.memory("VmHWM") - memory
        shown = numbers_in(bytes(terminal.seen))
    in_turn = sum(number == place for place, number in enumerate(shown))
    return Figures(seconds, events - in_turn, typist.echoes, memory, growth)


def row(name: str, figures: Figures, events: int) -> str:
    """Write a line of the table."""
    echoes = [statistics.median(figures.echoes), max(figures.echoes)] if figures.echoes else []
    cells = [
        f"{events:,}",
        f"{events / figures.seconds:,.0f} /s",
        str(figures.lost),
        *[f"{1000 * echo:.0f} ms" for echo in echoes],
        *["-"] * (2 - len(echoes)),
        f"{figures.memory * 1024 / 1e6:.1f} MB",
        f"{figures.growth * 1024 / 1e6:.1f} MB",
    ]
    return f"| {name} | " + " | ".join(cells) + " |"


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured; the one of median speed is shown.
    """
    compile_us()
    shell = [str(PROGRAMS / "qmp-shell")]
    loop = [sys.executable, "-c", LOOP]
    lines = [
        "| events at the prompt | events | shown | lost | echo, median | most | memory | growth |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for events in COUNTS:
        ways = {
            "a bare loop": functools.partial(measure, loop, "ready", events, typing=False),
            "qmp-shell": functools.partial(measure, shell, "prelaunch", events, typing=True),
        }
        for name, figures in take_turns(ways, rounds, warm_up=False).items():
            lines.append(row(name, sorted(figures)[len(figures) // 2], events))
    return Section(["\n".join(lines)], [])
