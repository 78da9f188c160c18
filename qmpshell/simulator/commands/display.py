"""Commands about the screen: it shows eight bars of colour."""

from __future__ import annotations

from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator.commands.table import command
from qmpshell.simulator.machine import Machine

_WIDTH, _HEIGHT = 640, 480

_BARS = ("c0c0c0", "c0c000", "00c0c0", "00c000", "c000c0", "c00000", "0000c0", "000000")


@command("screendump")
def _screendump(machine: Machine, arguments: dict[str, Any]) -> None:
    if "device" in arguments:
        raise CommandError("DeviceNotFound", f"Device '{arguments['device']}' not found")
    if "head" in arguments:
        raise CommandError("GenericError", "'head' must be specified together with 'device'")
    if arguments.get("format") == "png":
        raise CommandError("GenericError", "The simulator writes no PNG; on a real QEMU it would")
    name = arguments["filename"]
    try:
        with open(name, "wb") as file:
            file.write(_bars() if machine.picture is None else machine.picture)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError("GenericError", f"failed to open file '{name}': {reason}") from None


def _bars() -> bytes:
    row = b"".join(bytes.fromhex(bar) * (_WIDTH // len(_BARS)) for bar in _BARS)
    return b"P6\n%d %d\n255\n" % (_WIDTH, _HEIGHT) + row * _HEIGHT
