"""``| command`` and ``> file`` at the prompt."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"
DEMO = "demo prelaunch>"

#: A program that takes the whole screen, as an editor does, and is left with q.
FULL_SCREEN = """
import os, sys, termios, tty
text = sys.stdin.read()
keys = os.open("/dev/tty", os.O_RDWR)
tty.setraw(keys, termios.TCSAFLUSH)
os.write(keys, f"\\x1b[?1049h\\x1b[2J\\x1b[Hin full: {text}".encode())
while os.read(keys, 1) != b"q":
    pass
os.write(keys, b"\\x1b[?1049l")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with nothing in it."""
    path = tmp_path / "folder"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def open_shell(socket: str, *options: str) -> Terminal:
    return Terminal(["qmp-shell", *options, socket])


def test_to_a_program_and_into_a_file(qemu: RealQEMU, folder: Path) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-name | cat", PAUSED) == ['{"name": "web1"}']
        assert terminal.run('{"execute": "query-name"} |tr -d \'\\n\'', PAUSED) == [
            '{"name": "web1"}'
        ]
        assert terminal.run("query-name --output flat | sed 's/e.*/|&/'", PAUSED) == ["nam|e: web1"]
        assert terminal.run("query-name > name", PAUSED) == []
        assert terminal.run("_ --select name >>name", PAUSED) == []
        assert (folder / "name").read_text() == '{"name": "web1"}\n"web1"\n'
        assert (folder / "name").stat().st_mode & 0o777 == 0o600
        assert terminal.run("query-name --dry-run | cat", PAUSED) == ['{"execute": "query-name"}']
        assert terminal.run("query-name | exit 3", PAUSED) == ["exit 3: ended with status 3"]
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
        assert b"\x1b[" not in (folder / "name").read_bytes()


def test_what_is_wrong_harms_nothing(qemu: RealQEMU, folder: Path) -> None:
    (folder / "mine").write_text("mine")
    os.symlink(qemu.sockets[1], folder / "sock")
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        (carets,) = terminal.run("query-name > a b", PAUSED)
        assert carets.index("^") == len(f"{PAUSED} query-name > a ")
        assert terminal.run("device_del nope > mine", PAUSED) == [
            "DeviceNotFound: Device 'nope' not found"
        ]
        assert terminal.run("query-name > sock", PAUSED) == [
            "sock: not written: it is a socket, not a file"
        ]
        assert terminal.run("cont > no/such", PAUSED) == [
            "no/such: not written: No such file or directory"
        ]
        terminal.type("quit > mine\r")
        terminal.wait_for("really? [y/N]")
        terminal.press("\r", PAUSED)
        (carets,) = terminal.run("/screen > screen.png", PAUSED)
        assert carets.endswith("^ /screen shows no text that could go there")
    assert (folder / "mine").read_text() == "mine"
    assert sorted(os.listdir(folder)) == ["mine", "sock"]


def test_the_shells_own_texts(qemu: RealQEMU, folder: Path) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("/help device_del | head -n1", PAUSED) == ["device_del id=STRING"]
        assert terminal.run("/search bitmap-ad | cut -c1-22", PAUSED) == ["block-dirty-bitmap-add"]
        assert terminal.run("/hmp info name | tr a-z A-Z", PAUSED) == ["WEB1"]
        terminal.type("cont\r")
        terminal.wait_for_last_line("web1 running>")
        shown = terminal.run("/events > events", "web1 running>")
        assert shown == ["all events are shown; /events NUMBER shows one whole"]
        assert terminal.run("/events 1 | cut -c1-12", "web1 running>") == ['{"timestamp"']
        assert terminal.run("help | grep -c /reconnect", "web1 running>") == ["1"]
    assert (folder / "events").read_text().rstrip().endswith("RESUME")


def test_in_hmp_mode(qemu: RealQEMU, folder: Path) -> None:
    prompt = "web1 hmp prelaunch>"
    with open_shell(qemu.socket, "-H") as terminal:
        terminal.wait_for_last_line(prompt)
        assert terminal.run("info name | tr a-z A-Z", prompt) == ["WEB1"]
        assert terminal.run("print 5 | 3", prompt) == ["0x7"]
        assert terminal.run("info name > name", prompt) == []
        assert (folder / "name").read_text() == "web1\n"
        (carets,) = terminal.run("info name >", prompt)
        assert carets.endswith("^ a file is expected behind >")
        terminal.type("info name > na\t")
        terminal.wait_for("info name > name")


def test_a_program_that_takes_the_whole_screen(qemu: RealQEMU, folder: Path) -> None:
    (folder / "full").write_text(FULL_SCREEN)
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type(f"query-name | {sys.executable} full\r")
        terminal.wait_for('in full: {"name": "web1"}')
        # Events that come meanwhile are shown afterwards, each of them and in order.
        with qmpshell.connect(qemu.sockets[1]) as other:
            for _ in range(500):
                other.execute("cont")
                other.execute("stop")
        terminal.press("q", "web1 paused>")
        terminal.wait(lambda: sum(line.endswith("  STOP") for line in terminal.lines) == 500)
        names = [line.split()[-1] for line in terminal.lines if line.endswith(("STOP", "RESUME"))]
        assert names == ["RESUME", "STOP"] * 500
        terminal.wait_for_last_line("web1 paused>")
        assert terminal.run("query-name", "web1 paused>") == ['{"name": "web1"}']


def test_ctrl_c_ends_the_program_alone(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("query-name | sh -c 'echo begun; exec sleep 1000'\r")
        terminal.wait_for("\nbegun")
        *_, last = terminal.press("\x03", PAUSED)
        assert last.endswith(": interrupted")
        # A program that is killed and leaves the terminal without an echo.
        terminal.type("query-name | sh -c 'stty -echo </dev/tty; echo deaf; exec sleep 1000'\r")
        terminal.wait_for("\ndeaf")
        terminal.signal_children(signal.SIGKILL)
        terminal.wait_for("ended with")
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']


def test_a_program_that_reads_only_a_part(simulate: Simulate) -> None:
    huge = simulate(faults=Faults(values={"query-block": ["x" * 1000] * 3000})).path
    with open_shell(huge) as terminal:
        terminal.wait_for_last_line(DEMO)
        assert terminal.run("query-block | true", DEMO) == []
        assert terminal.run("query-block | head -c 4", DEMO) == ['["xx']
        assert terminal.run("query-block --output flat | head -n1 | cut -c1-9", DEMO) == [
            "item[0]:"
        ]
        assert terminal.run("query-block --output pretty > /dev/null", DEMO) == []
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']


def test_tab_completes_programs_and_files(qemu: RealQEMU, folder: Path) -> None:
    (folder / "a list").mkdir()
    (folder / "a list" / "it's").touch()
    (folder / "a list" / "names").touch()
    (folder / "evil\x1b[2J").touch()
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("query-name > a\t")
        terminal.wait_for('query-name > "a list/')
        terminal.type("n\t")
        terminal.wait_for('query-name > "a list/names"')
        assert terminal.press("\r", PAUSED) == []
        terminal.type("query-name | realpat\t")
        terminal.wait_for("query-name | realpath")
        terminal.press("\x03", PAUSED)
        terminal.type("query-name > ev\tx")
        terminal.wait_for("query-name > evx")
        assert b"evil" not in terminal.raw
    assert (folder / "a list" / "names").read_text() == '{"name": "web1"}\n'


def test_the_history_keeps_it_but_no_secret_of_it(qemu: RealQEMU, home: Path) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.run("query-name | cat", PAUSED)
        terminal.run("query-name | true --password hunter2", PAUSED)
        terminal.run("/hmp info name | grep -q hunter2 --token x", PAUSED)
    history = (home / ".local/state/qmpshell/history").read_text()
    assert "+query-name | cat\n" in history
    assert "+query-name\n" in history
    assert "hunter2" not in history
