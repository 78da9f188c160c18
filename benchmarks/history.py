"""How the history's length shows: the first prompt, and Ctrl-R for its oldest line.

Beside it prompt_toolkit's bare prompt with the same file.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import (
    PROGRAMS,
    Section,
    compile_us,
    environment,
    running_qemu,
    table,
    take_turns,
)
from benchmarks.prompts import Terminal

ROUNDS = 3

LENGTHS = (0, 1_000, 10_000, 100_000)

BARE = """
import sys
from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory
PromptSession(history=FileHistory(sys.argv[1])).prompt('bare> ')
"""


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with running_qemu() as (monitor,), tempfile.TemporaryDirectory() as home:
        history = Path(home, ".local/state/qmpshell/history")
        history.parent.mkdir(parents=True, mode=0o700)
        programs = {
            "a bare prompt": ([sys.executable, "-c", BARE, str(history)], "bare>"),
            "qmp-shell": ([str(PROGRAMS / "qmp-shell"), monitor], "prelaunch"),
        }
        tables = []
        for length in LENGTHS:
            history.write_text(lines(length))

            def measure(command: list[str], ready: str, length: int = length) -> list[float]:
                with Terminal(command, environment(home)) as terminal:
                    prompt = terminal.started(ready)
                    found = terminal.type("\x12needle", "in-a-haystack") if length else 0.0
                    return [prompt, found]

            ways = {
                name: (lambda program=program: measure(*program))
                for name, program in programs.items()
            }
            measured = take_turns(ways, rounds)
            prompts = {name: [prompt for prompt, _ in seen] for name, seen in measured.items()}
            searches = {name: [search for _, search in seen] for name, seen in measured.items()}
            tables.append(table(f"{length:,} lines, the first prompt", prompts, "ms"))
            if length:
                tables.append(table(f"{length:,} lines, Ctrl-R", searches, "ms"))
    return Section(tables, [])


def lines(count: int) -> str:
    """Return a history of so many lines in prompt_toolkit's format, the oldest to be found."""
    texts = ["needle-in-a-haystack", *(f"device_del id=net{number}" for number in range(1, count))]
    return "".join(f"\n# 2026-11-25 20:00:00.000000\n+{text}\n" for text in texts[:count])
