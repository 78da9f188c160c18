"""The programs. Only this package imports click.

``shell``, ``wrap``, ``one_shot``, ``qom`` and ``machine_list`` are the programs; ``program``
runs them and turns exceptions into statuses. ``session`` chooses between ``batch``, which runs
lines without a prompt, and ``interactive``, which opens one; ``launch`` and ``demo`` start
machines. ``tool`` is what the programs that never have a prompt share. ``completion`` answers
other shells' Tab.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from qmpshell.cli.completion import answer_tab
from qmpshell.cli.ending import QuickEnd
from qmpshell.cli.starting import begin_starting


def qmp_shell() -> None:
    """Run the program ``qmp-shell``."""
    _run("qmp-shell")


def qmp_shell_wrap() -> None:
    """Run the program ``qmp-shell-wrap``."""
    _run("qmp-shell-wrap")


def qmp() -> None:
    """Run the program ``qmp``."""
    _run("qmp")


def qom_list() -> None:
    """Run the program ``qom-list``."""
    _run("qom-list")


def qom_get() -> None:
    """Run the program ``qom-get``."""
    _run("qom-get")


def qom_set() -> None:
    """Run the program ``qom-set``."""
    _run("qom-set")


def qom_tree() -> None:
    """Run the program ``qom-tree``."""
    _run("qom-tree")


def qmp_list() -> None:
    """Run the program ``qmp-list``."""
    _run("qmp-list")


def _run(program: str) -> NoReturn:
    begin_starting()
    end = QuickEnd()
    try:
        answer_tab(program)
        status = _main_of(program)(sys.argv[1:], os.environ)
    except KeyboardInterrupt:
        # Ctrl-C while we were still being imported.
        status = 130
    end.status = status
    sys.exit(status)


def _main_of(program: str) -> Callable[[Sequence[str], Mapping[str, str]], int]:
    """Import a program, and nothing that only the others need."""
    if program == "qmp-shell":
        from qmpshell.cli import shell

        return shell.main
    if program == "qmp-shell-wrap":
        from qmpshell.cli import wrap

        return wrap.main
    if program == "qmp":
        from qmpshell.cli import one_shot

        return one_shot.main
    if program == "qmp-list":
        from qmpshell.cli import machine_list

        return machine_list.main
    from qmpshell.cli import qom

    return functools.partial(qom.main, program)
