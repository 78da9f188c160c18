"""How long until the first prompt: this shell, with the schema loaded, beside a bare prompt.

usage: python -m benchmarks.first_prompt [ROUNDS]

Both run on a pty in turn, so that the machine's moods are the same for both. Behind the
shell's first prompt a line is typed that only the schema can refuse.
"""

from __future__ import annotations

import sys
import time

import pexpect

from benchmarks.measuring import (
    PROGRAMS,
    compile_us,
    rounds_wanted,
    running_qemu,
    table,
    take_turns,
)

BARE = "from prompt_toolkit import PromptSession; PromptSession().prompt('bare> ')"


def time_until(command: list[str], text: str, refused: str = "") -> float:
    """Return the milliseconds from a program's start to a text on its terminal."""
    start = time.perf_counter()
    process = pexpect.spawn(command[0], command[1:], dimensions=(40, 100), timeout=30)
    # Otherwise pexpect waits 50 ms before it answers, for both alike.
    process.delaybeforesend = None
    process.expect_exact("\x1b[6n")
    process.send("\x1b[1;1R")
    process.expect_exact(text)
    milliseconds = (time.perf_counter() - start) * 1000
    if refused:
        process.send("set_link name=1 up=maybe\r")
        process.expect_exact(refused)
    process.close(force=True)
    return milliseconds


def report(rounds: int) -> str:
    """Measure, and return a table.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with running_qemu() as (monitor,):
        shell = [str(PROGRAMS / "qmp-shell"), monitor]
        bare = [sys.executable, "-c", BARE]
        ways = {
            "a bare prompt": lambda: time_until(bare, "bare>"),
            "qmp-shell": lambda: time_until(shell, "prelaunch", "a boolean is expected"),
        }
        return table("the first prompt", take_turns(ways, rounds), "ms")


if __name__ == "__main__":
    print(report(rounds_wanted(41)))
