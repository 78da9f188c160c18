import re

import pytest

import qmpshell
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.shell.test_picker import at
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"


def open_picker() -> Terminal:
    terminal = Terminal(["qmp-shell"], columns=220, lines=100)
    terminal.wait_for("Connect to which?")
    return terminal


def number_of(terminal: Terminal, path: str) -> str:
    """Return the number in front of a monitor's line; nothing where it can't be chosen."""
    found: list[str] = []

    def find() -> list[str]:
        # What stands behind it has come as well.
        found[:] = [line for line in terminal.lines if re.search(rf" {re.escape(path)} ", line)]
        return found

    terminal.wait(find)
    (line,) = found
    return line.split()[0] if line.split()[1] == "web1" else ""


def test_a_machine_is_chosen_by_its_number(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.sockets[0]), open_picker() as terminal:
        assert number_of(terminal, qemu.sockets[0]) == ""
        terminal.type(number_of(terminal, qemu.sockets[1]) + "\r")
        terminal.wait_for_last_line(PAUSED)
        assert "Connect to which?" not in terminal.text
        terminal.type("query-name\r")
        terminal.wait_for('{"name": "web1"}')
        terminal.wait_for_last_line(PAUSED)
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0


def test_a_machine_is_chosen_with_the_arrows(qemu: RealQEMU) -> None:
    with open_picker() as terminal:
        steps = int(number_of(terminal, qemu.sockets[0])) - 1
        terminal.type("\x1b[B" * steps)
        terminal.wait(lambda: qemu.sockets[0] in at(terminal))
        terminal.type("\r")
        terminal.wait_for_last_line(PAUSED)


def test_ctrl_c_leaves(qemu: RealQEMU) -> None:
    with open_picker() as terminal:
        terminal.type("\x03")
        assert terminal.wait_until_ended() == 130


def test_a_script_is_shown_the_list(qemu: RealQEMU) -> None:
    for args in ((), ('{"execute": "query-name"}',)):
        outcome = run("qmp-shell", *args)
        assert (outcome.status, outcome.out) == (2, "")
        *lines, last = outcome.err.splitlines()
        assert last.startswith("qmp-shell: no address: give a monitor's socket or HOST:PORT")
        assert lines[0].split()[:3] == ["NAME", "PID", "MONITOR"]
        assert any(f" {qemu.pid} " in line and qemu.socket in line for line in lines)
