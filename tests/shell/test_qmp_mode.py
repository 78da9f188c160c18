"""Lines that are run before the server has said what it accepts."""

import io
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

import qmpshell
from qmpshell.errors import LineError, TimedOut
from qmpshell.shell import connection as connection_module
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.printer import Printer
from qmpshell.shell.qmp_mode import QMPMode
from qmpshell.shell.session import Session
from qmpshell.simulator import Faults, Simulator
from tests.terminal import PATIENCE

Open = Callable[..., Session]


@pytest.fixture
def begin(simulate: Callable[..., Simulator]) -> Iterator[Open]:
    """Begin a session whose questions have gone out, and no answer has been read yet."""
    sessions = []

    def begun(**faults: object) -> Session:
        path = simulate(faults=Faults(**faults)).path
        printer = Printer(io.StringIO(), None)
        session = Session(lambda: qmpshell.connect(path), printer, ShellOptions())
        sessions.append(closing(session))
        session.connection.begin()
        return session

    yield begun
    for session in sessions:
        session.__exit__()


def test_a_line_waits_for_the_schema_that_checks_it(
    begin: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = begin()
    monkeypatch.setattr(connection_module, "CHECK_SECONDS", PATIENCE)
    assert session.schema is None
    with pytest.raises(LineError, match="a boolean is expected"):
        QMPMode(session).run("set_link name=1 up=maybe")


def test_but_not_for_ever(begin: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "CHECK_SECONDS", 0.01)
    session = begin(held=frozenset({"query-qmp-schema"}))
    mode = QMPMode(session)
    with pytest.raises(TimedOut):
        mode.run("device_del nope=1 --timeout 0.01")
    assert session.server.complete


def test_the_first_prompt_waits_for_name_and_state_and_finds_the_schema(
    begin: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "FIRST_PROMPT_SECONDS", PATIENCE)
    monkeypatch.setattr(connection_module, "CHECK_SECONDS", PATIENCE)
    session = begin()
    session.connection.settle()
    assert (session.machine.name, session.machine.state) == ("demo", "prelaunch")
    session.connection.await_schema()
    assert session.schema


def test_a_server_that_is_asked_nothing_is_not_waited_for(
    simulate: Callable[..., Simulator],
) -> None:
    path = simulate().path
    options = ShellOptions(negotiated=False)
    session = Session(lambda: qmpshell.connect(path), Printer(io.StringIO(), None), options)
    with closing(session):
        session.connection.begin()
        assert session.machine.known
        assert session.server.complete
