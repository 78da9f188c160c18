"""Machines as a person reads them: rows of a table, safe for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qmpshell.address import Address, UnixAddress, short_text
from qmpshell.client.machines.values import (
    TLS,
    Availability,
    Language,
    Monitor,
    RunningMachine,
)
from qmpshell.named_tuple import NamedTuple
from qmpshell.render import columns, escape

_GAP = "  "


class Row(NamedTuple):
    """A line of the table: a monitor, or a machine that has none.

    Attributes:
        cells: its texts, escaped.
        monitor: the monitor.
    """

    cells: tuple[str, ...]
    monitor: Monitor | None


HEADER = Row(("NAME", "PID", "MONITOR", "SPEAKS", "STATE"), None)


def rows(machines: Iterable[RunningMachine]) -> list[Row]:
    """Return a row for each monitor, and one for each machine without any."""
    return [row for machine in machines for row in _rows_of(machine)]


def aligned(table: Sequence[Row]) -> list[str]:
    """Return the rows as lines, their columns below each other."""
    widths = [max(map(columns, column)) for column in zip(*(r.cells for r in table), strict=True)]
    return [
        _GAP.join(
            cell + " " * (width - columns(cell))
            for cell, width in zip(row.cells, widths, strict=True)
        ).rstrip()
        for row in table
    ]


def as_json(machine: RunningMachine) -> dict[str, Any]:
    """Return a machine as JSON can write it."""
    return {
        "name": machine.name or None,
        "pid": machine.pid,
        "program": machine.program,
        "stopped": machine.stopped,
        "monitors": [
            {
                "address": str(monitor.address),
                "speaks": monitor.language.value,
                "wrapping": monitor.wrapping or None,
                "state": monitor.availability.value,
                "holder": monitor.holder and monitor.holder._asdict(),
            }
            for monitor in machine.monitors
        ],
    }


def address_text(address: Address) -> str:
    """Return an address in its shortest form, escaped."""
    return escape(short_text(address))


def is_choosable(monitor: Monitor, language: Language) -> bool:
    """Say whether the shell could serve its purpose there, as far as one can tell."""
    speaks = monitor.language in (language, Language.UNKNOWN) and not monitor.wrapping
    return speaks and monitor.availability in (Availability.FREE, Availability.UNKNOWN)


def addresses_of(
    machines: Iterable[RunningMachine], language: Language = Language.QMP
) -> dict[str, str]:
    """Return where machines can be reached, and whose monitor each is.

    Parameters:
        machines: those that run.
        language: what is spoken there, plainly or in TLS.

    Returns:
        The machine's name and process by the address's shortest form; neither is escaped.
    """
    return {
        short_text(monitor.address): _owner(machine)
        for machine in machines
        for monitor in machine.monitors
        if monitor.language is language
        and monitor.wrapping in ("", TLS)
        and monitor.availability is not Availability.UNREACHABLE
    }


def _owner(machine: RunningMachine) -> str:
    process = f"process {machine.pid}"
    return f"{machine.name}, {process}" if machine.name else process


def _rows_of(machine: RunningMachine) -> Iterator[Row]:
    name = escape(machine.name) or "-"
    for monitor in machine.monitors:
        cells = (
            name,
            str(machine.pid),
            address_text(monitor.address),
            _language(monitor),
            _state(machine, monitor),
        )
        yield Row(cells, monitor)
    if not machine.monitors:
        yield Row((name, str(machine.pid), "-", "-", "listens on no monitor"), None)


def _language(monitor: Monitor) -> str:
    wrapping = f" over {monitor.wrapping}" if monitor.wrapping else ""
    return f"{monitor.language.value}{wrapping}"


def _state(machine: RunningMachine, monitor: Monitor) -> str:
    match monitor.availability:
        case Availability.HELD if monitor.holder:
            state = f"held by {escape(str(monitor.holder))}"
        case Availability.UNREACHABLE if _is_relative(monitor.address):
            state = "unreachable: its path is relative, nobody knows to what"
        case Availability.UNREACHABLE:
            state = "unreachable: its socket was removed or replaced"
        case availability:
            state = availability.value
    return f"{state}, stopped" if machine.stopped else state


def _is_relative(address: Address) -> bool:
    return isinstance(address, UnixAddress) and not address.path.startswith("/")
