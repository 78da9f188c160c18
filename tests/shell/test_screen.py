"""``/screen``: a person sees what the machine shows."""

import io
import os
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.render.picture.picture import Picture
from qmpshell.render.picture.size import fitted, scaled
from qmpshell.shell.printer import Printer
from qmpshell.simulator import Faults, Simulator
from tests.guest import Guest
from tests.render.picture.decoders import read_iterm, read_kitty, read_png, read_sixel
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 paused>"
DEMO = "demo prelaunch>"
COLUMNS, LINES = 120, 36


@pytest.fixture(autouse=True)
def temporary(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, which must be empty in the end."""
    folder = home / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    for name in ("COLORTERM", "KITTY_WINDOW_ID", "TERM_PROGRAM", "LC_TERMINAL", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    assert os.listdir(folder) == []


@pytest.fixture(scope="module")
def booted() -> Iterator[tuple[Guest, Picture]]:
    """A machine that shows what the BIOS wrote, and stands still; with QEMU's own PNG of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Guest(folder) as guest:
            with qmpshell.connect(guest.sockets[1]) as client:
                client.execute("cont")
                # The guest waits for a key: that it has come is seen on its console.
                key = {"type": "qcode", "data": "a"}
                while not guest.ready:
                    client.execute("query-status")
                client.execute("send-key", keys=[key])
                while guest.typed != "a" or not guest.ready:
                    client.execute("query-status")
                client.execute("stop")
                file = folder / "reference.png"
                client.execute("screendump", filename=str(file), format="png")
            yield guest, read_png(file.read_bytes())


def open_shell(socket: str, **env: str) -> Terminal:
    return Terminal(["qmp-shell", socket], env=env, columns=COLUMNS, lines=LINES)


def raw_of(terminal: Terminal, line: str) -> str:
    """Run a line; return what the terminal was sent meanwhile."""
    before = len(terminal.raw)
    terminal.run(line, PAUSED)
    return terminal.raw[before:].decode()


def cells(terminal: Terminal, width: int, height: int) -> Picture:
    """Return the picture that stands above the prompt, as the colours of half characters."""
    lines = -(-height // 2)
    prompt = next(
        row for row, line in enumerate(terminal.screen.display) if line.rstrip() == PAUSED
    )
    pixels = bytearray()
    for y in range(height):
        row = terminal.screen.buffer[prompt - lines + y // 2]
        for x in range(width):
            assert row[x].data == "▀"
            pixels += bytes.fromhex(row[x].bg if y % 2 else row[x].fg)
    return Picture(width, height, bytes(pixels))


def test_half_blocks_are_the_screen_made_smaller(booted: tuple[Guest, Picture]) -> None:
    guest, reference = booted
    assert (reference.width, reference.height) == (720, 400)
    assert sum(value > 150 for value in reference.pixels[::3]) > 50  # the BIOS has written
    with open_shell(guest.socket, COLORTERM="truecolor") as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.run("/screen", PAUSED)
        size = fitted(reference, COLUMNS, 2 * (LINES - 2))
        assert size == (120, 67)
        assert cells(terminal, *size) == scaled(reference, *size)
        terminal.type("query-na")
        terminal.wait_for(f"{PAUSED} query-na")


def test_256_colours_where_there_are_no_more(booted: tuple[Guest, Picture]) -> None:
    guest, _ = booted
    with open_shell(guest.socket, TMUX="/tmp/tmux,1,0", TERM="tmux-256color") as terminal:
        terminal.wait_for_last_line(PAUSED)
        shown = raw_of(terminal, "/screen")
        assert "▀" in shown
        assert "38;5;" in shown
        assert "38;2;" not in shown


def test_kitty_gets_every_pixel(booted: tuple[Guest, Picture]) -> None:
    guest, reference = booted
    with open_shell(guest.socket, TERM="xterm-kitty") as terminal:
        terminal.wait_for_last_line(PAUSED)
        shown, keys = read_kitty(raw_of(terminal, "/screen"))
        assert shown == reference
        assert int(keys["c"]) <= COLUMNS
        assert int(keys["r"]) <= LINES - 2


def test_the_form_that_is_asked_for(booted: tuple[Guest, Picture]) -> None:
    guest, reference = booted
    with open_shell(guest.socket, TERM="xterm-kitty") as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert read_iterm(raw_of(terminal, "/screen --as iterm"))[0] == reference
        sixels = read_sixel(raw_of(terminal, "/screen --as sixel"))
        pairs = zip(sixels.pixels, reference.pixels, strict=True)
        assert max(abs(one - other) for one, other in pairs) <= 2
        assert "▀" in raw_of(terminal, "/screen --as blocks")
        (error,) = terminal.run("/screen --as kity", PAUSED)
        assert error.strip() == '^^^^ no such form "kity"; nearest: kitty'


def test_the_screen_is_saved(
    booted: tuple[Guest, Picture], tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, reference = booted
    monkeypatch.chdir(tmp_path)
    with open_shell(guest.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("/screen shot.png", PAUSED) == ["saved shot.png (720x400)"]
        assert read_png((tmp_path / "shot.png").read_bytes()) == reference
        assert stat.S_IMODE((tmp_path / "shot.png").stat().st_mode) == 0o600
        terminal.run("/screen '~/a shot.png'", PAUSED)
        assert (home / "a shot.png").exists()
        (tmp_path / "shot.png").write_text("precious")
        assert terminal.run("/screen shot.png", PAUSED) == [
            "shot.png: there is one already; --overwrite replaces it"
        ]
        assert (tmp_path / "shot.png").read_text() == "precious"
        terminal.run("/screen shot.png --overwrite", PAUSED)
        assert read_png((tmp_path / "shot.png").read_bytes()) == reference
        assert terminal.run("/screen nowhere/shot.png", PAUSED) == [
            "nowhere/shot.png: not saved: No such file or directory"
        ]
        assert terminal.run("/screen --overwrite /dev/full", PAUSED) == [
            "/dev/full: not saved: No space left on device"
        ]


def test_what_the_line_lacks(booted: tuple[Guest, Picture]) -> None:
    guest, _ = booted
    with open_shell(guest.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert "Device 'nope' not found" in terminal.run("/screen --device nope", PAUSED)[0]
        assert "--head needs --device" in terminal.run("/screen --head 1", PAUSED)[0]
        assert "from 0" in terminal.run("/screen --device x --head -1", PAUSED)[0]
        assert "one file is expected" in terminal.run("/screen a b", PAUSED)[0]


def test_a_terminal_that_shows_no_picture(booted: tuple[Guest, Picture]) -> None:
    guest, _ = booted
    with open_shell(guest.socket, TERM="vt100") as terminal:
        terminal.wait_for_last_line(PAUSED)
        (said,) = terminal.run("/screen", PAUSED)
        assert said.startswith("a terminal of this kind (TERM=vt100) shows no picture: /screen FI")


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (b"", "the file is empty"),
        (b"\x1b]0;title\x07" * 100, "what QEMU wrote is no picture"),
        (b"P6\n999999999 999999999\n255\n", "can't be shown"),
        (b"P6\n720 400\n255\n" + b"x" * 1000, "not whole"),
    ],
)
def test_a_hostile_file_is_one_line(
    simulate: Callable[..., Simulator], picture: bytes, said: str
) -> None:
    with open_shell(simulate(faults=Faults(picture=picture)).path) as terminal:
        terminal.wait_for_last_line(DEMO)
        (line,) = terminal.run("/screen", DEMO)
        assert said in line
    assert b"\x1b]0;title" not in terminal.raw


def test_nothing_is_left_of_a_picture_that_is_given_up(
    simulate: Callable[..., Simulator], temporary: Path
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"screendump"})))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("/screen\r")
        simulator.wait_for("screendump")
        assert os.listdir(temporary)
        terminal.type("\x03")
        terminal.wait_for("gave up waiting")
        terminal.wait_for_last_line(DEMO)
        assert os.listdir(temporary) == []
        simulator.release()
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_of_a_shell_that_is_ended(
    simulate: Callable[..., Simulator], temporary: Path, number: int
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"screendump"})))
    script = f"qmp-shell {simulator.path}; echo status $?"
    with Terminal(["sh", "-c", script]) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("/screen\r")
        simulator.wait_for("screendump")
        assert os.listdir(temporary)
        terminal.signal_children(number)
        terminal.wait_for(f"status {128 + number}")


def test_the_simulator_has_a_screen_as_well(simulate: Callable[..., Simulator]) -> None:
    with open_shell(simulate().path, COLORTERM="truecolor") as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.run("/screen", DEMO)
        assert terminal.screen.buffer[LINES - 3][0].fg == "c0c0c0"


def test_a_picture_that_is_cut_off_does_not_swallow_what_comes_behind_it() -> None:
    class Interrupted(io.StringIO):
        def flush(self) -> None:
            if not self.getvalue().endswith("m"):
                raise KeyboardInterrupt

    stream = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        Printer(stream, None).show_picture("\x1bPq#0~")
    assert stream.getvalue() == "\x1bPq#0~\x18\x1b\\\x1b[0m"
