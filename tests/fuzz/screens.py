"""A shell that is handled roughly, in a terminal of any size."""

import os
import random
import sys
import tempfile
from functools import partial
from pathlib import Path

from qmpshell.simulator import Simulator
from tests.fuzz.tally import Tally
from tests.shell.rough import SMALLEST, Rough
from tests.terminal import Terminal

#: So many things are done at a time, and so often with one shell.
_THINGS, _TIMES = 20, 5


def look(tally: Tally, seed: int) -> None:
    """Handle one after the other."""
    rolled = random.Random(seed)
    while not tally.over:
        number = rolled.randrange(2**32)
        tally.attempt(f"seed {number}", partial(_handle, number))


def _handle(seed: int) -> None:
    columns, lines = SMALLEST
    start = [sys.executable, "-c", "import qmpshell.cli; qmpshell.cli.qmp_shell()"]
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(Path(folder) / "sim") as simulator,
        Terminal(
            [*start, os.fspath(simulator.path)],
            env={"HOME": folder},
            columns=columns,
            lines=lines,
        ) as terminal,
    ):
        terminal.wait_for("demo")
        rough = Rough(terminal, simulator, seed)
        for _ in range(_TIMES):
            rough.go_on(_THINGS)
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0
