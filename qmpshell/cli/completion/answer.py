"""The answer to a shell that asks: soon, or none; and never a word about why."""

from __future__ import annotations

import contextlib
import os

from qmpshell.cli.completion.limit import output_within
from qmpshell.client.deadline import Deadline
from qmpshell.transport import LONGEST_SECONDS

#: How long a person who pressed Tab waits at most, in seconds. Python's start comes on top.
LIMIT_SECONDS = 0.8

#: What sets another limit: for a machine far away, or a slow one.
LIMIT_VARIABLE = "QMP_COMPLETION_SECONDS"

#: The part of it after which no machine is waited for any more: what is known without it is
#: still to be written.
_PART_FOR_MACHINE = 0.8


def answer(program: str, variable: str, instruction: str) -> int:
    """Answer what a shell asks; return the exit status.

    Parameters:
        program: the program's name.
        variable: the variable of the environment that asks.
        instruction: its value: a shell's name and ``_complete``, or ``_source``.
    """
    limit = _limit()
    deadline = Deadline(limit * _PART_FOR_MACHINE)

    def work() -> int:
        from qmpshell.cli.completion.shells import answer_shell

        return answer_shell(program, variable, instruction, deadline)

    if not instruction.endswith("_complete"):
        return work()
    output = output_within(limit, work)
    with contextlib.suppress(OSError), open(1, "wb", buffering=0, closefd=False) as out:
        out.write(output)
    return os.EX_OK


def _limit() -> float:
    try:
        seconds = float(os.environ.get(LIMIT_VARIABLE, LIMIT_SECONDS))
    except ValueError:
        return LIMIT_SECONDS
    return min(seconds, LONGEST_SECONDS) if seconds > 0 else LIMIT_SECONDS
