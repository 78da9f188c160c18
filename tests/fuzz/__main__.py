"""``python -m tests.fuzz [SECONDS] [PART...]``: look for what goes wrong.

Without a PART, each has its share of the time, which is ten minutes if not given.
"""

import random
import sys
from collections.abc import Callable, Mapping

from tests.fuzz import faults, processes, properties, screens
from tests.fuzz.tally import Tally

PARTS: Mapping[str, Callable[[Tally, int], None]] = {
    "faults": faults.look,
    "processes": processes.look,
    "properties": properties.look,
    "screens": screens.look,
}


def main(arguments: list[str]) -> int:
    """Look, and say what was found; return the exit status.

    Parameters:
        arguments: of the command line, without the program's name.
    """
    seconds = float(arguments[0]) if arguments else 600.0
    parts = arguments[1:] or list(PARTS)
    failures = 0
    for part in parts:
        seed = random.randrange(2**32)
        tally = Tally(seconds / len(parts))
        PARTS[part](tally, seed)
        print(f"{part}, seed {seed}: {tally.tried} tried, {len(tally.failed)} failed", flush=True)
        for how, name in tally.failed.items():
            print(f"\n{name}\n{how}", flush=True)
        failures += len(tally.failed)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
