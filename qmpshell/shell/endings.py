"""The commands that end, reset or stun a machine at once: the one table of them.

They need no arguments, so a slip of the fingers is enough. A person who types ``quit``
mostly wants to leave the shell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmpshell.named_tuple import NamedTuple


class Ending(NamedTuple):
    """A command that a person is asked about.

    Attributes:
        name: how it was typed.
        does: what it does; the machine's name follows.
    """

    name: str
    does: str

    @property
    def may_mean_leaving(self) -> bool:
        """Whether a person who typed it may only have wanted to leave the shell."""
        return self.does == _ENDS


_ENDS = "ends"
_RESETS = "resets"
_PRESSES = "presses the power button of"
_INTERRUPTS = "sends an NMI, which crashes most guests, to"
_SUSPENDS = "puts to sleep the guest of"

#: Of QMP, and of the guest agent.
QMP = {
    "quit": _ENDS,
    "system_powerdown": _PRESSES,
    "system_reset": _RESETS,
    "inject-nmi": _INTERRUPTS,
    "guest-shutdown": "shuts down the guest of",
    "guest-suspend-disk": _SUSPENDS,
    "guest-suspend-ram": _SUSPENDS,
    "guest-suspend-hybrid": _SUSPENDS,
}

#: Of the human monitor, with their short forms. There are no others: it takes no
#: abbreviations, and upper case is unknown to it (tried on 7.2).
HMP = {
    "quit": _ENDS,
    "q": _ENDS,
    "system_powerdown": _PRESSES,
    "system_reset": _RESETS,
    "nmi": _INTERRUPTS,
}


def ending_of(members: Mapping[str, Any]) -> Ending | None:
    """Return what a request does to the machine, if it is in the table.

    Parameters:
        members: the request, in band or out of band.
    """
    for key in ("execute", "exec-oob"):
        match members.get(key), members.get("arguments"):
            case "human-monitor-command", {"command-line": str(line)}:
                return ending_of_hmp(line)
            case str(name), _ if name in QMP:
                return Ending(name, QMP[name])
    return None


def ending_of_hmp(line: str) -> Ending | None:
    """Return what a line of HMP does to the machine, if it is in the table."""
    name = hmp_name(line)
    return Ending(name, HMP[name]) if name in HMP else None


def hmp_name(line: str) -> str:
    """Return the name of HMP's command, which a slash ends as a blank does: ``p/x 5``.

    That was tried on 7.2.
    """
    words = line.replace("/", " ").split(maxsplit=1)
    return words[0] if words else ""
