"""The question before a machine is ended or reset, on a terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.simulator import Simulator
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"
HMP = "web1 hmp prelaunch>"
QUESTION = "really? [y/N]"
NOT_SENT = "not sent; Ctrl-D or exit leaves the shell, and the machine runs on"


def open_shell(socket: str, *options: str) -> Terminal:
    return Terminal(["qmp-shell", *options, socket])


def ask(terminal: Terminal, line: str) -> str:
    """Type a line that is asked about; return the question."""
    asked = terminal.text.count(QUESTION)
    terminal.type(line + "\r")
    terminal.wait(
        lambda: terminal.text.count(QUESTION) > asked and terminal.lines[-1].endswith(QUESTION)
    )
    return terminal.lines[-1].removesuffix(f": {QUESTION}")


def test_whatever_is_not_yes_sends_nothing(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        for answer in ("\r", "\x03", "\x04", "n\r", "no\r", "yess\r", "quit\r", "y\x03"):
            assert ask(terminal, "quit") == "quit ends web1, which is prelaunch"
            assert terminal.press(answer, PAUSED) == [NOT_SENT]
            assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
    assert qemu.running


@pytest.mark.parametrize("answer", ["y", "Y", "yes", "Yes", " YES "])
def test_yes_sends(simulate: Callable[..., Simulator], answer: str) -> None:
    with open_shell(simulate().path) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        ask(terminal, "quit")
        terminal.type(answer + "\r")
        terminal.wait_for("the machine has shut down, and the connection ended")


def test_yes_ends_a_real_machine(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        ask(terminal, '{"execute": "quit"}')
        terminal.type("y\r")
        terminal.wait_for("the machine has shut down, and the connection ended")
        qemu.wait_until_ended()


def test_pasted_lines_end_with_the_one_that_is_not_sent(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        ask(terminal, "\x1b[200~query-name\nsystem_reset\nquery-uuid\x1b[201~")
        assert terminal.press("n\r", PAUSED) == ["line 2: not sent"]
        assert "UUID" not in terminal.text


def test_what_is_asked_about(qemu: RealQEMU) -> None:
    resets = "system_reset resets web1, which is prelaunch"
    ends = "ends web1, which is prelaunch"
    with open_shell(qemu.socket, "--no-check") as terminal:
        terminal.wait_for_last_line(PAUSED)
        for line, question, said in (
            ("system_reset", resets, "not sent"),
            ("system_reset --no-check --timeout 5", resets, "not sent"),
            ('{"exec-oob": "system_reset"}', resets, "not sent"),
            ("human-monitor-command command-line=' system_reset'", resets, "not sent"),
            ("human-monitor-command q", f"q {ends}", NOT_SENT),
            ("/hmp quit", f"quit {ends}", NOT_SENT),
            (
                "system_powerdown",
                "system_powerdown presses the power button of web1, which is prelaunch",
                "not sent",
            ),
            (
                "/hmp  nmi ",
                "nmi sends an NMI, which crashes most guests, to web1, which is prelaunch",
                "not sent",
            ),
        ):
            assert ask(terminal, line) == question
            assert terminal.press("\r", PAUSED) == [said]
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']


def test_in_the_mode_of_the_human_monitor(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, "--hmp") as terminal:
        terminal.wait_for_last_line(HMP)
        for line in ("q", "quit", "/hmp quit", " system_reset", "nmi"):
            ask(terminal, line)
            assert terminal.press("\x04", HMP)[0].startswith("not sent")
        assert "unknown command" in terminal.run("system_re", HMP)[0]
        terminal.run("system_reset --yes", HMP)
        terminal.wait_for("  RESET")
        ask(terminal, "q")
        terminal.type("y\r")
        terminal.wait_for("the connection ended")
        qemu.wait_until_ended()


def test_yes_on_the_line_and_a_dry_run_are_not_asked(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("quit --dry-run", PAUSED) == ['{"execute": "quit"}']
        assert terminal.run("quit --dry-run --yes", PAUSED) == ['{"execute": "quit"}']
        terminal.run("system_reset --yes", PAUSED)
        terminal.wait_for("  RESET")
        terminal.type("/hmp quit --yes\r")
        terminal.wait_for("the connection ended")
        assert QUESTION not in terminal.text
        # There is nothing left to ask about.
        terminal.wait_for_last_line("web1 disconnected>")
        assert terminal.run("quit", "web1 disconnected>")[-1].startswith("not connected")


def test_yes_for_the_whole_session(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, "--yes") as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type('{"execute": "quit"}\r')
        terminal.wait_for("the machine has shut down")
        assert QUESTION not in terminal.text


def test_a_wrong_line_is_not_asked_about(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert "takes no arguments" in terminal.run("quit now", PAUSED)[-1]


def test_events_stand_above_the_question_and_the_state_in_it_is_current(
    qemu: RealQEMU, home: Path
) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        terminal.wait_for_last_line(PAUSED)
        ask(terminal, "quit")
        terminal.type("half an ans")
        terminal.wait_for("half an ans")
        other.execute("cont")
        question = f"quit ends web1, which is running: {QUESTION} half an ans"
        terminal.wait(
            lambda: terminal.lines[-1] == question and terminal.lines[-2].endswith("  RESUME")
        )
        terminal.press("\r", "web1 running>")
        # The line is in the history, and the answer isn't.
        terminal.type("\x1b[A")
        terminal.wait_for_last_line("web1 running> quit")
    history = (home / ".local/state/qmpshell/history").read_text()
    assert "+quit" in history
    assert "half" not in history


def test_the_end_of_the_machine_while_it_is_asked(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        ask(terminal, "system_reset")
        qemu.kill()
        terminal.wait_for("the connection ended")
        terminal.type("y\r")
        terminal.wait_for("not connected; /reconnect, or Ctrl-D")
        terminal.wait_for_last_line("web1 disconnected>")


def test_scripts_are_not_asked(qemu: RealQEMU) -> None:
    assert run("qmp-shell", qemu.socket, "system_reset").out == "{}\n"
    assert run("qmp-shell", qemu.socket, lines="/hmp system_reset\n").status == 0
    assert run("qmp-shell", qemu.socket, "quit", "--yes").status == 0
    qemu.wait_until_ended()
