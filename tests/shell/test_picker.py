import sys
from collections.abc import Sequence

import pytest

from tests.terminal import Terminal

SCRIPT = """
import sys
from qmpshell.shell.picker import pick
lines = ["HEADING", *(f"line{n}" for n in range(1, int(sys.argv[1]) + 1))]
print("picked", pick(lines, [n for n in range(1, len(lines)) if n != 2]))
"""


def at(terminal: Terminal) -> str:
    """Return the line that stands out."""
    buffer = terminal.screen.buffer
    rows = [row for row in range(terminal.screen.lines) if buffer[row][3].reverse]
    return "".join(terminal.screen.display[row] for row in rows)


def open_picker(count: int, lines: int = 40) -> Terminal:
    terminal = Terminal([sys.executable, "-c", SCRIPT, str(count)], lines=lines)
    terminal.wait_for("Connect to which?")
    terminal.wait(lambda: "line1" in at(terminal))
    return terminal


@pytest.mark.parametrize(
    ("count", "keys", "picked"),
    [
        (5, ["\r"], 1),
        (5, ["\x1b[B", "\r"], 3),
        (5, ["j", "j", "k", "\r"], 3),
        (5, ["\x1b[A", "\r"], 5),
        (5, ["3"], 4),
        (5, ["9", "0", "2"], 3),
        (30, ["1", "\r"], 1),
        (30, ["1", "2"], 13),
        (30, ["2", "x", "9"], 30),
        (30, ["1", "\t", "2", "\r"], 3),
    ],
)
def test_keys(count: int, keys: Sequence[str], picked: int) -> None:
    with open_picker(count) as terminal:
        for key in keys:
            terminal.type(key)
        terminal.wait_for_last_line(f"picked {picked}")
        assert terminal.wait_until_ended() == 0


def test_more_lines_than_the_terminal_has() -> None:
    with open_picker(30, lines=8) as terminal:
        terminal.type("\x1b[A")
        terminal.wait(lambda: "29  line30" in at(terminal))
        terminal.type("\r")
        terminal.wait_for_last_line("picked 30")


@pytest.mark.parametrize("key", ["\x03", "\x04", "q"])
def test_leaving(key: str) -> None:
    with open_picker(5) as terminal:
        terminal.type(key)
        terminal.wait_for("KeyboardInterrupt")
