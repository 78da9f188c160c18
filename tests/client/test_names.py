"""The names of things: asked of a machine, remembered, and forgotten."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client import Client
from qmpshell.client.names import LiveNames, Names, find_sources, live
from qmpshell.client.names.harmless import harmless_types
from qmpshell.client.names.source import children, keys, matches, members, properties
from qmpshell.client.names.twin import Twin, find_binary
from qmpshell.errors import ConnectError
from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU

#: What only root can try.
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="takes another user")

Simulate = Callable[..., Simulator]

CHARDEVS = find_sources("chardev-remove", ("id",))
NODES = find_sources("blockdev-del", ("node-name",))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test's answers stay as long as the test, and come before it goes on."""
    monkeypatch.setattr(live, "FRESH_SECONDS", 1000.0)
    monkeypatch.setattr(live, "FRAME_SECONDS", 10.0)


@pytest.fixture
def simulator(simulate: Simulate) -> Simulator:
    values = {"query-chardev": [{"label": "b", "filename": "null"}, {"label": "a"}]}
    return simulate(faults=Faults(values=values))


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Client]:
    with qmpshell.connect(simulator.path) as machine:
        yield machine


def asked(simulator: Simulator, command: str) -> int:
    return [request.get("execute") for request in simulator.received].count(command)


def test_names_are_asked_once(simulator: Simulator, client: Client) -> None:
    names = LiveNames(client, came=lambda: None)
    for _ in range(3):
        assert names.names(CHARDEVS) == ([("a", ""), ("b", "null")], True)
    assert asked(simulator, "query-chardev") == 1


def test_a_command_that_changes_something_and_an_event_make_it_ask_again(
    simulator: Simulator, client: Client
) -> None:
    names = LiveNames(client, came=lambda: None)
    client.listener = names.on_event
    names.names(CHARDEVS)
    names.on_command("query-block")
    names.names(CHARDEVS)
    assert asked(simulator, "query-chardev") == 1
    names.on_command("chardev-add")
    names.names(CHARDEVS)
    assert asked(simulator, "query-chardev") == 2
    simulator.emit("DEVICE_DELETED", {"path": "/x"})
    client.execute("query-name")
    names.names(CHARDEVS)
    assert asked(simulator, "query-chardev") == 3


def test_what_another_client_changed_is_seen_soon(
    simulator: Simulator, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FRESH_SECONDS", 0.0)
    names = LiveNames(client, came=lambda: None)
    names.names(CHARDEVS)
    simulator.set_faults(Faults(values={"query-chardev": [{"label": "c"}]}))
    assert names.names(CHARDEVS) == ([("c", "")], True)


def test_what_comes_late_is_told_and_nothing_else_is_asked_meanwhile(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FRAME_SECONDS", 0.0)
    simulator = simulate(faults=Faults(held=frozenset({"query-chardev"})))
    came: list[bool] = []
    with qmpshell.connect(simulator.path) as client:
        names = LiveNames(client, came=lambda: came.append(True))
        assert names.names(CHARDEVS) == ([], False)
        assert names.names(NODES) == ([], False)
        assert names.names(CHARDEVS) == ([], False)
        simulator.wait_for("query-chardev")
        assert not came
        simulator.release()
        client.wait(lambda: bool(came), timeout=10)
        found, complete = names.names(CHARDEVS)
        assert complete
        assert "compat_monitor0" in dict(found)
    assert asked(simulator, "query-named-block-nodes") == 0


@pytest.mark.parametrize(
    "answer", [None, {}, [], 7, "x", [None, 1, [], {}], [{"label": {}}], [{"label": ""}]]
)
def test_strange_answers_have_no_names(simulate: Simulate, answer: object) -> None:
    with qmpshell.connect(simulate(faults=Faults(values={"query-chardev": answer})).path) as client:
        assert LiveNames(client, came=lambda: None).names(CHARDEVS) == ([], True)


def test_an_error_and_a_lost_connection_are_no_names(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(errors={"query-chardev": ("GenericError", "no")}))
    with qmpshell.connect(simulator.path) as client:
        names = LiveNames(client, came=lambda: None)
        assert names.names(CHARDEVS) == ([], True)
        simulator.drop_client()
        assert names.names(NODES) == ([], False)
        assert names.names(NODES) == ([], False)


@pytest.mark.parametrize(
    ("read", "answer", "names"),
    [
        (members("a", "b"), [{"a": 1, "b": "x"}, {"b": "y"}], ["1", "x", "y"]),
        (members("n", below=("in",)), [{"in": [{"n": "x"}]}, {"in": 3}, {}], ["x"]),
        (children("t.*"), [{"name": "a", "type": "child<tt>"}, {"name": "b", "type": "tt"}], ["a"]),
        (properties, [{"name": "a", "type": "child<t>"}, {"name": "b", "type": "int"}], ["b"]),
        (keys("m", "p"), {"m": {"p": {"x": True}}}, ["x"]),
        (keys("m", "p"), {"m": 1}, []),
        (matches(r"(?P<name>\w+)=(?P<beside>\d)?"), "a=1 b= c", ["a", "b"]),
        (matches(r"(?P<name>\w+)=(?P<beside>\d)?"), None, []),
    ],
)
def test_how_names_are_read(
    read: Callable[[object], Names], answer: object, names: list[str]
) -> None:
    assert [name for name, _ in read(answer)] == names


@pytest.mark.parametrize(
    ("command", "argument", "question"),
    [
        ("blockdev-del", ("node-name",), "query-named-block-nodes"),
        ("block-dirty-bitmap-remove", ("name",), "query-named-block-nodes"),
        ("blockdev-add", ("file",), "query-named-block-nodes"),
        ("blockdev-reopen", ("options", "0", "backing"), "query-named-block-nodes"),
        ("job-cancel", ("id",), "query-jobs"),
        ("block-export-del", ("id",), "query-block-exports"),
        ("set_link", ("name",), "human-monitor-command"),
        ("device_add", ("bus",), "human-monitor-command"),
        ("qom-get", ("path",), "qom-list"),
        ("object-del", ("id",), "qom-list"),
        ("remove-fd", ("fdset-id",), "query-fdsets"),
        ("trace-event-set-state", ("name",), "trace-event-get-state"),
        ("query-cpu-model-expansion", ("model", "name"), "query-cpu-definitions"),
    ],
)
def test_where_names_come_from(command: str, argument: tuple[str, ...], question: str) -> None:
    assert find_sources(command, argument)[0].question.command == question


@pytest.mark.parametrize(
    ("command", "argument"),
    [("blockdev-add", ("node-name",)), ("device_add", ("id",)), ("object-add", ("id",)), ("x", ())],
)
def test_names_of_new_things_are_not_asked_for(command: str, argument: tuple[str, ...]) -> None:
    assert not find_sources(command, argument)


def test_bitmaps_are_those_of_the_node_that_was_given() -> None:
    answer = [
        {"node-name": "n1", "dirty-bitmaps": [{"name": "b1", "granularity": 65536}]},
        {"node-name": "n2", "dirty-bitmaps": [{"name": "b2"}]},
    ]
    for node, names in ("n2", ["b2"]), ("other", ["b1", "b2"]):
        given = {("node",): node}
        (source,) = find_sources("block-dirty-bitmap-remove", ("name",), given=given)
        assert [name for name, _ in source.read(answer)] == names


def driver_properties(driver: str, names: LiveNames) -> tuple[Names, bool]:
    return names.names(find_sources("device_add", (), members=True, given={("driver",): driver}))


def test_only_harmless_types_are_asked_of_the_machine(qemu: RealQEMU) -> None:
    assert "e1000" in harmless_types()
    assert "virtio-vga-gl" not in harmless_types()
    sent: list[str] = []

    def listen(direction: str, members: object) -> None:
        if direction == "sent":
            sent.append(str(members))

    with qmpshell.connect(qemu.socket, traffic=listen) as client:
        names = LiveNames(client, came=lambda: None)
        found, complete = driver_properties("e1000", names)
        assert complete
        assert "mac" in dict(found)
        assert any("'e1000'" in request for request in sent)
        assert driver_properties("virtio-vga", names) == ([], False)
        twin = names.twin
        assert twin is not None
        while not twin.read_available():
            pass
        found, complete = driver_properties("virtio-vga", names)
        assert complete
        assert names.twin is None
        assert "xres" in dict(found)
        assert not any("virtio-vga" in request for request in sent)


def test_what_is_known_of_a_type_is_found_out_without_a_twin(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as client:
        names = LiveNames(client, lambda: None)
        known = [
            names.known(find_sources("device_add", (), members=True, given={("driver",): driver}))
            for driver in ("e1000", "virtio-vga", "no-such-driver")
        ]
        assert "mac" in dict(known[0])
        assert known[1:] == [[], []]
        assert names.twin is None


def test_where_no_twin_may_be_started_a_type_that_could_end_the_machine_has_no_names(
    qemu: RealQEMU,
) -> None:
    with qmpshell.connect(qemu.socket) as client:
        names = LiveNames(client, came=lambda: None, with_twin=False)
        assert driver_properties("virtio-vga", names) == ([], True)
        assert names.twin is None
        assert "mac" in dict(driver_properties("e1000", names)[0])


def test_a_twin_of_another_version_is_not_believed(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as client:
        assert client.greeting is not None
        other = client.greeting._replace(members={"QMP": {"version": {}}})
        binary = find_binary(client)
        assert binary is not None
        question = find_sources("device-list-properties", ("typename",))[0].question
        twin = Twin(binary, question, other)
        while not twin.read_available():
            pass
        assert twin.answer is None
        twin.close()


@contextlib.contextmanager
def served_by(program: Path, socket: Path) -> Iterator[Client]:
    """A client of a program that is somewhere, and calls itself as its file is called."""
    shutil.copy(Path(sys.executable).resolve(), program)
    env = {"PYTHONHOME": sys.base_prefix, "PYTHONPATH": str(Path(qmpshell.__file__).parents[1])}
    command = [program, "-m", "qmpshell.simulator", socket]
    with subprocess.Popen(command, env=env) as process:
        try:
            while True:
                assert process.poll() is None
                with contextlib.suppress(ConnectError), qmpshell.connect(str(socket)) as client:
                    yield client
                    return
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "owner", "trusted"),
    [
        (0o755, 0o755, 0, True),
        (0o1777, 0o700, 0, True),
        (0o777, 0o755, 0, False),
        (0o755, 0o757, 0, False),
        pytest.param(0o755, 0o755, 65534, False, marks=AS_ROOT),
    ],
)
def test_what_somebody_else_could_have_put_there_is_not_run(
    tmp_path: Path, folder_mode: int, file_mode: int, owner: int, trusted: bool
) -> None:
    program = tmp_path / "bin" / "qemu-system-x86_64"
    program.parent.mkdir()
    with served_by(program, tmp_path / "socket") as client:
        program.chmod(file_mode)
        program.parent.chmod(folder_mode)
        if owner:
            os.chown(program, owner, owner)
        on_path = shutil.which(program.name)
        assert find_binary(client) == (str(program) if trusted else on_path)


def test_a_server_that_is_no_qemu_has_no_twin(simulator: Simulator, client: Client) -> None:
    assert find_binary(client) is None
    names = LiveNames(client, came=lambda: None)
    assert driver_properties("virtio-vga", names) == ([], True)
    assert asked(simulator, "device-list-properties") == 0
