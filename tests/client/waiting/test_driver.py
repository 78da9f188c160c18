import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

import qmpshell
from qmpshell.client import Client
from qmpshell.client.interrupt import Interrupt
from qmpshell.client.waiting import Done, ending_of, request_and_wait
from qmpshell.errors import CommandError, ConnectionLost, OutcomeError, RequestError, TimedOut
from qmpshell.progress import Progress
from qmpshell.simulator import Faults, Simulator
from tests.standing_time import let_time_pass_once

Simulate = Callable[..., Simulator]

#: The guest has to let go of it, and no guest runs.
DEVICE_DEL = {"execute": "device_del", "arguments": {"id": "net0"}}
STREAM = {"execute": "block-stream", "arguments": {"job-id": "j", "device": "scratch"}}
MIGRATE = {"execute": "migrate", "arguments": {"uri": "unix:/x"}}


def wait_for(client: Client, members: dict[str, Any], **how: Any) -> Done:
    return request_and_wait(client, members, ending_of(members), **how)


def names(simulator: Simulator) -> list[str]:
    return [request["execute"] for request in simulator.received][1:]


@contextlib.contextmanager
def once_sent(simulator: Simulator, command: str, action: Callable[[], None]) -> Iterator[None]:
    """Do something at the server when a command has come to it."""

    def run() -> None:
        simulator.wait_for(command)
        action()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_a_command_that_cannot_be_waited_for_is_not_sent(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        with pytest.raises(RequestError, match="query-name can't be waited for"):
            machine.execute("query-name", wait=True)
        assert machine.execute("query-name")
    assert names(simulator) == ["query-name"]


def test_a_device_is_gone_when_it_returns(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        assert machine.execute("device_del", id="tab", wait=True, timeout=10) == {}
        assert [event.name for event in machine.events(timeout=0)] == ["DEVICE_DELETED"]
        with pytest.raises(CommandError, match="DeviceNotFound") as caught:
            machine.execute("device_del", id="tab", wait=True)
        assert not isinstance(caught.value, OutcomeError)
    assert names(simulator) == ["device_del", "device_del"]


def test_an_event_before_the_reply_counts_and_reaches_the_listener(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"device_del"})))
    heard: list[str] = []

    def answer() -> None:
        simulator.emit("DEVICE_DELETED", {"device": "net0", "path": "/p"})
        simulator.release()

    with qmpshell.connect(simulator.path) as machine:
        machine.listener = lambda event: heard.append(event.name)
        with once_sent(simulator, "device_del", answer):
            assert wait_for(machine, DEVICE_DEL, timeout=10).reply.value == {}
    assert heard == ["DEVICE_DELETED"]


def test_an_event_from_before_the_command_does_not_count(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        simulator.emit("DEVICE_DELETED", {"device": "net0", "path": "/p"})
        machine.execute("query-name")
        with pytest.raises(TimedOut):
            wait_for(machine, DEVICE_DEL, timeout=0.01)


def test_what_a_guest_refuses_is_an_error(simulate: Simulate) -> None:
    simulator = simulate()
    refused = {"device": "net0", "path": "/p"}
    with (
        qmpshell.connect(simulator.path) as machine,
        once_sent(
            simulator,
            "device_del",
            lambda: simulator.emit("DEVICE_UNPLUG_GUEST_ERROR", refused),
        ),
        pytest.raises(OutcomeError, match="DeviceUnplugRefused: .* net0") as caught,
    ):
        wait_for(machine, DEVICE_DEL, timeout=10)
    assert caught.value.members["return"] == {}


def test_a_job_is_not_asked_after_without_need(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        machine.execute("block-stream", STREAM["arguments"], wait=True, timeout=10)
        options = {"driver": "file", "filename": "/x", "size": 1}
        create = {"job-id": "c", "options": options}
        machine.execute("blockdev-create", create, wait=True, timeout=10)
        assert machine.execute("query-jobs") == []
    assert names(simulator) == [
        *("block-stream", "blockdev-create", "query-jobs", "job-dismiss", "query-jobs")
    ]


def test_a_job_that_fails_before_the_reply_has_its_own_error(simulate: Simulate) -> None:
    with qmpshell.connect(simulate().path) as machine:
        options = {"driver": "qcow2", "file": "nope", "size": 1}
        with pytest.raises(OutcomeError, match="JobFailed: c: Cannot find device='nope'"):
            machine.execute("blockdev-create", {"job-id": "c", "options": options}, wait=True)
        assert machine.execute("query-jobs") == []


def test_a_time_limit_is_for_the_reply_and_for_the_end(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = simulate()
    told: list[Mapping[str, Any]] = []
    with qmpshell.connect(
        simulator.path, traffic=lambda _, members: told.append(members)
    ) as machine:
        told.clear()
        let_time_pass_once(monkeypatch, lambda: any("return" in members for members in told))
        with pytest.raises(TimedOut, match=r"^device_del: not done in 0\.01 s; the guest may "):
            wait_for(machine, DEVICE_DEL, timeout=0.01)
        simulator.set_faults(Faults(held=frozenset({"device_del"})))
        simulator.received.clear()
        with pytest.raises(TimedOut, match=r"^device_del: no reply in 0\.01 s; it may still be"):
            wait_for(machine, DEVICE_DEL, timeout=0.01)
        simulator.wait_for("device_del")
        simulator.release()
        assert machine.execute("query-name") == {"name": "demo"}
        assert machine.idle


def test_a_time_limit_holds_when_a_server_contradicts_itself(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [{"id": "j", "status": "running", "type": "stream"}]
    simulator = simulate(faults=Faults(values={"block-stream": {}, "query-jobs": listed}))
    ended = {"id": "j", "status": "concluded"}
    let_time_pass_once(monkeypatch, lambda: "query-jobs" in names(simulator))
    with (
        qmpshell.connect(simulator.path) as machine,
        once_sent(simulator, "block-stream", lambda: simulator.emit("JOB_STATUS_CHANGE", ended)),
        pytest.raises(TimedOut),
    ):
        wait_for(machine, STREAM, timeout=0.3)


def test_a_connection_that_is_lost_meanwhile(simulate: Simulate) -> None:
    simulator = simulate()
    with (
        qmpshell.connect(simulator.path) as machine,
        once_sent(simulator, "device_del", simulator.drop_client),
        pytest.raises(ConnectionLost, match="the server closed it"),
    ):
        wait_for(machine, DEVICE_DEL)


def test_a_powerdown_that_ends_without_a_word_is_a_lost_connection(simulate: Simulate) -> None:
    simulator = simulate()
    with (
        qmpshell.connect(simulator.path) as machine,
        once_sent(simulator, "system_powerdown", simulator.drop_client),
        pytest.raises(ConnectionLost),
    ):
        machine.execute("system_powerdown", wait=True)


@pytest.mark.parametrize("command", ["quit", "system_powerdown"])
def test_a_machine_that_shuts_down(simulate: Simulate, command: str) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        machine.execute("cont")
        assert machine.execute(command, wait=True, timeout=10) == {}
        assert machine.closed


def test_a_machine_that_shuts_down_while_its_server_stays(simulate: Simulate) -> None:
    simulator = simulate()
    with (
        qmpshell.connect(simulator.path) as machine,
        once_sent(simulator, "system_powerdown", lambda: simulator.emit("SHUTDOWN")),
    ):
        assert machine.execute("system_powerdown", wait=True, timeout=10) == {}
        assert machine.execute("query-name")


def test_a_quit_without_a_reply_or_a_word(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"quit"})))
    with (
        qmpshell.connect(simulator.path) as machine,
        once_sent(simulator, "quit", simulator.drop_client),
    ):
        assert machine.execute("quit", wait=True) == {}


def test_a_connection_that_had_ended_before(simulate: Simulate) -> None:
    simulator = simulate()
    with qmpshell.connect(simulator.path) as machine:
        simulator.drop_client()
        with pytest.raises(ConnectionLost):
            machine.execute("query-name")
        with pytest.raises(ConnectionLost):
            machine.execute("quit", wait=True)


def migration(**members: Any) -> Faults:
    return Faults(values={"migrate": {}, "query-migrate": members})


def test_a_migration_is_polled_and_its_progress_told(simulate: Simulate) -> None:
    ram = {"total": 100, "remaining": 40, "mbps": 0}
    simulator = simulate(faults=migration(status="active", ram=ram))
    shown: list[Progress] = []
    with (
        qmpshell.connect(simulator.path) as machine,
        once_sent(
            simulator,
            "query-migrate",
            lambda: simulator.set_faults(migration(status="failed", **{"error-desc": "refused"})),
        ),
        pytest.raises(OutcomeError, match="MigrationFailed: refused"),
    ):
        wait_for(machine, MIGRATE, timeout=30, on_progress=shown.append)
    assert Progress("migration", "", 60, 100, in_bytes=True) in shown


def test_progress_of_a_job_is_asked_for_where_somebody_looks(simulate: Simulate) -> None:
    simulator = simulate()
    shown: list[Progress] = []

    def look(progress: Progress) -> None:
        shown.append(progress)
        if len(shown) == 3:
            simulator.set_faults(Faults(values={"query-jobs": []}))
            simulator.emit("JOB_STATUS_CHANGE", {"id": "b", "status": "null"})

    with qmpshell.connect(simulator.path) as machine:
        machine.execute("blockdev-add", {"driver": "null-co", "node-name": "copy"})
        backup = {
            "job-id": "b",
            "device": "scratch",
            "target": "copy",
            "sync": "full",
            "speed": 1,
        }
        members = {"execute": "blockdev-backup", "arguments": backup}
        wait_for(machine, members, on_progress=look)
    assert {progress.label for progress in shown} == {"b"}
    assert shown[0].total == 2**30


def test_an_interrupt_gives_up_waiting_and_nothing_else(simulate: Simulate) -> None:
    simulator = simulate()
    interrupt = Interrupt()
    with qmpshell.connect(simulator.path) as machine:
        machine.heed(interrupt)
        with (
            interrupt.catching_sigint(),
            once_sent(simulator, "device_del", lambda: os.kill(os.getpid(), signal.SIGINT)),
            pytest.raises(KeyboardInterrupt),
        ):
            wait_for(machine, DEVICE_DEL)
        assert machine.execute("query-name") == {"name": "demo"}
        assert machine.idle
    interrupt.close()
