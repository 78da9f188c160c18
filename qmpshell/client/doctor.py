"""Why a connection didn't come about, as far as this host knows, and what to do about it.

It is imported when a connection has failed, and looks at ``/proc`` then: who listens there,
whom that process serves, whether it was stopped, and where else one might want to connect.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import PurePath

from qmpshell.address import (
    AbstractAddress,
    Address,
    DescriptorAddress,
    DeviceAddress,
    LibvirtAddress,
    PipeAddress,
    TCPAddress,
    TLSAddress,
    UnixAddress,
    name_of,
)
from qmpshell.client.machines import (
    TLS,
    Availability,
    Language,
    Listener,
    Monitor,
    RunningMachine,
    find_listener,
    find_machines,
    is_this_host,
)
from qmpshell.client.machines.text import address_text
from qmpshell.errors import ConnectError, NoAgent, NoAnswer, NobodyListens, NotAgent, NotQMP
from qmpshell.render import escape

#: How much of a name must be the same, for another to be offered in its place.
_LIKENESS = 0.7

#: What people, libvirt and Proxmox call a guest agent's socket.
_AGENT_NAME = r"(?i)qga|guest[-_.]?agent"
_AGENT = "a guest agent listens there, which doesn't greet: --agent connects to it"

#: libvirt's daemons, the one for all and the newer one for QEMU alone.
_LIBVIRT = ("libvirtd", "virtqemud")

#: What ``/proc`` can tell of, if it is on this host.
_SOCKETS = (TCPAddress, UnixAddress, AbstractAddress)

#: Why nothing comes from what is no socket.
_SILENT = {
    DescriptorAddress: "its greeting was perhaps read before; -N goes on without",
    DeviceAddress: "QEMU's monitor perhaps has another one, or another program has it open",
    LibvirtAddress: "something else may have the domain for itself just now (`virsh domjobinfo`"
    " shows it); a longer --connect-timeout gives it more time",
    PipeAddress: "QEMU greets into a pipe once, at its start; -N goes on without",
}


def explained(error: ConnectError, address: Address) -> ConnectError:
    """Return the same failure with the reason in it, where this host knows one.

    Parameters:
        error: the failure.
        address: where to.
    """
    speaks_tls = isinstance(address, TLSAddress)
    if isinstance(address, TLSAddress):
        address = address.place
    if not isinstance(address, _SOCKETS):
        advice = _SILENT.get(type(address), error.advice)
        silent = type(error) is NoAnswer and not error.greeted
        return NoAnswer(error.what, advice) if silent else error
    match error:
        case NobodyListens():
            advice = _where_else(error, address)
        case NoAgent():
            advice = _why_no_agent(error, find_listener(address))
        case NoAnswer():
            listener = find_listener(address)
            advice = "" if speaks_tls else _wants_tls(address, listener)
            advice = advice or _why_silent(error, address, listener)
        case NotAgent():
            return error
        case NotQMP():
            advice = _what_speaks_qmp(error, find_listener(address))
        case _:
            return error
    return type(error)(error.what, advice)


def _where_else(error: ConnectError, address: Address) -> str:
    if isinstance(address, TCPAddress) and not is_this_host(address.host):
        return error.advice
    machines = find_machines()
    near = _nearest(address, machines)
    if near:
        seen = f"nearest: {near}"
    elif machines:
        seen = "`qmp-list` shows the machines that run here"
    else:
        seen = "no QEMU runs here, as far as this user can see"
    # Having looked answers that question, but for the option that is perhaps missing.
    answered = error.advice == "is QEMU running?" or (near and isinstance(address, TCPAddress))
    return seen if answered else f"{error.advice}; {seen}"


def _nearest(address: Address, machines: Iterable[RunningMachine]) -> str:
    """Return the QMP monitor whose name, or whose machine's name, is most like an address."""
    best, nearest = (_LIKENESS, False), ""
    for machine in machines:
        for monitor in _qmp_monitors(machine):
            if monitor.availability is Availability.UNREACHABLE:
                continue
            likeness = max(_likenesses(address, machine, monitor), default=0.0)
            rank = likeness, _folder(address) == _folder(monitor.address)
            if rank > best:
                best, nearest = rank, _named(monitor, machine)
    return nearest


def _named(monitor: Monitor, machine: RunningMachine) -> str:
    name = f" ({escape(machine.name)})" if machine.name else ""
    return f"{address_text(monitor.address)}{name}"


def _folder(address: Address) -> str:
    return (
        os.path.dirname(os.path.abspath(address.path)) if isinstance(address, UnixAddress) else ""
    )


def _likenesses(address: Address, machine: RunningMachine, monitor: Monitor) -> Iterator[float]:
    match address, monitor.address:
        case UnixAddress(given), UnixAddress(there):
            yield _likeness(PurePath(given).stem, PurePath(there).stem)
            yield _likeness(PurePath(given).stem, machine.name)
        case UnixAddress(given), _:
            yield _likeness(PurePath(given).stem, machine.name)
        case TCPAddress(), TCPAddress():
            # A port that is one off is as likely another machine's, but it is worth a look.
            yield 1.0


def _likeness(one: str, other: str) -> float:
    # The time that this takes grows with the product of the lengths.
    return SequenceMatcher(None, one[:100], other[:100], autojunk=False).ratio()


def _why_silent(error: NoAnswer, address: Address, listener: Listener | None) -> str:
    named_agent = isinstance(address, UnixAddress) and re.search(_AGENT_NAME, address.path)
    if listener is None or listener.pid is None:
        if listener and listener.held:
            return f"{_holder(listener)} holds it, and it serves one client at a time"
        return _AGENT if named_agent else error.advice
    who = f"{escape(listener.name)} ({listener.pid})"
    if listener.stopped:
        return _stopped(listener)
    if listener.held:
        return _held(listener, who)
    if _is_agent(listener) or (named_agent and listener.monitor is None):
        return _AGENT
    if listener.monitor and listener.monitor.wrapping not in ("", TLS):
        return (
            f"it speaks {listener.monitor.wrapping}, which qmp-shell can't: give QEMU another,"
            " plain monitor"
        )
    if listener.monitor:
        return _busy(listener)
    if listener.machine:
        return f"{who} listens there, but not for a monitor; {_elsewhere(listener)}"
    if error.greeted:
        return error.advice
    return f"{who} listens there, which is no QEMU; `qmp-list` shows the machines that run here"


def _why_no_agent(error: NoAgent, listener: Listener | None) -> str:
    if listener is None:
        return error.advice
    if listener.stopped:
        return _stopped(listener)
    if listener.held:
        return f"{_holder(listener)} holds it, and it serves one client at a time: end that"
    if listener.machine is None:
        return error.advice
    name = escape(listener.machine.name) or "the guest"
    if listener.monitor and listener.monitor.language is not Language.AGENT:
        return f"that is no port of an agent's, but a monitor of {name}: leave out --agent"
    return f"the agent isn't running in {name}: install and start qemu-guest-agent there"


def _stopped(listener: Listener) -> str:
    who = f"{escape(listener.name)} ({listener.pid})"
    return f"its process {who} is stopped: `kill -CONT {listener.pid}` lets it go on"


def _wants_tls(address: Address, listener: Listener | None) -> str:
    """Say where to connect to instead, if a monitor waits for TLS to begin."""
    wraps = listener and listener.monitor and listener.monitor.wrapping == TLS
    if not wraps or not isinstance(address, TCPAddress):
        return ""
    return f"this monitor speaks TLS: {name_of(TLSAddress(*address))}"


def _busy(listener: Listener) -> str:
    monitors = listener.machine.monitors if listener.machine else ()
    clients = {str(monitor.holder) for monitor in monitors if monitor.holder}
    work = f"with a command of {escape(', '.join(sorted(clients)))}" if clients else "starting"
    return (
        f"{_machine_name(listener)} ({listener.pid}) is busy, probably {work}: try again later,"
        " or with a longer --connect-timeout"
    )


def _held(listener: Listener, who: str) -> str:
    if listener.monitor is None and listener.machine is None and not _is_agent(listener):
        return f"{who} listens there, and serves {_holder(listener)}: one client at a time"
    free = [
        monitor
        for monitor in _qmp_monitors(listener.machine)
        if monitor.availability is Availability.FREE
    ]
    way_out = (
        f"connect to {address_text(free[0].address)}, which is free"
        if free
        else ("end that client, or give QEMU a second -qmp")
    )
    if listener.machine and listener.holder and listener.holder.name in _LIBVIRT:
        way_out = f"`libvirt:{escape(listener.machine.name)}` goes through it"
    if _is_agent(listener):
        way_out = "end that client; then --agent connects to the guest agent"
    return f"held by {_holder(listener)}, and it serves one client at a time: {way_out}"


def _what_speaks_qmp(error: ConnectError, listener: Listener | None) -> str:
    """Name the machine's QMP monitor to who has found another of its sockets."""
    if listener is None or listener.machine is None or not list(_qmp_monitors(listener.machine)):
        return error.advice
    return "; ".join(filter(None, (error.advice.partition(":")[0], _elsewhere(listener))))


def _elsewhere(listener: Listener) -> str:
    """Say where a machine speaks QMP."""
    addresses = [address_text(m.address) for m in _qmp_monitors(listener.machine)]
    if not addresses:
        return f"{_machine_name(listener)} has no QMP monitor: start it with -qmp"
    return f"{_machine_name(listener)} speaks QMP at {', '.join(addresses)}"


def _qmp_monitors(machine: RunningMachine | None) -> Iterator[Monitor]:
    for monitor in machine.monitors if machine else ():
        if monitor.language is Language.QMP and not monitor.wrapping:
            yield monitor


def _is_agent(listener: Listener) -> bool:
    spoken = listener.monitor.language if listener.monitor else Language.UNKNOWN
    return spoken is Language.AGENT or listener.name == "qemu-ga"


def _machine_name(listener: Listener) -> str:
    name = listener.machine.name if listener.machine else ""
    return escape(name or listener.name)


def _holder(listener: Listener) -> str:
    return escape(str(listener.holder)) if listener.holder else "another client"
