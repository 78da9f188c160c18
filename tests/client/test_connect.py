from collections.abc import Callable

import pytest

import qmpshell
from qmpshell.errors import AddressError, ConnectError
from qmpshell.simulator import Faults, Simulator
from qmpshell.simulator.documents import Layout
from qmpshell.simulator.faults import HOPELESS, event_bytes
from tests.standing_time import let_time_pass_once

Simulate = Callable[..., Simulator]

REASONS = {
    "silent": "listens there, which is no QEMU",
    "closes-at-once": "ended: the server closed it, before its greeting",
    "half-greeting": "the greeting began and didn't end in time",
    "half-greeting-then-closes": "in the middle of a message",
    "http": "this is a web server",
    "hmp": "this is a human monitor",
    "binary": "not QMP",
    "array": r"not QMP: '\[1,2\]",
    "strange-object": "not a QMP message: '{\"hello\": 1}'",
    "deep": r"not QMP: '\[\[\[\[",
    "refuses-negotiation": "refuses qmp_capabilities: GenericError: no capabilities today",
}


#: Those that say nothing more; the others have all the time they need.
SILENT = ("silent", "half-greeting")


@pytest.mark.parametrize("kind", HOPELESS)
def test_servers_that_cannot_be_worked_with(simulate: Simulate, kind: str) -> None:
    path = simulate(faults=HOPELESS[kind]).path
    with pytest.raises(ConnectError, match=REASONS[kind]) as caught:
        qmpshell.connect(path, timeout=0.3 if kind in SILENT else 30)
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith(f"unix:{path}: ")


def test_a_second_client_is_told_of_the_first(simulate: Simulate) -> None:
    path = simulate().path
    with (
        qmpshell.connect(path),
        pytest.raises(ConnectError, match="serves .*: one client at a time"),
    ):
        qmpshell.connect(path, timeout=0.05)


def test_a_negotiation_that_waits_for_the_client_before(
    simulate: Simulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"qmp_capabilities"})))
    let_time_pass_once(monkeypatch, lambda: simulator.received)
    with pytest.raises(ConnectError, match="a command of the client before"):
        qmpshell.connect(simulator.path, timeout=0.05)


def test_no_time_limit(simulate: Simulate) -> None:
    with qmpshell.connect(simulate().path, timeout=None) as machine:
        assert machine.execute("query-name")


@pytest.mark.parametrize("layout", Layout)
def test_documents_in_any_layout(simulate: Simulate, layout: Layout) -> None:
    with qmpshell.connect(simulate(faults=Faults(layout=layout)).path) as machine:
        assert machine.execute("query-name") == {"name": "demo"}
        assert len(machine.execute("query-qmp-schema")) > 1000


def test_an_event_before_the_negotiation_is_answered(simulate: Simulate) -> None:
    faults = Faults(inject={1: event_bytes("STOP")})
    with qmpshell.connect(simulate(faults=faults).path) as machine:
        assert machine.wait_event("STOP", timeout=0).name == "STOP"


def test_without_negotiation_nothing_is_awaited(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(cut_after=0))
    # With a greeting to wait for, this would not return before the test's own time is over.
    qmpshell.connect(simulator.path, negotiate=False, timeout=1000).close()


def test_a_wrong_address() -> None:
    with pytest.raises(AddressError):
        qmpshell.connect("tcp:nowhere")
