"""The first prompt: this shell, with the schema loaded, beside prompt_toolkit's bare prompt.

The schema is loaded while the first prompt stands. So a line that only the schema can refuse is
typed as soon as there is a prompt, and how long it all took until it was refused is in the table
as well. The memory is that at the end.
"""

from __future__ import annotations

import sys
import tempfile
from typing import NamedTuple

from benchmarks.measuring import (
    PROGRAMS,
    Section,
    bounds,
    compile_us,
    environment,
    running_qemu,
    table,
    take_turns,
)
from benchmarks.prompts import BARE, Terminal

ROUNDS = 25

BARE_PROMPT, OURS = "a bare prompt", "qmp-shell"
REFUSED = "qmp-shell, to the refusal"


class Start(NamedTuple):
    """What a start took: milliseconds to the prompt and to the refusal, and megabytes."""

    prompt: float
    refusal: float
    memory: float


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with running_qemu() as (monitor,), tempfile.TemporaryDirectory() as home:
        env = environment(home)

        def bare() -> Start:
            with Terminal([sys.executable, "-c", BARE], env) as terminal:
                milliseconds = terminal.started("bare>")
                return Start(milliseconds, milliseconds, terminal.memory)

        def ours() -> Start:
            with Terminal([str(PROGRAMS / "qmp-shell"), monitor], env) as terminal:
                prompt = terminal.started("prelaunch")
                line = "set_link name=1 up=maybe\r"
                refusal = prompt + terminal.type(line, "a boolean is expected")
                return Start(prompt, refusal, terminal.memory)

        starts = take_turns({BARE_PROMPT: bare, OURS: ours}, rounds)
    measured = {name: [start.prompt for start in seen] for name, seen in starts.items()}
    memory = {name: [start.memory for start in seen] for name, seen in starts.items()}
    wanted = [("the first prompt", OURS, BARE_PROMPT, 1.15)]
    with_refusal = {**measured, REFUSED: [start.refusal for start in starts[OURS]]}
    return Section(
        [table("from the start", with_refusal, "ms"), table("memory", memory, "MB")],
        bounds(measured, "ms", wanted),
    )
