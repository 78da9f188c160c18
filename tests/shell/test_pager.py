"""What is longer than the screen goes through a pager, and nothing is lost on the way."""

import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.render import Role
from qmpshell.render.theme import Theme
from qmpshell.shell.pager import find_pager, is_longer_than_screen, page
from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"
DEMO = "demo prelaunch>"

#: Writes what it is given into a file, and how it was asked to show it.
RECORDING = "printf '%s' \"$LESS\" > options; tee shown > /dev/null"

needs_less = pytest.mark.skipif(not shutil.which("less"), reason="less is not installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with nothing in it."""
    path = tmp_path / "folder"
    path.mkdir()
    monkeypatch.chdir(path)
    monkeypatch.delenv("LESS", raising=False)
    return path


def open_shell(socket: str, pager: str, *options: str, **terminal: int) -> Terminal:
    command = ["qmp-shell", *options, socket]
    return Terminal(command, env={"PAGER": pager}, **{"lines": 20, **terminal})


@pytest.mark.parametrize(
    ("chosen", "env", "pager"),
    [
        (None, {"PAGER": "more -s"}, "more -s"),
        (None, {"PAGER": ""}, None),
        ("", {"PAGER": "more"}, None),
        ("most", {"PAGER": "more"}, "most"),
        (None, {"PATH": "/nowhere", "TERM": "xterm"}, None),
        (None, {"TERM": "dumb"}, None),
        (None, {}, None),
        pytest.param(None, {"TERM": "xterm"}, "less -RXF", marks=needs_less),
    ],
)
def test_which_pager(chosen: str | None, env: dict[str, str], pager: str | None) -> None:
    assert find_pager(chosen, env) == pager


@pytest.mark.parametrize(
    ("text", "longer"),
    [
        ("", False),
        ("x\n" * 3, True),
        ("x\nx\nx", False),
        ("x\n" * 1000, True),
        ("x" * 30, False),
        ("x" * 31, True),
        ("日" * 15, False),
        ("日" * 16, True),
    ],
)
def test_what_is_longer_than_a_screen_of_four_lines_of_ten(text: str, longer: bool) -> None:
    assert is_longer_than_screen([(Role.TEXT, text)], 10, 4) is longer


def test_each_line_has_its_own_colours_wherever_a_pager_begins(folder: Path) -> None:
    styled = [(Role.STRING, "a\n\nb"), (Role.TEXT, "\n"), (Role.STRING, "c")]
    assert page(styled, Theme(), "cat > shown")
    green = [f"\x1b[32m{letter}\x1b[39m" for letter in "abc"]
    assert (folder / "shown").read_text().splitlines() == [green[0], "", *green[1:]]
    assert not page(styled, None, "cat > shown; exit 1")
    assert (folder / "shown").read_text() == "a\n\nb\nc\n"


def test_long_replies_and_texts_are_paged_and_short_ones_are_not(
    qemu: RealQEMU, folder: Path
) -> None:
    def paged() -> str:
        shown = (folder / "shown").read_text()
        (folder / "shown").unlink()
        return shown

    with open_shell(qemu.socket, RECORDING) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
        assert not (folder / "shown").exists()
        assert terminal.run("query-commands", PAUSED) == []
        shown = paged()
        assert (folder / "options").read_text() == "RXF"
        assert '\x1b[34m"name"\x1b[39m' in shown
        assert terminal.run("/help blockdev-add", PAUSED) == []
        assert "node-name" in paged()
        assert terminal.run("/search bitmap", PAUSED) == []
        assert "block-dirty-bitmap-add" in paged()
        assert terminal.run("/hmp help", PAUSED) == []
        assert "balloon" in paged()
        assert len(terminal.run("query-commands | head -n3 | cut -c1", PAUSED)) == 1
        assert terminal.run("query-commands > file", PAUSED) == []
        assert not (folder / "shown").exists()


def test_without_colours_it_is_json(qemu: RealQEMU, folder: Path) -> None:
    with open_shell(qemu.socket, RECORDING, "--color", "never") as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.run("query-commands", PAUSED)
        assert len(json.loads((folder / "shown").read_text())) > 100


@needs_less
@pytest.mark.parametrize("columns", [40, 100])
@pytest.mark.usefixtures("folder")
def test_less_with_events_that_come_meanwhile(qemu: RealQEMU, columns: int) -> None:
    with (
        open_shell(qemu.socket, "less", columns=columns, lines=30) as terminal,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        terminal.wait_for_last_line(PAUSED)
        terminal.type("query-commands\r")
        terminal.wait(lambda: terminal.lines[-1] == ":")
        assert "[" in terminal.lines
        for _ in range(500):
            other.execute("cont")
            other.execute("stop")
        # Ctrl-C is less's own, and so are its keys.
        read = len(terminal.raw)
        terminal.type("\x03")
        terminal.wait(lambda: len(terminal.raw) > read)
        terminal.type("G")
        terminal.wait(lambda: "(END)" in terminal.lines[-1])
        assert "RESUME" not in terminal.text
        terminal.press("q", "web1 paused>")
        terminal.wait(lambda: sum(line.endswith("STOP") for line in terminal.lines) == 500)
        names = [line.split()[-1] for line in terminal.lines if line.endswith(("STOP", "RESUME"))]
        assert names == ["RESUME", "STOP"] * 500
        terminal.wait_for_last_line("web1 paused>")
        assert terminal.run("query-name", "web1 paused>") == ['{"name": "web1"}']


@needs_less
@pytest.mark.usefixtures("folder")
def test_what_less_shows_can_be_copied_as_json(simulate: Simulate) -> None:
    disks = [{"device": f"disk{n}", "file": "x" * 150} for n in range(4)]
    path = simulate(faults=Faults(values={"query-block": disks})).path
    with open_shell(path, "less", columns=60, lines=16) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("query-block\r")
        terminal.wait(lambda: terminal.lines[-1] == ":")
        terminal.type(" ")
        terminal.wait(lambda: "(END)" in terminal.lines[-1])
        # A row that is full goes on in the next one, as in every terminal that is copied from.
        begin = terminal.lines.index("[")
        shown = "".join(
            row if len(row) == 60 else row + "\n" for row in terminal.lines[begin:-1] if row != ":"
        )
        assert json.loads(shown) == disks


def test_the_configurations_pager_wins_over_the_environments(
    qemu: RealQEMU, folder: Path, home: Path
) -> None:
    (home / ".config/qmpshell").mkdir(parents=True)
    (home / ".config/qmpshell/config.toml").write_text('pager = "tail -n1"')
    with open_shell(qemu.socket, "cat") as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-commands", PAUSED) == ["]"]


@pytest.mark.parametrize("pager", ["false", "no-such-pager", "kill -KILL $$", "less ("])
def test_a_pager_that_fails_loses_nothing(qemu: RealQEMU, folder: Path, pager: str) -> None:
    with open_shell(qemu.socket, pager) as terminal:
        terminal.wait_for_last_line(PAUSED)
        printed = "\n".join(terminal.run("query-commands", PAUSED))
        assert len(json.loads(printed[printed.index("[") :])) > 100
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']


@pytest.mark.parametrize("pager", ["", "cat"])
def test_no_pager_and_cat_print_it(qemu: RealQEMU, folder: Path, pager: str) -> None:
    with open_shell(qemu.socket, pager) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert len(json.loads("\n".join(terminal.run("query-commands", PAUSED)))) > 100


def test_a_pager_that_is_killed_leaves_the_terminal_as_it_was(qemu: RealQEMU, folder: Path) -> None:
    pager = "sh -c 'stty raw -echo < /dev/tty; echo deaf; exec sleep 1000'"
    with open_shell(qemu.socket, pager) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("query-commands\r")
        terminal.wait_for("deaf")
        terminal.signal_children(signal.SIGKILL)
        terminal.wait(lambda: terminal.lines[-1] == PAUSED)
        assert "qom-list" in terminal.text
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']


def test_a_guest_cannot_harm_the_terminal_through_it(simulate: Simulate, folder: Path) -> None:
    evil = "\x1b]0;evil\x07\x1b[2J\u202e\x9b"
    path = simulate(faults=Faults(values={"query-block": [{evil: evil}] * 50})).path
    with open_shell(path, RECORDING, "--color", "never") as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.run("query-block", DEMO)
    shown = (folder / "shown").read_text()
    assert "evil" in shown
    assert all(line.isprintable() for line in shown.splitlines())
