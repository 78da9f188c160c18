"""Another connection in a session: nothing of the one before is left, and none is lost for it."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

import qmpshell
from qmpshell.address import UnixAddress
from qmpshell.client.connector import Connector
from qmpshell.configuration import Configuration
from qmpshell.errors import ConnectError, ConnectionLost, GivenUp, LineError, UsageError
from qmpshell.shell.connect_command import connect
from qmpshell.shell.connection_news import ConnectionNews
from qmpshell.shell.event_log import NONE
from qmpshell.shell.hmp_mode import HMPMode
from qmpshell.shell.mode import Mode
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.printer import Printer
from qmpshell.shell.qmp_mode import QMPMode
from qmpshell.shell.session import Session
from qmpshell.simulator import Faults, Simulator
from qmpshell.simulator.faults import reply_bytes
from tests.schema.recorded import entries, schema
from tests.terminal import PATIENCE

Simulate = Callable[..., Simulator]
Open = Callable[..., Session]

DATA = Path(__file__).parents[1] / "data"

NEW_COMMAND = "query-hv-balloon-status-report"


def old_server(**faults: object) -> dict[str, object]:
    """Return the parameters of a simulator that says what QEMU 7.2 said of itself."""
    commands = [{"name": name} for name in schema("7.2").commands]
    values = {"query-commands": commands, "query-qmp-schema": entries("7.2")}
    greeting = json.loads((DATA / "qemu-7.2-greeting.json").read_text())
    return {"name": "old", "greeting": greeting, "faults": Faults(values=values, **faults)}


@pytest.fixture
def open_session() -> Iterator[Open]:
    sessions = []

    def opened(path: str, *, hmp: bool = False) -> Session:
        connector = Connector(UnixAddress(path))
        printer = Printer(io.StringIO(), None)
        session = Session(connector.connect, printer, ShellOptions(hmp=hmp), connector)
        sessions.append(closing(session))
        session.connection.begin()
        session.connection.settle()
        return session

    yield opened
    for session in sessions:
        session.__exit__()


def await_answers(session: Session) -> None:
    """Wait for what a server says of itself, however long that takes."""
    session.client.wait(lambda: session.machine.known and session.server.complete, timeout=PATIENCE)


def in_qmp(session: Session) -> QMPMode:
    """Speak QMP, as the shell does when its first prompt stands."""
    mode = QMPMode(session)
    session.on_connected = mode.connected
    mode.connected()
    await_answers(session)
    return mode


def offered(mode: Mode, text: str) -> list[str]:
    event = CompleteEvent(completion_requested=True)
    return [found.text.strip() for found in mode.completer.get_completions(Document(text), event)]


def go_to(session: Session, simulator: Simulator) -> None:
    session.connection.connect_to(UnixAddress(simulator.path))
    await_answers(session)


def test_the_recorded_versions_differ_in_these_commands() -> None:
    assert NEW_COMMAND in schema("10.0").commands
    assert NEW_COMMAND not in schema("7.2").commands


def test_what_is_completed_checked_and_explained_is_the_new_servers(
    simulate: Simulate, open_session: Open
) -> None:
    session = open_session(simulate().path)
    mode = in_qmp(session)
    assert offered(mode, NEW_COMMAND[:-2]) == [NEW_COMMAND]
    assert mode.bottom_line(NEW_COMMAND, 80)
    go_to(session, simulate(**old_server()))
    assert session.client.greeting
    assert session.client.greeting.version == (7, 2, 22)
    assert (session.machine.name, session.machine.state) == ("old", "prelaunch")
    assert session.server.commands == list(schema("7.2").commands)
    assert NEW_COMMAND not in offered(mode, NEW_COMMAND[:-2])
    assert not mode.bottom_line(NEW_COMMAND, 80)
    with pytest.raises(LineError, match="no such command"):
        mode.run(NEW_COMMAND)
    go_to(session, simulate())
    assert offered(mode, NEW_COMMAND[:-2]) == [NEW_COMMAND]


def test_what_the_new_server_has_not_said_yet_is_not_known(
    simulate: Simulate, open_session: Open
) -> None:
    session = open_session(simulate().path)
    in_qmp(session)
    assert session.schema
    silent = simulate(faults=Faults(held=frozenset({"query-commands"})))
    session.connection.connect_to(UnixAddress(silent.path))
    assert (session.schema, session.server.commands) == (None, [])


def test_the_names_of_things_are_the_new_machines(simulate: Simulate, open_session: Open) -> None:
    here, there = simulate(), simulate()
    for simulator, name in ((here, "alpha"), (there, "beta")):
        with qmpshell.connect(simulator.path) as client:
            client.execute("object-add", {"qom-type": "iothread", "id": name})
    session = open_session(here.path)
    mode = in_qmp(session)

    def objects() -> list[str]:
        # What isn't answered within a frame is there the next time.
        offered(mode, "object-del id=")
        session.request({"execute": "query-name"})
        return offered(mode, "object-del id=")

    assert objects() == ["alpha", "pc.ram"]
    go_to(session, there)
    assert objects() == ["beta", "pc.ram"]
    session.connection.reconnect()
    assert objects() == ["beta", "pc.ram"]


def test_a_late_answer_of_the_old_server_is_nobodys(simulate: Simulate, open_session: Open) -> None:
    slow = simulate(faults=Faults(held=frozenset({"query-qmp-schema"})))
    session = open_session(slow.path)
    slow.wait_for("query-qmp-schema")
    go_to(session, simulate(**old_server()))
    slow.release()
    session.request({"execute": "query-name"})
    assert session.schema
    assert NEW_COMMAND not in session.schema.commands


def test_the_answer_to_a_question_of_the_connection_before_is_dropped(
    simulate: Simulate, open_session: Open
) -> None:
    """QEMU sends it to whoever is connected when it is done (tried on 7.2)."""
    before = simulate(faults=Faults(held=frozenset({"query-status"})))
    session = open_session(before.path)
    late = reply_bytes({"status": "late"}, id=before.wait_for("query-status")["id"])
    go_to(session, simulate(faults=Faults(before_replies=late)))
    assert session.machine.state == "prelaunch"


def test_a_second_qemu_that_is_being_asked_is_let_go(
    simulate: Simulate, open_session: Open
) -> None:
    class Twin:
        closed = False

        def close(self) -> None:
            self.closed = True

    session = open_session(simulate().path)
    mode = in_qmp(session)
    live = mode._completer._live
    assert live
    live.twin = twin = Twin()
    session.connection.reconnect()
    assert twin.closed
    assert mode._completer._live is not live


def test_hmp_begins_at_the_first_cpu_again(simulate: Simulate, open_session: Open) -> None:
    simulator = simulate()
    session = open_session(simulator.path, hmp=True)
    mode = HMPMode(session)
    session.on_connected = mode.connected
    mode._cpu_index = 1
    session.connection.reconnect()
    mode.run("info cpus")
    asked = [
        r["arguments"].get("cpu-index", 0)
        for r in simulator.received
        if r["execute"].startswith("human")
    ]
    assert asked[-1] == 0


def test_the_events_filter_stays_and_nothing_repeats_what_another_machine_said(
    simulate: Simulate, open_session: Open
) -> None:
    simulator = simulate()
    session = open_session(simulator.path)
    for _ in range(2):
        simulator.emit("WAKEUP")
        session.request({"execute": "query-name"})
        session.connection.reconnect()
    assert [(entry.number, entry.times) for entry in session.events.last(9)] == [(1, 1), (2, 1)]
    session.events.set_filter(NONE)
    session.connection.reconnect()
    assert session.events.filter is NONE


def test_who_fails_to_get_elsewhere_stays(
    simulate: Simulate, open_session: Open, tmp_path: Path
) -> None:
    session = open_session(simulate().path)
    await_answers(session)
    client = session.client
    with pytest.raises(ConnectError, match="no such file; .*; still connected to demo$"):
        connect(session, f"{tmp_path}/none")
    with pytest.raises(UsageError, match="that is where we are"):
        connect(session, f"{tmp_path}/../{tmp_path.name}/sim1")
    with pytest.raises(UsageError, match="is no port"):
        connect(session, "localhost:nowhere")
    with pytest.raises(LineError):
        connect(session, "'sim1")
    assert session.client is client
    assert session.request({"execute": "query-name"}).value == {"name": "demo"}
    session.connection.reconnect()
    assert session.connection.count == 2


def test_what_is_said_of_a_connection_that_is_there_again(
    simulate: Simulate, open_session: Open
) -> None:
    session = open_session(simulate().path)
    news, shown = ConnectionNews(session), io.StringIO()
    session.printer = Printer(shown, None)
    session.connection.reconnect()
    await_answers(session)
    news.tell_connected(at_once=False)
    news.tell_connected(at_once=True)
    assert shown.getvalue() == "connected again: QEMU 10.0.13, demo, prelaunch\n"


def test_what_is_said_of_a_machine_that_is_busy(simulate: Simulate, open_session: Open) -> None:
    session = open_session(simulate().path)
    news, shown = ConnectionNews(session), io.StringIO()
    session.printer = Printer(shown, None)
    busy = simulate(faults=Faults(held=frozenset({"query-name"})))
    session.connection.connect_to(UnixAddress(busy.path))
    news.tell_connected(at_once=False)
    assert not shown.getvalue()
    news.tell_connected(at_once=True)
    assert shown.getvalue() == "connected: QEMU 10.0.13\n"


def test_after_connecting_elsewhere_that_is_the_address(
    simulate: Simulate, open_session: Open
) -> None:
    session = open_session(simulate().path)
    there = simulate(name="there")
    connect(session, f"'{there.path}'  ")
    await_answers(session)
    assert (session.machine.name, session.connection.count) == ("there", 1)
    there.drop_client()
    with pytest.raises(ConnectionLost):
        session.request({"execute": "query-name"})
    session.connection.reconnect()
    session.client.wait(lambda: session.machine.known, timeout=PATIENCE)
    assert (session.machine.name, session.connection.count) == ("there", 2)


def test_a_target_of_the_configuration(simulate: Simulate) -> None:
    here, there = simulate(), simulate(name="there")
    connector = Connector(UnixAddress(here.path))
    options = ShellOptions(configuration=Configuration(targets={"production": there.path}))
    printer = Printer(io.StringIO(), None)
    with closing(Session(connector.connect, printer, options, connector)) as session:
        with pytest.raises(ConnectError, match="nearest: production"):
            connect(session, "prodution")
        # Machines that run here may be offered behind it.
        assert offered(in_qmp(session), "/connect prod")[0] == "production"
        connect(session, "production")
        session.client.wait(lambda: session.machine.known, timeout=PATIENCE)
        assert session.machine.name == "there"


def test_without_a_way_to_others(simulate: Simulate) -> None:
    path = simulate().path
    printer = Printer(io.StringIO(), None)
    with (
        closing(Session(lambda: qmpshell.connect(path), printer, ShellOptions())) as session,
        pytest.raises(UsageError, match="no way"),
    ):
        connect(session, path)


def test_ctrl_c_while_connecting_leaves_all_in_step(
    simulate: Simulate, open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(simulate().path)
    await_answers(session)

    def interrupted(_: Connector) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Connector, "connect", interrupted)
    with pytest.raises(GivenUp, match="gave up connecting; still connected to demo"):
        connect(session, "elsewhere")
    assert session.request({"execute": "query-name"}).value == {"name": "demo"}
