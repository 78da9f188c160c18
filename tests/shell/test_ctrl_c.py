"""Ctrl-C at every moment: it ends what is going on, and the next command gets its own reply."""

import asyncio
import contextlib
import gc
import io
import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

import qmpshell
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import Error, GivenUp
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.printer import Printer
from qmpshell.shell.qmp_mode import QMPMode
from qmpshell.shell.session import Session
from qmpshell.shell.shell import Shell
from qmpshell.shell.watch import watch_interrupt
from qmpshell.simulator import Faults, Simulator
from qmpshell.simulator.faults import NONE, event_bytes
from qmpshell.transport import Stream, open_stream
from tests.terminal import PATIENCE, Terminal

pytestmark = pytest.mark.usefixtures("home")

Simulate = Callable[..., Simulator]

DEMO = "demo prelaunch>"


class Pressed:
    """Says when Ctrl-C is pressed: at one of the coming moments, or never.

    A moment is when bytes have been read or sent, and nobody knows of it yet.
    """

    def __init__(self) -> None:
        self.moments_left = -1

    def pass_moment(self) -> None:
        self.moments_left -= 1
        if self.moments_left == 0:
            os.kill(os.getpid(), signal.SIGINT)


class Interrupted:
    """A stream of small pieces, at each of which Ctrl-C may be pressed."""

    def __init__(self, stream: Stream, pressed: Pressed) -> None:
        self._stream = stream
        self._pressed = pressed
        self.fileno, self.close = stream.fileno, stream.close

    def recv(self, size: int) -> bytes:
        data = self._stream.recv(size if self._pressed.moments_left < 0 else 20)
        self._pressed.pass_moment()
        return data

    def send(self, data: bytes) -> int:
        sent = self._stream.send(data if self._pressed.moments_left < 0 else data[:20])
        self._pressed.pass_moment()
        return sent


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> Pressed:
    pressed = Pressed()
    # The function of that name hides its module.
    monkeypatch.setattr(
        sys.modules["qmpshell.client.connect"],
        "open_stream",
        lambda *arguments: Interrupted(open_stream(*arguments), pressed),
    )
    return pressed


@pytest.fixture
def open_session(simulate: Simulate, pressed: Pressed) -> Iterator[Callable[..., Session]]:
    with contextlib.ExitStack() as stack:

        def opened(**faults: object) -> Session:
            simulator = simulate(faults=Faults(**faults))
            session = Session(
                lambda: qmpshell.connect(simulator.path),
                Printer(io.StringIO(), None),
                ShellOptions(yes=True),
            )
            stack.enter_context(contextlib.closing(session))
            session.connection.begin()
            session.client.wait(lambda: session.server.complete, timeout=PATIENCE)
            return session

        yield opened


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("query-uuid", {}),
        ("query-uuid --timeout 10", {}),
        ("query-block", {}),
        ("device_del id=nope", {}),
        ("system_reset --wait", {}),
        ("device_add driver=usb-tablet nonsense=1 --dry-run", {}),
        ("/hmp info name", {}),
        ("/screen --as blocks", {}),
        ("/keys --hold 1 a b", {}),
        # The schema itself has too many pieces.
        ("/reconnect", {"values": {"query-qmp-schema": []}}),
    ],
)
def test_at_each_piece_that_is_read_or_sent(
    open_session: Callable[..., Session], pressed: Pressed, line: str, faults: dict[str, object]
) -> None:
    session = open_session(**faults)
    mode = QMPMode(session)
    session.on_connected = mode.connected
    for moment in itertools.count(1):
        mode.connected()
        session.request({"execute": "cont"}, timeout=PATIENCE)
        pressed.moments_left = moment
        with contextlib.suppress(Error, KeyboardInterrupt):
            mode.run(line)
        over = pressed.moments_left > 0
        pressed.moments_left = -1
        if session.client.closed:
            session.connection.reconnect()
        for command, reply in (("query-name", "name"), ("query-status", "status")):
            assert reply in session.request({"execute": command}, timeout=PATIENCE).value
        if over:
            break
    assert moment > 5


def test_at_each_piece_of_an_event_that_comes_between_two_keys(
    open_session: Callable[..., Session], pressed: Pressed
) -> None:
    session = open_session(before_replies=event_bytes("WAKEUP") * 3)
    for moment in range(1, 12):
        session.client.submit({"execute": "query-name"}, on_reply=lambda _: None)
        pressed.moments_left = moment
        with contextlib.suppress(GivenUp):
            session.pause(PATIENCE, until=lambda: pressed.moments_left <= 0)
        assert pressed.moments_left <= 0
        pressed.moments_left = -1
        assert "status" in session.request({"execute": "query-status"}, timeout=PATIENCE).value


@pytest.mark.parametrize("steps", range(8))
def test_just_when_a_prompt_goes(
    open_session: Callable[..., Session],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    recwarn: pytest.WarningsRecorder,
    steps: int,
) -> None:
    """An event loop that ends is still busy for some steps, and Ctrl-C is a signal again."""
    prompts, pressed, ran = itertools.count(), False, []
    # What tests before have left to the collector isn't warned of here.
    gc.collect()
    recwarn.clear()

    def press_when_done(interrupt: Interrupt, app: Application[str]) -> None:
        def step(left: int) -> None:
            nonlocal pressed
            if left:
                loop.call_soon(step, left - 1)
            else:
                pressed = True
                os.kill(os.getpid(), signal.SIGINT)

        watch_interrupt(interrupt, app)
        loop = asyncio.get_running_loop()
        match next(prompts):
            case 0:
                assert app.future
                app.future.add_done_callback(lambda _: step(steps))
            case 1:
                keys.send_text("exit\r")

    session = open_session()
    monkeypatch.setattr("qmpshell.shell.shell.watch_interrupt", press_when_done)
    run = QMPMode.run
    monkeypatch.setattr(QMPMode, "run", lambda mode, text: (ran.append(text), run(mode, text)))
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("query-name\rquery-uuid\r")
        Shell(session, InMemoryHistory()).run()
    assert ran == (["exit"] if pressed else ["query-name", "query-uuid", "exit"])
    assert not caplog.records
    assert not recwarn.list


class Moment(NamedTuple):
    """When Ctrl-C is pressed.

    Attributes:
        typed: what is typed before.
        sign: what then stands on the screen; if nothing, it isn't waited for.
        held: the command that the machine has got, and doesn't answer.
        state: what the prompt says of the machine.
    """

    typed: str
    sign: str = ""
    held: str = ""
    state: str = "prelaunch"


def has_come(simulator: Simulator, command: str) -> bool:
    return any(members.get("execute") == command for members in simulator.received)


@pytest.mark.parametrize(
    "moment",
    [
        Moment("query-na", sign="query-na"),
        Moment("query-kv\t", sign="query-kvm"),
        Moment('{"execute":\r', sign="..."),
        Moment("transaction(\rabort\r", sign="..."),
        Moment("\x12query", sign="query"),
        Moment("query-block\r", held="query-block"),
        Moment("query-block --timeout 60\r", held="query-block"),
        Moment("device_del net0 --wait\r", held="device_del"),
        Moment("quit\r", sign="really? [y/N]"),
        Moment("/hmp info name\r", held="human-monitor-command"),
        Moment("/screen\r", held="screendump"),
        Moment("/keys a b\r", held="send-key", state="running"),
        Moment("/type abc\r", held="send-key", state="running"),
        Moment("/events\r"),
        Moment("/help device_add\r"),
        Moment("\r"),
    ],
)
def test_what_a_person_is_doing(simulate: Simulate, moment: Moment) -> None:
    simulator = simulate(faults=Faults(held=frozenset({moment.held})))
    with Terminal(["qmp-shell", simulator.path]) as terminal:
        terminal.wait_for_last_line(DEMO)
        prompt = f"demo {moment.state}>"
        if moment.state == "running":
            terminal.press("cont\r", prompt)
        simulator.send_raw(
            b"".join(event_bytes("VSERPORT_CHANGE", {"id": f"p{n}"}) for n in range(50))
        )
        terminal.type(moment.typed)
        # Only who goes on reading the terminal lets the shell go on.
        terminal.wait(lambda: not moment.held or has_come(simulator, moment.held))
        terminal.wait(lambda: moment.sign in "\n".join(terminal.lines[-10:]))
        terminal.type("\x03")
        if moment.held or moment.sign:
            terminal.wait_for_last_line(prompt)
        if moment.held:
            simulator.release()
        terminal.type("query-status\r")
        terminal.wait_for(f'"status": "{moment.state}"')
        terminal.wait_for_last_line(prompt)
        assert "Traceback" not in terminal.text


def test_lines_that_were_pasted_behind_one_that_is_given_up_are_not_run(
    simulate: Simulate,
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with Terminal(["qmp-shell", simulator.path]) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("query-block\rcont\rquery-uuid\r")
        simulator.wait_for("query-block")
        terminal.type("\x03")
        terminal.wait_for("gave up waiting")
        terminal.wait_for_last_line(DEMO)
        simulator.release()
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']
    assert {"cont", "query-uuid"}.isdisjoint(r.get("execute") for r in simulator.received)


def test_while_connecting(simulate: Simulate) -> None:
    simulator = simulate()
    with Terminal(["qmp-shell", simulator.path]) as terminal:
        terminal.wait_for_last_line(DEMO)
        simulator.set_faults(Faults(held=frozenset({"qmp_capabilities"})))
        simulator.received.clear()
        terminal.type("/reconnect\r")
        simulator.wait_for("qmp_capabilities")
        said = terminal.press("\x03", "demo disconnected>")
        closed = "the connection was closed; /reconnect, or Ctrl-D"
        assert said[-2:] == ["gave up connecting", closed]
        simulator.set_faults(NONE)
        simulator.release()
        terminal.press("/reconnect\r", DEMO)
        assert '"status": "prelaunch"' in "".join(terminal.run("query-status", DEMO))
