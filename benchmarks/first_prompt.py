"""How long until the first prompt: this shell, with the schema loaded, beside a bare prompt.

usage: python benchmarks/first_prompt.py [RUNS]

Both run on a pty in turn, so that the machine's moods are the same for both. Behind the
shell's first prompt a line is typed that only the schema can refuse.
"""

from __future__ import annotations

import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pexpect

BARE = "from prompt_toolkit import PromptSession; PromptSession().prompt('bare> ')"


def time_until(command: list[str], text: str, refused: str = "") -> float:
    """Return the seconds from a program's start to a text on its terminal."""
    start = time.perf_counter()
    process = pexpect.spawn(command[0], command[1:], dimensions=(40, 100), timeout=30)
    # Otherwise pexpect waits 50 ms before it answers, for both alike.
    process.delaybeforesend = None
    process.expect_exact("\x1b[6n")
    process.send("\x1b[1;1R")
    process.expect_exact(text)
    seconds = time.perf_counter() - start
    if refused:
        process.send("set_link name=1 up=maybe\r")
        process.expect_exact(refused)
    process.close(force=True)
    return seconds


def main() -> None:
    """Print both medians and their ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 41
    # As installing does, and PYTHONDONTWRITEBYTECODE doesn't in a working copy.
    compileall.compile_dir(Path(__file__).parent.parent / "qmpshell", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        socket = f"{folder}/monitor"
        subprocess.run(
            [
                *("qemu-system-x86_64", "-machine", "pc", "-nodefaults", "-display", "none"),
                *("-S", "-name", "bench", "-daemonize", "-pidfile", f"{folder}/pid"),
                *("-qmp", f"unix:{socket},server=on,wait=off"),
            ],
            check=True,
        )
        shell = [str(Path(sys.executable).parent / "qmp-shell"), socket]
        bare = [sys.executable, "-c", BARE]
        times: dict[str, list[float]] = {"qmp-shell": [], "bare prompt": []}
        try:
            for _ in range(runs):
                times["qmp-shell"].append(time_until(shell, "prelaunch", "a boolean is expected"))
                times["bare prompt"].append(time_until(bare, "bare>"))
        finally:
            subprocess.run([shell[0], socket, "quit"], check=False, capture_output=True)
    print("| first prompt | median | least | most |\n|---|---|---|---|")
    for name, seconds in times.items():
        figures = (statistics.median(seconds), min(seconds), max(seconds))
        print(f"| {name} | " + " | ".join(f"{1000 * figure:.0f} ms" for figure in figures) + " |")
    ratio = statistics.median(times["qmp-shell"]) / statistics.median(times["bare prompt"])
    print(f"\nratio of the medians: {ratio:.2f}")


if __name__ == "__main__":
    main()
