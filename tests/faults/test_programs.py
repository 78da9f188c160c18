"""Programs whose server goes wrong: a status, a line that says why, and nothing else."""

import itertools
from pathlib import Path

import pytest

from tests.faults.kinds import AT_A_BYTE, TO_A_MESSAGE, ByteFault, Fault, MessageFault
from tests.faults.programs import PROGRAMS, Program, is_harmless, small_schema
from tests.faults.virtual import VirtualMachines

#: The person's Ctrl-C ends what has no time limit of its own.
INTERRUPTED = 130

#: All faults take turns, and about so many are tried.
MANY = 150


def every_fault(counter: Fault) -> list[Fault]:
    kinds = itertools.cycle(AT_A_BYTE.values())
    changes = itertools.product(range(counter.documents), TO_A_MESSAGE.values())
    return [
        *(ByteFault(kind, place) for place, kind in zip(range(counter.count), kinds, strict=False)),
        *(MessageFault(change, place) for place, change in changes),
    ]


def check(machines: VirtualMachines, program: Program, fault: Fault, home: Path) -> None:
    machines.suffer(fault.faults(values=small_schema()))
    status, out, err = program.run({"HOME": str(home)})
    assert status in (0, 1, 2, 3, 4) or (status == INTERRUPTED and not program.limited)
    assert is_harmless(out.replace("\r\n", "\n"))
    assert is_harmless(err)
    assert "Traceback" not in err
    assert bool(err) or status in (0, INTERRUPTED)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_whose_server_goes_wrong(
    machines: VirtualMachines, name: str, tmp_path: Path
) -> None:
    program = PROGRAMS[name]
    counter = Fault()
    check(machines, program, counter, tmp_path)
    faults = every_fault(counter)
    for fault in faults[:: len(faults) // MANY]:
        check(machines, program, fault, tmp_path)
