"""A session whose server goes wrong at any byte, or with any message.

Whatever it is: no exception but ours, no wait without an end, and what comes after the
fault is right, or the connection is over and says so.
"""

import itertools

import pytest

from qmpshell.errors import ConnectionLost, TimedOut
from qmpshell.simulator import recorded
from tests.faults.kinds import AT_A_BYTE, HARMLESS, TO_A_MESSAGE, ByteFault, Fault, MessageFault
from tests.faults.session import SCHEMA, Outcome, run_session
from tests.faults.virtual import VirtualMachines

#: How a connection says that there is no reply.
ENDED = (ConnectionLost, TimedOut)

#: At each byte one of these, in turn; each of the others at each byte.
TAKE_TURNS = [kind for kind in AT_A_BYTE if kind not in ("the end", "silence")]


def suffer(machines: VirtualMachines, fault: Fault, schema: object = SCHEMA) -> list[Outcome]:
    machines.suffer(fault.faults(values={"query-qmp-schema": schema}))
    return run_session(lambda: fault.struck)


def check(right: list[Outcome], outcomes: list[Outcome]) -> None:
    """What comes before the fault is right; what comes behind it is, too, or nothing comes."""
    hit = [outcome.spoilt for outcome in outcomes].index(True)
    for number, outcome in enumerate(outcomes):
        if number > hit and outcome.kind is not None and issubclass(outcome.kind, ENDED):
            continue
        assert number == hit or outcome[:-1] == right[number][:-1]


def test_without_a_fault_all_is_well(machines: VirtualMachines) -> None:
    outcomes = suffer(machines, Fault())
    failed = [outcome.error for outcome in outcomes if outcome.error]
    assert failed == ["DeviceNotFound: Device 'nope' not found"]
    assert suffer(machines, Fault()) == outcomes


@pytest.mark.parametrize(
    "kinds", [["the end"], ["silence"], TAKE_TURNS], ids=["the end", "silence", "in turns"]
)
def test_a_fault_at_every_byte(machines: VirtualMachines, kinds: list[str]) -> None:
    counter = Fault()
    right = suffer(machines, counter)
    for place, kind in zip(range(counter.count), itertools.cycle(kinds), strict=False):
        fault = ByteFault(AT_A_BYTE[kind], place)
        check(right, suffer(machines, fault))


@pytest.mark.parametrize("kind", TO_A_MESSAGE)
def test_a_fault_of_every_message(machines: VirtualMachines, kind: str) -> None:
    counter = Fault()
    right = suffer(machines, counter)
    for place in range(counter.documents):
        fault = MessageFault(TO_A_MESSAGE[kind], place)
        outcomes = suffer(machines, fault)
        check(right, outcomes)
        if kind in HARMLESS and place > 0:
            assert [had[:-1] for had in outcomes] == [had[:-1] for had in right[: len(outcomes)]]


@pytest.mark.parametrize("kind", AT_A_BYTE)
def test_a_fault_in_the_middle_of_a_real_schema(machines: VirtualMachines, kind: str) -> None:
    counter = Fault()
    right = suffer(machines, counter, recorded.schema())
    for place in range(1000, counter.count, counter.count // 3):
        fault = ByteFault(AT_A_BYTE[kind], place)
        check(right, suffer(machines, fault, recorded.schema()))
