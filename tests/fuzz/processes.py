"""Programs as a person starts them, whose server goes wrong anywhere."""

import os
import random
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from qmpshell.simulator import Simulator
from tests.faults.kinds import AT_A_BYTE, TO_A_MESSAGE, ByteFault, Fault, MessageFault
from tests.fuzz.tally import Tally

#: More bytes and messages than these sessions have; what lies behind them is no fault.
_BYTES = 3000
_MESSAGES = 30

_LINES = """\
query-status --timeout 0.3
query-name --timeout 0.3
cont --timeout 0.3
device_del tab --wait --timeout 1
device_del nope --timeout 0.3
query-block --timeout 0.3 --output table
blockdev-backup job-id=j device=scratch target=scratch sync=full --wait --timeout 0.3
quit --timeout 0.3
"""


def look(tally: Tally, seed: int) -> None:
    """Run one after the other."""
    rolled = random.Random(seed)
    while not tally.over:
        with tempfile.TemporaryDirectory() as folder:
            name, fault = _any_fault(rolled)
            tally.attempt(name, partial(_run, Path(folder), fault))


def _any_fault(rolled: random.Random) -> tuple[str, Fault]:
    if rolled.random() < 0.7:
        kind, place = rolled.choice(list(AT_A_BYTE)), rolled.randrange(_BYTES)
        return f"{kind} at byte {place}", ByteFault(AT_A_BYTE[kind], place)
    kind, place = rolled.choice(list(TO_A_MESSAGE)), rolled.randrange(_MESSAGES)
    return f"message {place} {kind}", MessageFault(TO_A_MESSAGE[kind], place)


def _run(folder: Path, fault: Fault) -> None:
    with Simulator(folder / "sim", faults=fault.faults()) as simulator:
        done = subprocess.run(
            [
                *(sys.executable, "-c", "import qmpshell.cli; qmpshell.cli.qmp_shell()"),
                *("--keep-going", "--connect-timeout", "0.5", simulator.path),
            ],
            input=_LINES.encode(),
            env={**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": ""},
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert done.returncode in (0, 1, 2, 3, 4), done
    assert b"Traceback" not in done.stderr, done
