"""The human monitor (HMP), reached through QMP's ``human-monitor-command``."""

from __future__ import annotations

import re
from typing import Any

#: A line of ``help``: ``name|alias arguments -- text``. Continuation lines begin with a
#: tab, and ``info`` topics have ``info`` in front (tried on 7.2).
_HELP_LINE = re.compile(r"(?:info )?([a-z0-9_+|-]+)", re.IGNORECASE)


def hmp_request(line: str, cpu_index: int = 0) -> dict[str, Any]:
    """Return the request that runs one line of HMP.

    Its reply is a text, also for an error of HMP's own; only what QMP itself refuses,
    such as the index of no CPU, is an error reply.

    Parameters:
        line: the line, as typed at a human monitor.
        cpu_index: the CPU that commands such as ``info registers`` are about. HMP's own
            ``cpu N`` doesn't last from one call to the next, so it must be given here.
    """
    arguments = {"command-line": line, "cpu-index": cpu_index}
    return {"execute": "human-monitor-command", "arguments": arguments}


def names_from_help(text: str) -> list[str]:
    """Read the commands' names from the text of ``help`` or ``help info``.

    Parameters:
        text: what HMP answered.

    Returns:
        Each name and alias, sorted; an alias of one letter is left out.
    """
    names: set[str] = set()
    for line in text.splitlines():
        if found := _HELP_LINE.match(line):
            names.update(name for name in found[1].split("|") if len(name) > 1)
    return sorted(names)
