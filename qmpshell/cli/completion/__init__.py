"""What the programs answer when another shell's Tab asks them: bash's, zsh's, fish's.

``answer`` begins and ends it, ``limit`` keeps it short, ``shells`` is click's mechanism with
our scripts (``scripts``). ``command_line`` reads what is typed there; ``programs`` says, for
each program, what fits: ``shell_words``, ``wrap_words`` and ``tool_words``, and for all of them
``addresses`` and ``paths``. ``machine`` asks a running machine, ``cursor`` what for.
"""

from __future__ import annotations

import os
import sys


def answer_tab(program: str) -> None:
    """End with an answer if a shell asks what fits at its cursor; do nothing otherwise.

    It asks in the manner of click: by ``_QMP_SHELL_COMPLETE=bash_complete`` in the environment,
    and ``bash_source`` for the script that does so.

    Parameters:
        program: the program's name.
    """
    variable = variable_of(program)
    instruction = os.environ.get(variable)
    if instruction:
        from qmpshell.cli.completion.answer import answer

        sys.exit(answer(program, variable, instruction))


def variable_of(program: str) -> str:
    """Return the variable of the environment with which a shell asks a program."""
    return f"_{program.replace('-', '_')}_COMPLETE".upper()
