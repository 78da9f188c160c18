"""The socket: one client at a time, nothing left behind, nothing removed that was there."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from qmpshell.simulator import ManualClock, Simulator
from qmpshell.simulator.clock import Timetable, host_clock


def test_a_second_client_waits_in_silence_until_the_first_leaves(simulator, wire, connect):
    second = connect(simulator)
    second.send(b'{"execute": "qmp_capabilities", "id": "second"}')
    wire.do("query-name")
    second.socket.settimeout(0)
    with pytest.raises(BlockingIOError):
        second.socket.recv(1)
    second.socket.settimeout(30)
    wire.socket.close()
    assert "QMP" in second.message()
    assert second.message() == {"return": {}, "id": "second"}


def test_no_more_than_two_wait(simulator, wire, connect):
    waiting = [connect(simulator), connect(simulator)]
    with socket.socket(socket.AF_UNIX) as late:
        late.settimeout(0)
        with pytest.raises(BlockingIOError):
            late.connect(simulator.path)
    assert len(waiting) == 2


def test_half_a_request_does_not_reach_the_next_client(simulator, wire, connect):
    wire.send(b'{"execute": "query-na')
    wire.socket.close()
    second = connect(simulator)
    assert second.negotiate().do("query-name") == {"name": "demo"}


def test_the_machine_lives_on_between_clients_and_the_negotiation_does_not(
    simulator, wire, connect
):
    wire.do("cont")
    wire.socket.close()
    second = connect(simulator)
    second.line()
    assert second.refused("query-status").startswith("CommandNotFound")
    second.do("qmp_capabilities")
    assert second.do("query-status")["status"] == "running"


def test_a_client_that_stops_sending_gets_its_reply_and_then_the_end(wire):
    wire.send(b'{"execute": "query-name"}')
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.rest().strip() == b'{"return": {"name": "demo"}}'


def test_a_client_that_leaves_without_reading_does_no_harm(simulator, wire, connect):
    wire.send(b'{"execute": "query-qmp-schema"}' * 100)
    wire.socket.close()
    assert "QMP" in connect(simulator).message()


def test_a_client_that_does_not_read_can_not_keep_the_server_from_ending(simulator, wire):
    wire.send(b'{"execute": "query-qmp-schema"}' * 10 + b'{"execute": "quit"}')
    simulator.wait_until_ended()


def test_a_client_is_dropped(simulator, wire, connect):
    simulator.drop_client()
    assert wire.rest().strip() == b""
    assert "QMP" in connect(simulator).message()


def test_what_was_received_can_be_looked_at(simulator, wire):
    wire.ask("query-name")
    wire.ask("nosuch", a=[1])
    assert simulator.received[1:] == [
        {"execute": "query-name", "arguments": {}},
        {"execute": "nosuch", "arguments": {"a": [1]}},
    ]
    assert simulator.wait_for("nosuch") == simulator.received[2]


def test_sigterm_is_told_and_stop_is_not(simulator, wire):
    simulator.terminate()
    assert wire.message()["data"] == {"guest": False, "reason": "host-signal"}
    assert wire.rest() == b"\r\n"


def test_it_leaves_nothing_behind(path, connect):
    with Simulator(path) as simulator:
        wire = connect(simulator)
        assert os.path.exists(path)
    assert wire.rest().count(b"\n") <= 1
    assert os.listdir(os.path.dirname(path)) == []
    assert not simulator._thread.is_alive()
    with pytest.raises(AssertionError, match="has ended"):
        simulator.emit("STOP")


def test_what_is_asked_of_a_server_without_a_client_fails_in_the_test(simulator):
    with pytest.raises(AssertionError, match="no client"):
        simulator.send_raw(b"x")
    with pytest.raises(AssertionError, match="no command is held"):
        simulator.release()


@pytest.mark.parametrize("make", [os.mkdir, lambda path: open(path, "x").close()])
def test_something_that_is_there_is_left_alone(path, make):
    make(path)
    before = os.lstat(path)
    with pytest.raises(FileExistsError):
        Simulator(path).start()
    assert os.lstat(path) == before


def test_a_socket_that_is_there_is_left_alone(simulator, connect):
    with pytest.raises(FileExistsError):
        Simulator(simulator.path).start()
    assert "QMP" in connect(simulator).message()


def test_a_socket_that_took_its_place_is_left_alone(path):
    with Simulator(path) as first:
        os.rename(path, path + "-old")
        with Simulator(path):
            first.stop()
            assert os.path.exists(path)
    assert os.path.exists(path + "-old")


def test_a_path_beyond_the_systems_limit(tmp_path):
    folder = tmp_path / ("d" * 100) / ("e" * 100)
    folder.mkdir(parents=True)
    with Simulator(folder / "s"):
        assert (folder / "s").is_socket()
    assert list(folder.iterdir()) == []


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "qmpshell.simulator", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


class Connected:
    """Stands for a simulator in another process."""

    def __init__(self, path):
        self.path = path


@pytest.fixture
def process(path, connect):
    """A simulator in a process, and a client that it has greeted."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qmpshell.simulator", path],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        while True:
            try:
                wire = connect(Connected(path))
                break
            except (FileNotFoundError, ConnectionRefusedError):
                assert process.poll() is None, process.stdout.read()
        yield process, wire.negotiate()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_program_ends_on_a_signal(process, path, number):
    process, wire = process
    process.send_signal(number)
    assert wire.message()["data"]["reason"] == "host-signal"
    assert process.communicate(timeout=30) == (b"", None)
    assert process.returncode == 0
    assert not os.path.exists(path)


def test_the_program_ends_on_quit(process, path):
    process, wire = process
    wire.do("quit")
    assert process.communicate(timeout=30) == (b"", None)
    assert process.returncode == 0
    assert not os.path.exists(path)


def test_the_program_refuses_a_path_that_exists(tmp_path):
    (tmp_path / "file").write_text("kept")
    ended = run(str(tmp_path / "file"))
    assert (ended.returncode, ended.stdout) == (1, "")
    expected = f"qmpshell.simulator: {tmp_path}/file: something is there already\n"
    assert ended.stderr == expected
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("path", ["no/such/folder/s", "n" * 300])
def test_the_program_refuses_a_path_that_can_not_be(tmp_path, path):
    ended = run(str(tmp_path / path))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"qmpshell.simulator: {tmp_path}/{path}: ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--help"]])
def test_the_program_tells_how_it_is_used(arguments):
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "usage: python -m qmpshell.simulator SOCKET-PATH\n"


def test_what_is_due_happens_in_order_and_at_its_own_time():
    clock = ManualClock(100.0)
    timetable = Timetable(clock)
    happened = []

    def note(name):
        return lambda: happened.append((name, timetable.now()))

    timetable.later(2, note("second"))
    timetable.later(1, note("first"))
    timetable.later(1, lambda: timetable.later(0.5, note("between")))
    timetable.cancel(timetable.later(1, note("never")))
    timetable.later(10, note("not yet"))
    clock.advance(5)
    timetable.run_due()
    assert happened == [("first", 101.0), ("between", 101.5), ("second", 102.0)]
    assert timetable.now() == 105.0
    assert timetable.next_due() == 110.0


def test_the_hosts_clock_goes_forward():
    assert host_clock() <= host_clock()
