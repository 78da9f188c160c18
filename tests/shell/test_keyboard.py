"""``/type`` and ``/keys``: what is typed comes to the guest, all of it."""

import io
import json
import string
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

import qmpshell
from qmpshell.errors import ConnectionLost, GivenUp, LineError, UsageError
from qmpshell.shell.keyboard import press_keys, type_text
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.printer import Printer
from qmpshell.shell.session import Session
from qmpshell.simulator import Simulator
from tests.guest import Guest
from tests.terminal import PATIENCE, Terminal

pytestmark = pytest.mark.usefixtures("home")

RUNNING = "web1 running>"


@pytest.fixture
def guest(tmp_path: Path) -> Iterator[Guest]:
    with Guest(tmp_path) as guest:
        yield guest


@pytest.fixture
def open_session(simulate: Callable[..., Simulator]) -> Iterator[Callable[[], Session]]:
    """Open sessions with a simulated machine that runs, and where pausing takes no time."""
    sessions = []

    def opened() -> tuple[Session, Simulator, list[float]]:
        simulator = simulate()
        printer = Printer(io.StringIO(), None)
        session = Session(lambda: qmpshell.connect(simulator.path), printer, ShellOptions())
        sessions.append(closing(session))
        session.connection.begin()
        session.client.execute("cont")
        session.client.wait(
            lambda: session.machine.state == "running" and session.server.complete,
            timeout=PATIENCE,
        )
        pauses: list[float] = []
        session.pause = pauses.append
        return session, simulator, pauses

    yield opened
    for session in sessions:
        session.__exit__()


def sent(simulator: Simulator) -> list[tuple[str, int]]:
    return [
        ("-".join(key["data"] for key in members["arguments"]["keys"]), arguments["hold-time"])
        for members in simulator.received
        if members["execute"] == "send-key" and (arguments := members["arguments"])
    ]


def boot(guest: Guest, terminal: Terminal) -> None:
    terminal.wait_for_last_line("web1 prelaunch>")
    terminal.type("cont\r")
    terminal.wait_for_last_line(RUNNING)
    terminal.wait(lambda: guest.ready)


def test_every_character_of_the_layout_comes_to_the_guest(guest: Guest) -> None:
    characters = string.printable[:95] + "\t\b"
    with Terminal(["qmp-shell", guest.socket], columns=200) as terminal:
        boot(guest, terminal)
        before = 0
        for part in (characters[:60], characters[60:]):
            # Pasted, as a line so long takes its time to be typed and completed.
            terminal.type(f"\x1b[200~/type {json.dumps(part)} --enter\x1b[201~")
            terminal.wait_for("--enter")
            terminal.type("\r")
            end = before + len(part) + 1
            terminal.wait(lambda end=end: len(guest.typed) == end)
            terminal.wait_for_last_line(RUNNING)
            assert guest.typed[before:] == part + "\r"
            before = end


def test_combinations_of_keys_come_to_the_guest(guest: Guest) -> None:
    with Terminal(["qmp-shell", guest.socket]) as terminal:
        boot(guest, terminal)
        terminal.press("/keys --hold 5 ctrl-c f10 alt-f2 up enter\r", RUNNING)
        terminal.wait(lambda: len(guest.scan_codes) == 5)
        # The BIOS' own codes: Ctrl-C is character 3, Alt-F2 has a code of its own.
        assert guest.typed == "\x03\0\0\0\r" or guest.typed == "\x03\0\0\xe0\r"
        assert guest.scan_codes == bytes([0x2E, 0x44, 0x69, 0x48, 0x1C])


def test_what_is_wrong_is_refused_before_anything_is_sent(guest: Guest) -> None:
    with Terminal(["qmp-shell", guest.socket]) as terminal:
        boot(guest, terminal)
        (error,) = terminal.run('/type "caf\\u00e9"', RUNNING)
        margin = len(f"{RUNNING} /type ")
        assert error == " " * (margin + 4) + '^^^^^^ no key of the US layout types "é"'
        (error,) = terminal.run("/keys ctrl-atl-f1", RUNNING)
        assert error.startswith(" " * (margin + 5) + '^^^ no such key "atl"; nearest: alt')
        assert guest.typed == ""


def test_tab_completes_each_key_of_a_combination(guest: Guest) -> None:
    with Terminal(["qmp-shell", guest.socket]) as terminal:
        terminal.wait_for_last_line("web1 prelaunch>")
        terminal.type("/keys ctrl-alt-delet")
        terminal.wait_for("delete")
        terminal.type("\t")
        terminal.wait_for("/keys ctrl-alt-delete")


def test_ctrl_c_stops_typing_and_the_shell_goes_on(guest: Guest) -> None:
    with Terminal(["qmp-shell", guest.socket]) as terminal:
        boot(guest, terminal)
        terminal.type("/type --hold 50 " + "a" * 60 + "\r")
        terminal.wait_for("60 keys take 8 s; Ctrl-C stops")
        terminal.wait(lambda: guest.typed)
        terminal.type("\x03")
        terminal.wait_for(" of 60 keys")
        terminal.wait_for_last_line(RUNNING)
        terminal.run("/keys --hold 5 b", RUNNING)
        terminal.wait(lambda: guest.typed.endswith("b"))
        assert set(guest.typed[:-1]) == {"a"}
        assert len(guest.typed) < 60


def test_each_key_is_sent_alone_and_given_its_time(
    open_session: Callable[..., tuple[Session, Simulator, list[float]]],
) -> None:
    session, simulator, pauses = open_session()
    type_text(session, "aB --hold")
    assert sent(simulator)[:2] == [("a", 20), ("shift-b", 20)]
    # Each key goes down and up, and takes its time for both.
    assert all(
        pause >= 2 * (key.count("-") + 1) * hold / 1000
        for pause, (key, hold) in zip(pauses, sent(simulator), strict=True)
    )
    press_keys(session, "--hold 7 ctrl-x")
    assert sent(simulator)[-1] == ("ctrl-x", 7)


def test_a_machine_that_stands_still_gets_no_keys(
    open_session: Callable[..., tuple[Session, Simulator, list[float]]],
) -> None:
    session, simulator, pauses = open_session()

    def stop_after_two(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            session.client.execute("stop")

    session.pause = stop_after_two
    with pytest.raises(UsageError, match=r"doesn't run after 2 keys \(paused\)"):
        type_text(session, "abc")
    with pytest.raises(UsageError, match=r"doesn't run \(paused\), so no key reaches it"):
        press_keys(session, "ret")
    session.client.close()
    with pytest.raises(ConnectionLost, match="not connected; /reconnect"):
        press_keys(session, "ret")
    assert len(sent(simulator)) == 2


def test_giving_up_says_how_far_it_came(
    open_session: Callable[..., tuple[Session, Simulator, list[float]]],
) -> None:
    session, _, _ = open_session()

    def give_up(_seconds: float) -> None:
        raise GivenUp("gave up waiting")

    session.pause = give_up
    with pytest.raises(GivenUp, match="stopped after 1 of 3 keys"):
        type_text(session, "abc")


def test_ctrl_c_between_two_keys_says_so_too(
    open_session: Callable[..., tuple[Session, Simulator, list[float]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, simulator, _ = open_session()
    strokes = zip

    def interrupted(*sequences: Sequence[object], strict: bool) -> Iterator[tuple[object, ...]]:
        for number, pair in enumerate(strokes(*sequences, strict=strict)):
            if number == 2:
                raise KeyboardInterrupt
            yield pair

    monkeypatch.setattr("qmpshell.shell.keyboard.zip", interrupted, raising=False)
    with pytest.raises(GivenUp, match="stopped after 2 of 3 keys"):
        type_text(session, "abc")
    assert len(sent(simulator)) == 2


@pytest.mark.parametrize(
    ("run", "line", "said"),
    [
        (type_text, "", "a text is expected"),
        (type_text, '""', "a text is expected"),
        (type_text, '"a" b', "one text is expected"),
        (type_text, "--hold x a", "milliseconds"),
        (type_text, "--hold 0 a", "milliseconds"),
        (type_text, "--hold 100000 a", "milliseconds"),
        (type_text, "--hold", "--hold takes MILLISECONDS"),
        (press_keys, "", "keys are expected"),
        (press_keys, "--enter", "no such option"),
    ],
)
def test_lines_that_say_nothing(
    open_session: Callable[..., tuple[Session, Simulator, list[float]]],
    run: Callable[[Session, str], None],
    line: str,
    said: str,
) -> None:
    session, simulator, _ = open_session()
    with pytest.raises(LineError, match=said):
        run(session, line)
    assert sent(simulator) == []


def test_enter_alone_is_pressed(
    open_session: Callable[..., tuple[Session, Simulator, list[float]]],
) -> None:
    session, simulator, _ = open_session()
    type_text(session, "--enter")
    assert sent(simulator) == [("ret", 20)]
