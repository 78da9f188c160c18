import os
import select
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.programs import run
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

MACHINE = ("-machine", "pc", "-nodefaults", "-display", "none", "-m", "64", "-S", "-name", "w")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where private folders go in this test: one short enough for sockets in it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as path:
        monkeypatch.setenv("TMPDIR", path)
        yield Path(path)


def test_lines_on_a_qemu_that_is_gone_afterwards(folder: Path) -> None:
    outcome = run("qmp-shell-wrap", "--", "qemu-system-x86_64", *MACHINE, lines="query-name\n")
    assert (outcome.status, outcome.out, outcome.err) == (0, '{"name": "w"}\n', "")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "status", "reason"),
    [
        (("qemu-system-x86_64", "-bogus"), 3, "qemu-system-x86_64: -bogus: invalid option"),
        (("qemu-system-x86_64", "-drive", "file=/none"), 3, "Could not open '/none'"),
        (("true",), 3, "true ended with status 0 and said nothing"),
        (("no-such-qemu",), 2, "no-such-qemu: can't be started: No such file or directory"),
        (("-M", "none"), 2, "behind its name: qmp-shell-wrap qemu-system-x86_64 -M ..."),
    ],
)
def test_a_qemu_that_fails_to_start_says_why_at_once(
    folder: Path, command: tuple[str, ...], status: int, reason: str
) -> None:
    outcome = run("qmp-shell-wrap", *command)
    assert outcome.status == status
    assert reason in outcome.err
    assert outcome.err.startswith("qmp-shell-wrap: ")
    assert outcome.err.count("\n") == 1
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("option", ["-daemonize", "--daemonize"])
def test_a_qemu_that_would_get_away_is_refused(folder: Path, option: str) -> None:
    outcome = run("qmp-shell-wrap", "no-such-qemu", *MACHINE, option)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        "qmp-shell-wrap: QEMU must stay in the foreground here; leave out -daemonize\n"
    )
    assert list(folder.iterdir()) == []


def test_a_session_that_ends_qemu(folder: Path) -> None:
    command = ["qmp-shell-wrap", "qemu-system-x86_64", *MACHINE]
    with Terminal(command, columns=150) as terminal:
        terminal.wait_for_last_line("w prelaunch>")
        (private,) = folder.iterdir()
        assert private.stat().st_mode & 0o777 == 0o700
        terminal.type("\x03")
        terminal.wait(lambda: terminal.lines.count("w prelaunch>") == 2)
        assert terminal.run("query-name", "w prelaunch>") == ['{"name": "w"}']
        terminal.type("\x04")
        terminal.wait_for("Leave QEMU running? [y/N]:")
        terminal.type("\r")
        assert terminal.wait_until_ended() == 0
    assert list(folder.iterdir()) == []


def test_a_question_that_is_given_up_ends_its_line(folder: Path) -> None:
    with Terminal(["qmp-shell-wrap", "qemu-system-x86_64", *MACHINE]) as terminal:
        terminal.wait_for_last_line("w prelaunch>")
        terminal.type("\x04")
        terminal.wait_for("Leave QEMU running? [y/N]:")
        terminal.type("\x03")
        assert terminal.wait_until_ended() == 0
        assert terminal.screen.cursor.x == 0
    assert list(folder.iterdir()) == []


def test_a_session_that_leaves_qemu_running(folder: Path) -> None:
    command = ["qmp-shell-wrap", "qemu-system-x86_64", *MACHINE]
    with Terminal(command, columns=250) as terminal:
        terminal.wait_for_last_line("w prelaunch>")
        terminal.type("\x04")
        terminal.wait_for("Leave QEMU running?")
        terminal.type("y\r")
        assert terminal.wait_until_ended() == 0
        address = terminal.lines[-1].split()[-1]
    assert run("qmp-shell", address, "quit").status == 0


def test_a_terminal_that_goes_away_takes_qemu_along(folder: Path) -> None:
    with Terminal(["qmp-shell-wrap", "qemu-system-x86_64", *MACHINE]) as terminal:
        terminal.wait_for_last_line("w prelaunch>")
        process = os.pidfd_open(int(terminal.text.split("started as process ")[1].split(".")[0]))
        terminal.hang_up()
    poll = select.poll()
    poll.register(process, select.POLLIN)
    assert poll.poll(30_000)
    os.close(process)
    assert list(folder.iterdir()) == []
