"""The table of the commands that the simulator does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmpshell.simulator.machine import Machine

#: Gets the machine and arguments that the schema allows; returns what QEMU would, or
#: ``None`` for a command that has nothing to say.
Handler = Callable[[Machine, dict[str, Any]], Any]

HANDLERS: dict[str, Handler] = {}


def command(*names: str) -> Callable[[Handler], Handler]:
    """Enter a function into the table.

    Parameters:
        names: the commands that it does.
    """

    def enter(handler: Handler) -> Handler:
        for name in names:
            HANDLERS[name] = handler
        return handler

    return enter
