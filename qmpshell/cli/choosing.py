"""``qmp-shell`` without an address: the machines that run here, and one of them chosen."""

from __future__ import annotations

import sys

from qmpshell.address import Address
from qmpshell.client.machines import Language, find_machines
from qmpshell.client.machines.text import HEADER, aligned, is_choosable, rows
from qmpshell.errors import UsageError


def choose_address(language: Language, *, interactive: bool) -> Address:
    """Let the person choose one of the monitors that could be connected to.

    It is asked even if there is only one: what a command does mustn't depend on how many
    machines happen to run, and who is connected keeps others out.

    Parameters:
        language: what is to be spoken.
        interactive: whether a person is there to ask. Otherwise the list is shown only.

    Raises:
        UsageError: nobody is there to ask, or there is nothing to choose.
        KeyboardInterrupt: the person doesn't want any.
    """
    table = [HEADER, *rows(find_machines())]
    lines = aligned(table)
    monitors = {
        number: row.monitor
        for number, row in enumerate(table)
        if row.monitor and is_choosable(row.monitor, language)
    }
    if not interactive or not monitors:
        if len(table) > 1:
            print(*lines, sep="\n", file=sys.stderr)
        raise UsageError(
            "no address: give a monitor's socket or HOST:PORT, or set $QMP_SOCKET;"
            " `qmp-shell demo` starts a machine to try"
        )
    from qmpshell.shell.picker import pick

    return monitors[pick(lines, list(monitors))].address
