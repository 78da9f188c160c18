"""Puts together what processes were told, what they have open, and what the kernel knows."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Mapping
from functools import cached_property
from ipaddress import ip_address

from qmpshell.address import Address, TCPAddress, TLSAddress, UnixAddress
from qmpshell.client.machines import proc
from qmpshell.client.machines.command_line import (
    CommandLine,
    ServerSocket,
    program_name,
    read_command_line,
)
from qmpshell.client.machines.diagnosis import Diagnosed, diagnose_sockets
from qmpshell.client.machines.domains import with_domains
from qmpshell.client.machines.network import AnySocket, Network, Socket, address_of
from qmpshell.client.machines.tables import UnixSocket, read_tcp_table, read_unix_table
from qmpshell.client.machines.values import (
    TLS,
    Availability,
    Holder,
    Language,
    Listener,
    Monitor,
    RunningMachine,
)
from qmpshell.named_tuple import NamedTuple


def find_machines() -> list[RunningMachine]:
    """Return the QEMUs that run on this host, by name; those of other users as far as seen."""
    look = _Look()
    found = (look.machine(pid) for pid in proc.process_ids())
    machines = with_domains([machine for machine, _ in filter(None, found)])
    return sorted(machines, key=lambda machine: (machine.name, machine.pid))


def find_listener(address: Address) -> Listener | None:
    """Return who listens at an address.

    Parameters:
        address: where.

    Returns:
        It; ``None`` when nobody does, or when it isn't on this host.
    """
    look = _Look()
    socket = look.listening_at(address)
    return look.listener(socket) if socket else None


class _Process(NamedTuple):
    """A process and its sockets by descriptor, which are unknown of another user's."""

    pid: int
    network: Network
    sockets: Mapping[int, int] | None

    @property
    def own(self) -> Container[int]:
        """The numbers of the sockets that are, or may be, its own."""
        return AnySocket() if self.sockets is None else set(self.sockets.values())

    def listening(self, server: ServerSocket) -> Socket | None:
        """Find the socket that its command line tells of."""
        if server.fd is not None:
            inode = (self.sockets or {}).get(server.fd)
            return None if inode is None else self.network.listening(inode)
        assert server.address is not None
        return self.network.listening_at(server.address, self.own)


class _Look:
    """One look at the host: what was read once isn't read again."""

    def __init__(self) -> None:
        self._networks: dict[str, Network] = {}

    def machine(self, pid: int) -> tuple[RunningMachine, dict[int, Monitor]] | None:
        """Return what a process is as a machine, and its monitors by their sockets' numbers.

        Returns:
            Both; ``None`` when it is no QEMU.
        """
        words = proc.command_line(pid)
        program = program_name(words[0], proc.executable(pid)) if words else None
        if program is None:
            return None
        line = read_command_line(words, program)
        process = self._process(pid)
        found = [*self._told(process, line), *self._untold(process, line, "\0".join(words[1:]))]
        monitors = tuple(monitor for _, monitor in found)
        stopped = proc.is_stopped(pid)
        machine = RunningMachine(line.name, pid, program, stopped, monitors, line.uuid)
        return machine, dict(found)

    def listening_at(self, address: Address) -> Socket | None:
        """Find who listens at an address of this host."""
        network = self._process(os.getpid()).network
        if isinstance(address, UnixAddress):
            # The process may have been given another path to the same file.
            if socket := network.listening_on_file(proc.file_number(address.path)):
                return socket
            address = UnixAddress(os.path.abspath(address.path))
        if isinstance(address, TCPAddress) and not is_this_host(address.host):
            return None
        return network.listening_at(address, AnySocket())

    def listener(self, socket: Socket) -> Listener:
        """Say whose a listening socket is, and whom it serves."""
        pid = self._owners.get(socket.inode)
        if pid is None:
            network = self._process(os.getpid()).network
            accepted = network.accepted(socket, AnySocket())
            holder = self._holder(network, accepted) if accepted else None
            return Listener("", None, held=accepted is not None, holder=holder)
        process = self._process(pid)
        accepted = process.network.accepted(socket, process.own)
        machine, monitors = self.machine(pid) or (None, {})
        return Listener(
            proc.process_name(pid),
            pid,
            stopped=proc.is_stopped(pid),
            held=accepted is not None,
            holder=self._holder(process.network, accepted) if accepted else None,
            machine=machine,
            monitor=monitors.get(socket.inode),
        )

    @cached_property
    def _owners(self) -> dict[int, int]:
        return proc.socket_owners()

    @cached_property
    def _diagnosed(self) -> dict[int, Diagnosed]:
        return diagnose_sockets()

    def _process(self, pid: int) -> _Process:
        ours = proc.network(os.getpid())
        key = proc.network(pid) or ours
        network = self._networks.get(key)
        if network is None:
            # Of a process that ends just now, the tables are empty, as if nobody had sockets.
            witness = os.getpid() if key == ours else pid
            network = self._network(witness)
            if proc.network(witness) == key:
                self._networks[key] = network
        return _Process(pid, network, proc.sockets_of(pid))

    def _network(self, pid: int) -> Network:
        tcp = proc.table(pid, "tcp") + proc.table(pid, "tcp6")
        return Network(
            tuple(read_unix_table(proc.table(pid, "unix"))),
            tuple(read_tcp_table(tcp)),
            self._diagnosed,
        )

    def _told(self, process: _Process, line: CommandLine) -> Iterator[tuple[int, Monitor]]:
        """Find the monitors that the command line tells of."""
        for server in line.sockets:
            if server.language is Language.OTHER:
                continue
            socket = process.listening(server)
            address = server.address or (address_of(socket) if socket else None)
            if socket and address:
                monitor = self._monitor(process, socket, address)
                if server.wrapping == TLS and isinstance(address, TCPAddress):
                    monitor = monitor._replace(address=TLSAddress(*address))
                yield (
                    socket.inode,
                    monitor._replace(language=server.language, wrapping=server.wrapping),
                )
            elif address and process.sockets is None:
                # In our own process it would be there; in another's network it isn't seen.
                yield 0, Monitor(address, server.language, Availability.UNKNOWN)

    def _untold(
        self, process: _Process, line: CommandLine, text: str
    ) -> Iterator[tuple[int, Monitor]]:
        """Find Unix sockets that the command line doesn't tell of: made later, or in a file."""
        told = {socket.inode for socket in map(process.listening, line.sockets) if socket}
        ours = set((process.sockets or {}).values()) - told
        for socket in process.network.unix:
            # Displays, migration and exports stand in it as well.
            mentioned = socket.path.strip("@") in text
            if socket.listening and socket.inode in ours and not mentioned:
                yield socket.inode, self._monitor(process, socket, address_of(socket))

    def _monitor(self, process: _Process, socket: Socket, address: Address) -> Monitor:
        accepted = process.network.accepted(socket, process.own)
        availability = Availability.HELD if accepted else Availability.FREE
        if isinstance(address, UnixAddress) and isinstance(socket, UnixSocket):
            place = _place(process, address.path, socket)
            address = UnixAddress(place) if place else address
            availability = availability if place else Availability.UNREACHABLE
        holder = self._holder(process.network, accepted) if accepted else None
        return Monitor(address, Language.UNKNOWN, availability, holder)

    def _holder(self, network: Network, accepted: Socket) -> Holder | None:
        if pid := self._owners.get(network.peer(accepted)):
            return Holder(proc.process_name(pid), pid)
        if isinstance(accepted, UnixSocket):
            return None
        return Holder(str(TCPAddress(*accepted.remote)).removeprefix("tcp:"))


def _place(process: _Process, path: str, socket: UnixSocket) -> str | None:
    """Return the path by which we reach a process's socket; ``None`` when none leads there."""
    if proc.is_hidden(path):
        return path
    there = [place for place in proc.places(process.pid, path) if proc.file_number(place)]
    number = process.network.diagnosed.get(socket.inode, Diagnosed()).file
    for place in there:
        if proc.file_number(place) == number:
            return place
    # Some file systems (overlays) number their files otherwise than the kernel does, so a
    # difference alone is no proof that this is another process's socket.
    return there[0] if there and not process.network.is_shared(socket) else None


def is_this_host(host: str) -> bool:
    """Say whether a host, as an address names it, is plainly this one."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
