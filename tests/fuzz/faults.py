"""Every fault at every byte and with every message, in sessions and programs of this process."""

import itertools
import random
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults import test_client, test_programs
from tests.faults.kinds import AT_A_BYTE, TO_A_MESSAGE, ByteFault, Fault, MessageFault
from tests.faults.programs import PROGRAMS
from tests.faults.virtual import VirtualMachines
from tests.fuzz.tally import Tally

Attempt = tuple[str, Callable[[], object]]


def every_fault(counter: Fault) -> Iterator[tuple[str, Fault]]:
    """Yield each, with its name.

    Parameters:
        counter: knows how much a server says.
    """
    for (kind, spoil), place in itertools.product(AT_A_BYTE.items(), range(counter.count)):
        yield f"{kind} at byte {place}", ByteFault(spoil, place)
    for (kind, change), place in itertools.product(TO_A_MESSAGE.items(), range(counter.documents)):
        yield f"message {place} {kind}", MessageFault(change, place)


def look(tally: Tally, seed: int) -> None:
    """Try them in any order."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        machines = VirtualMachines(patch)
        attempts = [*_sessions(machines), *_programs(machines, Path(folder))]
        random.Random(seed).shuffle(attempts)
        for name, work in attempts:
            if tally.over:
                return
            tally.attempt(name, work)


def _sessions(machines: VirtualMachines) -> Iterator[Attempt]:
    counter = Fault()
    right = test_client.suffer(machines, counter)

    def work(fault: Fault) -> None:
        test_client.check(right, test_client.suffer(machines, fault))

    for name, fault in every_fault(counter):
        yield f"a session: {name}", partial(work, fault)


def _programs(machines: VirtualMachines, folder: Path) -> Iterator[Attempt]:
    for title, program in PROGRAMS.items():
        counter = Fault()
        test_programs.check(machines, program, counter, folder)
        for name, fault in every_fault(counter):
            work = partial(test_programs.check, machines, program, fault, folder)
            yield f"{title}: {name}", work
