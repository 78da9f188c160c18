"""The machines that are domains of libvirt's: reached by libvirt, which holds their monitor."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from collections.abc import Mapping, Sequence

from qmpshell.address import LibvirtAddress, UnixAddress
from qmpshell.client.machines.values import Availability, Language, Monitor, RunningMachine

#: How long libvirt may take to say which domains there are, in seconds.
_LIST_SECONDS = 2.0

#: libvirt's own monitor, of which it hands QEMU the listening socket.
_OWN_MONITOR = r".*/domain-[0-9]+-[^/]*/monitor\.sock"


def with_domains(machines: Sequence[RunningMachine]) -> list[RunningMachine]:
    """Return the machines, those that are domains with libvirt's address.

    libvirt is asked if Python has its library, and a machine has a UUID, as all domains do.

    Parameters:
        machines: as they run on this host.
    """
    if not any(machine.uuid for machine in machines) or not importlib.util.find_spec("libvirt"):
        return [*machines]
    domains = _running_domains()
    return [
        _as_domain(machine, domains[machine.uuid]) if machine.uuid in domains else machine
        for machine in machines
    ]


def _as_domain(machine: RunningMachine, address: LibvirtAddress) -> RunningMachine:
    # libvirt serves as many as come.
    monitor = Monitor(address, Language.QMP, Availability.FREE)
    others = (other for other in machine.monitors if not _is_libvirts(other))
    return machine._replace(name=address.domain, monitors=(monitor, *others))


def _is_libvirts(monitor: Monitor) -> bool:
    address = monitor.address
    return isinstance(address, UnixAddress) and bool(re.fullmatch(_OWN_MONITOR, address.path))


def _running_domains() -> Mapping[str, LibvirtAddress]:
    """Ask libvirt; what it said up to the time limit counts."""
    from qmpshell.transport.libvirt.opening import python_command

    command = python_command("listing")
    try:
        said = subprocess.run(  # noqa: S603 (it is our own)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LIST_SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    except OSError:
        return {}
    # The last line may lack its end.
    lines = said.split(b"\n")[:-1]
    return {
        uuid: LibvirtAddress(name, uri)
        for line in reversed(lines)
        for uuid, (name, uri) in json.loads(line).items()
    }
