"""Attempts until one succeeds: how far apart, what ends them, and that none of them blocks."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.address import Address, TCPAddress, UnixAddress
from qmpshell.client import Client
from qmpshell.client.connector import Connector
from qmpshell.client.retry import Retry
from qmpshell.errors import ConnectError, NoAnswer, NobodyListens, NotQMP, WrongAddress
from qmpshell.simulator import Simulator
from qmpshell.simulator.faults import CLOSES_AT_ONCE, HMP, Faults
from tests.real_qemu import RealQEMU, free_port
from tests.standing_time import let_time_pass_once

Simulate = Callable[..., Simulator]


class Clock:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def connect(retry: Retry) -> Client:
    """Go on until there is a connection, without minding how long one should wait."""
    while (client := retry.go_on()) is None:
        pass
    return client


def fail(retry: Retry) -> ConnectError:
    """Go on until an attempt has failed."""
    retry.failure = None
    while retry.failure is None:
        assert retry.go_on() is None
    return retry.failure


def test_the_attempts_are_ever_further_apart(tmp_path: Path) -> None:
    clock = Clock()
    retry = Retry(Connector(UnixAddress(f"{tmp_path}/none")), clock)
    pauses = []
    for _ in range(9):
        assert isinstance(fail(retry), NobodyListens)
        pauses.append(round(retry.pause, 3))
        clock.time += retry.pause / 2
        assert retry.go_on() is None
        clock.time += retry.pause
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


def test_nothing_is_tried_before_its_time(tmp_path: Path, simulate: Simulate) -> None:
    clock = Clock()
    retry = Retry(Connector(UnixAddress(f"{tmp_path}/sim1")), clock)
    fail(retry)
    simulate()
    assert retry.go_on() is None
    clock.time += 0.1
    with connect(retry) as client:
        assert client.execute("query-name") == {"name": "demo"}


def test_a_real_qemu_that_is_killed_and_another_one_at_its_place(tmp_path: Path) -> None:
    with RealQEMU(tmp_path) as first:
        retry = Retry(Connector(UnixAddress(first.socket)))
        connect(retry).close()
    retry.lost()
    assert isinstance(fail(retry), NobodyListens)
    with RealQEMU(tmp_path, "-name", "web2"), connect(retry) as client:
        assert client.execute("query-name") == {"name": "web2"}


def test_a_server_that_lets_us_in_and_leaves_at_once_is_not_asked_without_a_break(
    simulate: Simulate,
) -> None:
    clock = Clock()
    retry = Retry(Connector(UnixAddress(simulate().path)), clock)
    pauses = []
    for _ in range(4):
        connect(retry).close()
        retry.lost()
        pauses.append(round(retry.pause, 3))
        clock.time += retry.pause
    connect(retry).close()
    clock.time += 60
    retry.lost()
    assert [*pauses, round(retry.pause, 3)] == [0.1, 0.2, 0.4, 0.8, 0.1]


def test_a_monitor_that_another_client_holds_is_had_when_that_leaves(qemu: RealQEMU) -> None:
    retry = Retry(Connector(UnixAddress(qemu.socket), timeout=60))
    with qmpshell.connect(qemu.socket):
        for _ in range(100):
            assert retry.go_on() is None
        assert retry.failure is None
    with connect(retry) as client:
        assert client.execute("query-name") == {"name": "web1"}


def test_an_attempt_is_looked_at_ever_more_rarely(qemu: RealQEMU) -> None:
    clock = Clock()
    retry = Retry(Connector(UnixAddress(qemu.socket), timeout=60), clock)
    pauses = []
    with qmpshell.connect(qemu.socket):
        for _ in range(8):
            assert retry.go_on() is None
            pauses.append(round(retry.pause, 3))
            clock.time += retry.pause
    retry.close()
    assert pauses == [0.001, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.05]


def test_silence_is_a_failure_in_the_end(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"qmp_capabilities"})))
    let_time_pass_once(monkeypatch, lambda: simulator.received)
    retry = Retry(Connector(UnixAddress(simulator.path), timeout=0.05))
    error = fail(retry)
    assert isinstance(error, NoAnswer)
    assert error.greeted


def test_a_server_that_is_ending_is_tried_again(simulate: Simulate) -> None:
    simulator = simulate(faults=CLOSES_AT_ONCE)
    retry = Retry(Connector(UnixAddress(simulator.path)))
    assert "before its greeting" in str(fail(retry))
    simulator.set_faults(Faults())
    connect(retry).close()


def test_what_cannot_heal_ends_the_attempts(simulate: Simulate, tmp_path: Path) -> None:
    retry = Retry(Connector(UnixAddress(simulate(faults=HMP).path)))
    with pytest.raises(NotQMP):
        connect(retry)
    (tmp_path / "file").touch()
    with pytest.raises(WrongAddress):
        connect(Retry(Connector(UnixAddress(f"{tmp_path}/file"))))
    with pytest.raises(WrongAddress):
        Retry(Connector(TCPAddress("no-such-host.invalid", 4444)))


def test_without_a_greeting(tmp_path: Path) -> None:
    path = str(tmp_path / "agent")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        connect(Retry(Connector(UnixAddress(path), negotiate=False))).close()


def test_tcp(tmp_path: Path) -> None:
    port = free_port()
    retry = Retry(Connector(TCPAddress("127.0.0.1", port)))
    assert str(fail(retry)).startswith(f"tcp:127.0.0.1:{port}: refused")
    with (
        RealQEMU(tmp_path, "-qmp", f"tcp:127.0.0.1:{port},server=on,wait=off"),
        connect(retry) as client,
    ):
        assert client.execute("query-name") == {"name": "web1"}


def test_a_host_that_does_not_answer_blocks_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = TCPAddress("127.0.0.1", server.getsockname()[1])
        # The queue has room for one; what comes behind it is dropped, as by a dead host.
        with socket.create_connection(server.getsockname()):
            patient = Retry(Connector(address, timeout=1000))
            assert patient.go_on() is None
            assert patient.failure is None
            patient.close()
            assert "no answer in 0.05 s" in str(fail(Retry(Connector(address, timeout=0.05))))


def test_all_of_a_hosts_addresses_are_tried(
    simulate: Simulate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses: list[Address] = [UnixAddress(f"{tmp_path}/none"), UnixAddress(simulate().path)]
    monkeypatch.setattr("qmpshell.client.retry.every_address", lambda _: addresses)
    clock = Clock()
    retry = Retry(Connector(TCPAddress("two.example", 4444)), clock)
    fail(retry)
    assert retry.pause == 0
    connect(retry).close()
