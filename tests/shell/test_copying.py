"""What is copied from the screen is JSON, however narrow the terminal."""

import json
from collections.abc import Callable

import pytest

import qmpshell
from qmpshell.simulator import Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

#: What no terminal shows as it is, what takes two columns, and what is longer than a line.
STRANGE = '\x1b[31m\u202e\n\t"\\/ü 日本語\ud83d' + " -x" * 200 + " end"


class Mouse:
    """Selects what stands on a screen as a terminal does: a line that it broke is one line."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._broken: set[int] = set()
        screen = terminal.screen
        end_line = screen.linefeed

        def break_line() -> None:
            self._broken.add(screen.cursor.y)
            end_line()

        # Only what is drawn beyond the edge comes here; a line's own end has been looked up.
        screen.linefeed = break_line

    def select(self, first: int, end: int) -> str:
        rows = self._terminal.screen.display
        ends = ["" if row in self._broken else "\n" for row in range(first, end)]
        return "".join(map(str.__add__, rows[first:end], ends))


def copied_reply(terminal: Terminal, line: str) -> object:
    """Run a line at the only prompt on a screen; copy what it printed."""
    # A machine that is busy says later what it is called and how it is.
    terminal.wait(
        lambda: terminal.lines and terminal.lines[-1].endswith(("prelaunch>", "running>"))
    )
    mouse = Mouse(terminal)
    printed = terminal.run(line, terminal.lines[-1])
    begin = len(terminal.lines) - 1 - len(printed)
    # On a narrow screen, what was typed takes more lines than one.
    first = next(number for number, text in enumerate(printed) if text[0] in "{[")
    return json.loads(mouse.select(begin + first, begin + len(printed)))


@pytest.mark.parametrize("columns", [30, 200])
@pytest.mark.parametrize("form", ["pretty", "json", "raw"])
def test_a_reply_of_qemus(qemu: RealQEMU, form: str, columns: int) -> None:
    with qmpshell.connect(qemu.sockets[1]) as other:
        value = other.execute("query-cpus-fast")
    command = ["qmp-shell", "--output", form, qemu.socket]
    with Terminal(command, columns=columns, lines=60) as terminal:
        copied = copied_reply(terminal, "query-cpus-fast")
    assert (copied["return"] if form == "raw" else copied) == value


@pytest.mark.parametrize("columns", [30, 200])
@pytest.mark.parametrize("form", ["pretty", "json", "raw"])
def test_what_a_guest_made_up(simulate: Callable[..., Simulator], form: str, columns: int) -> None:
    command = ["qmp-shell", "--output", form, simulate(name=STRANGE).path]
    with Terminal(command, columns=columns, lines=60) as terminal:
        copied = copied_reply(terminal, "query-name")
    assert (copied["return"] if form == "raw" else copied) == {"name": STRANGE}


def test_of_an_event(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.sockets[1]) as other:
        command = ["qmp-shell", qemu.socket]
        with Terminal(command, columns=40, lines=60) as terminal:
            terminal.wait_for_last_line("web1 prelaunch>")
            other.execute("cont")
            terminal.wait_for_last_line("web1 running>")
            assert copied_reply(terminal, "/events 1")["event"] == "RESUME"
