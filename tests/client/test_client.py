import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client import client as client_module
from qmpshell.client import event_queue
from qmpshell.client.client import SECONDS_PER_BYTE
from qmpshell.client.deadline import Deadline
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import CommandError, ConnectionLost, ProtocolError, RequestError, TimedOut
from qmpshell.simulator import Faults, Simulator, Then
from qmpshell.simulator.faults import event_bytes, reply_bytes

Simulate = Callable[..., Simulator]


def test_execute_returns_the_value(simulate: Simulate) -> None:
    with qmpshell.connect(simulate().path) as machine:
        assert machine.greeting is not None
        assert machine.greeting.version == (10, 0, 13)
        assert machine.execute("query-name") == {"name": "demo"}
        assert machine.execute("qom-get", path="/machine", property="type")
        assert machine.execute("qom-get", {"path": "/machine"}, property="type")
    assert machine.closed


def test_an_error_of_the_server(simulate: Simulate) -> None:
    with qmpshell.connect(simulate().path) as machine:
        with pytest.raises(CommandError, match="DeviceNotFound: Device 'x' not found") as caught:
            machine.execute("device_del", id="x")
        assert caught.value.error_class == "DeviceNotFound"
        assert caught.value.desc == "Device 'x' not found"
        assert caught.value.members["error"]["class"] == "DeviceNotFound"


def test_arguments_that_cannot_be_sent_change_nothing(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        with pytest.raises(RequestError):
            machine.execute("device_del", id=float("nan"))
        assert machine.idle
        assert machine.execute("query-name")
    assert "device_del" not in [request.get("execute") for request in simulator.received]


def test_a_request_keeps_the_users_own_id(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        reply = machine.request({"execute": "query-name", "id": {"mine": 1.0}})
    assert reply.id == {"mine": 1}
    assert simulator.received[-1]["id"] == {"mine": 1.0}


def test_events_between_command_and_reply_are_kept(simulate: Simulate) -> None:
    faults = Faults(before_replies=event_bytes("WATCHDOG", {"action": "none"}))
    with qmpshell.connect(simulate(faults=faults).path) as machine:
        machine.execute("query-name")
        assert [event.name for event in machine.events(timeout=0)] == ["WATCHDOG", "WATCHDOG"]


def test_wait_event_takes_the_first_that_fits_and_leaves_the_others(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        for device in ("a", "b", "a"):
            simulator.emit("DEVICE_DELETED", {"device": device, "path": f"/{device}"})
        simulator.emit("STOP")
        event = machine.wait_event(["X", "DEVICE_DELETED"], data={"device": "b"}, timeout=10)
        assert event.data == {"device": "b", "path": "/b"}
        assert machine.wait_event("STOP", timeout=10).name == "STOP"
        assert [event.data["device"] for event in machine.events(timeout=0)] == ["a", "a"]


def test_an_event_that_does_not_come_is_a_timeout(simulate: Simulate) -> None:
    with qmpshell.connect(simulate().path) as machine:
        with pytest.raises(TimedOut):
            machine.wait_event("STOP", timeout=0.01)
        assert machine.execute("query-name")


def test_events_end_with_the_connection(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        simulator.emit("STOP")
        simulator.drop_client()
        assert [event.name for event in machine.events(timeout=10)] == ["STOP"]
        with pytest.raises(ConnectionLost, match="the server closed it"):
            machine.execute("query-name")


def test_events_that_nobody_takes_do_not_fill_the_memory(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_queue, "MAX_QUEUED_EVENTS", 3)
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        for number in range(5):
            simulator.emit("RTC_CHANGE", {"offset": number})
        machine.execute("query-name")
        assert machine.dropped_events == 2
        offsets = [event.data["offset"] for event in machine.events(timeout=0)]
        assert offsets == [2, 3, 4]


def test_an_event_is_found_also_behind_more_than_is_kept(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_queue, "MAX_QUEUED_EVENTS", 3)
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        for number in range(5):
            simulator.emit("RTC_CHANGE", {"offset": number})
        simulator.emit("STOP")
        simulator.emit("RESUME")
        assert machine.wait_event("STOP", timeout=10).name == "STOP"
        assert machine.wait_event("RESUME", timeout=10).name == "RESUME"
        assert len(list(machine.events(timeout=0))) <= 3


def test_a_listener_gets_events_at_once(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        heard: list[str] = []
        machine.listener = lambda event: heard.append(event.name)
        simulator.emit("STOP")
        machine.execute("query-name")
        assert heard == ["STOP"]


def test_a_late_reply_is_dropped_and_the_connection_in_step(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with qmpshell.connect(simulator.path) as machine:
        with pytest.raises(TimedOut, match=r"query-block: no reply in 0\.01 s"):
            machine.execute("query-block", timeout=0.01)
        simulator.wait_for("query-block")
        simulator.release()
        assert machine.execute("query-name") == {"name": "demo"}


@pytest.mark.parametrize("leftover", [reply_bytes("theirs"), reply_bytes("theirs", id=1)])
def test_a_leftover_of_the_client_before_is_not_ours(simulate: Simulate, leftover: bytes) -> None:
    with qmpshell.connect(simulate(faults=Faults(inject={1: leftover * 3})).path) as machine:
        assert machine.execute("query-name") == {"name": "demo"}


def test_submit_does_not_wait(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        replies: list[object] = []
        machine.submit({"execute": "query-name"}, on_reply=replies.append)
        assert not machine.idle
        machine.wait(lambda: machine.idle, timeout=10)
        assert [reply.value for reply in replies] == [{"name": "demo"}]  # type: ignore[attr-defined]


def test_read_available_takes_what_is_there_and_never_blocks(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        machine.read_available()
        simulator.emit("STOP")
        while not (events := list(machine.events(timeout=0))):
            machine.read_available()
        assert events[0].name == "STOP"
        simulator.drop_client()
        with pytest.raises(ConnectionLost):
            while True:
                machine.read_available()


def test_a_server_that_left_with_a_command_unread_has_closed_the_connection_as_well(
    tmp_path: Path,
) -> None:
    """Linux resets the connection then; whether it was read by then is a matter of luck."""
    with socket.create_server(str(tmp_path / "s"), family=socket.AF_UNIX) as server:
        machine = qmpshell.connect(str(tmp_path / "s"), negotiate=False)
        leaving, _ = server.accept()
        machine.submit({"execute": "query-name"}, on_reply=lambda _: None)
        leaving.close()
        with machine, pytest.raises(ConnectionLost, match="ended: the server closed it$"):
            machine.wait(lambda: machine.idle, timeout=30)


@pytest.mark.parametrize("command", ["query-name", "query-qmp-schema"])
def test_a_server_that_dies_in_mid_reply(simulate: Simulate, command: str) -> None:
    faults = Faults(cut_after=190, then=Then.CLOSE)
    with qmpshell.connect(simulate(faults=faults).path) as machine:
        with pytest.raises(ConnectionLost, match="in the middle of a message"):
            machine.execute(command)
        with pytest.raises(ConnectionLost):
            machine.execute("query-name")


def test_garbage_in_mid_session_ends_the_connection_honestly(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        simulator.send_raw(b"Segmentation fault\r\n")
        with pytest.raises(ProtocolError, match="not QMP: 'Segmentation"):
            machine.execute("query-name")
        assert machine.closed


def test_quit_is_answered_even_when_the_reply_is_lost(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"quit"})))
    with qmpshell.connect(simulator.path) as machine:
        thread = threading.Thread(
            target=lambda: (simulator.wait_for("quit"), simulator.drop_client())
        )
        thread.start()
        assert machine.execute("quit") == {}
        thread.join()


def test_a_large_request_goes_out_while_the_server_answers(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(values={"query-name": "x" * 5_000_000}))
    with qmpshell.connect(simulator.path) as machine:
        replies: list[object] = []
        for _ in range(3):
            machine.submit({"execute": "query-name"}, on_reply=replies.append)
        with pytest.raises(CommandError):
            machine.execute("device_del", id="x" * 2_000_000)
        assert len(replies) == 3


def test_an_interrupt_gives_up_waiting_and_nothing_else(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    interrupt = Interrupt()
    with qmpshell.connect(simulator.path) as machine:
        machine.heed(interrupt)
        with interrupt.catching_sigint():

            def press() -> None:
                simulator.wait_for("query-block")
                os.kill(os.getpid(), signal.SIGINT)

            thread = threading.Thread(target=press)
            thread.start()
            with pytest.raises(KeyboardInterrupt):
                machine.execute("query-block")
            thread.join()
            simulator.release()
            assert machine.execute("query-name") == {"name": "demo"}
    interrupt.close()


def test_traffic_is_told_of_every_message(simulate: Simulate) -> None:
    told: list[tuple[str, str]] = []
    simulator = simulate()
    with qmpshell.connect(
        simulator.path,
        traffic=lambda direction, members: told.append((direction, sorted(members)[0])),
    ) as machine:
        simulator.emit("STOP")
        machine.execute("query-name")
    assert told == [
        ("received", "QMP"),
        ("sent", "arguments"),
        ("received", "id"),
        ("sent", "execute"),
        ("received", "event"),
        ("received", "id"),
    ]


def test_a_time_limit_holds_while_events_keep_coming(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with qmpshell.connect(simulator.path) as machine:
        flooding = threading.Event()
        machine.listener = lambda event: flooding.set()

        def flood() -> None:
            while not done.is_set():
                simulator.emit("WAKEUP")

        done = threading.Event()
        thread = threading.Thread(target=flood)
        thread.start()
        try:
            machine.wait(flooding.is_set, timeout=10)
            with pytest.raises(TimedOut):
                machine.execute("query-block", timeout=0.05)
        finally:
            done.set()
            thread.join()


def test_a_time_limit_is_stretched_for_a_large_command(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QEMU reads it a byte at a time, which is none of the time that the command takes."""
    given: list[float | None] = []

    class Noted(Deadline):
        def __init__(self, seconds: float | None) -> None:
            given.append(seconds)
            super().__init__(None)

    with qmpshell.connect(simulate().path) as machine:
        monkeypatch.setattr(client_module, "Deadline", Noted)
        with pytest.raises(CommandError, match="not found"):
            machine.execute("device_del", id="x" * 100_000, timeout=0.5)
    assert given == [pytest.approx(0.5 + 100_000 * SECONDS_PER_BYTE, rel=0.01)]


@pytest.mark.parametrize("seconds", [1e9, 1e300, float("inf")])
def test_a_time_limit_of_any_length(simulate: Simulate, seconds: float) -> None:
    with qmpshell.connect(simulate().path, timeout=seconds) as machine:
        assert machine.execute("query-name", timeout=seconds) == {"name": "demo"}
