"""The sockets of one network, and which of them belong together."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from qmpshell.address import AbstractAddress, Address, TCPAddress, UnixAddress
from qmpshell.client.machines.diagnosis import Diagnosed
from qmpshell.client.machines.tables import TCPSocket, UnixSocket
from qmpshell.named_tuple import NamedTuple

#: How many bytes a socket's path may have; QEMU fills an abstract name up with ``tight=off``.
_NAME_BYTES = 107

Socket = UnixSocket | TCPSocket


class AnySocket(Container[int]):
    """Every socket: for a process of which it isn't known which are its own."""

    def __contains__(self, inode: object) -> bool:
        return True


class Network(NamedTuple):
    """The sockets of one network namespace.

    Attributes:
        unix: Unix sockets that have a name.
        tcp: TCP sockets.
        diagnosed: what else is known of Unix sockets, by their number.
    """

    unix: Sequence[UnixSocket]
    tcp: Sequence[TCPSocket]
    diagnosed: Mapping[int, Diagnosed]

    def listening_at(self, address: Address, own: Container[int]) -> Socket | None:
        """Find the socket that listens at an address.

        Parameters:
            address: as the process was given it.
            own: the sockets that come into question.
        """
        if isinstance(address, TCPAddress):
            ports = (s for s in self.tcp if s.listening and s.local[1] == address.port)
            return next((socket for socket in ports if socket.inode in own), None)
        if not isinstance(address, UnixAddress | AbstractAddress):
            return None
        path = bound_path(address)
        paths = (s for s in self.unix if s.listening and s.path == path)
        return next((socket for socket in paths if socket.inode in own), None)

    def listening_on_file(self, number: int) -> UnixSocket | None:
        """Find the socket that listens on a file, given the file's inode."""
        for socket in self.unix:
            diagnosed = self.diagnosed.get(socket.inode)
            if number and socket.listening and diagnosed and diagnosed.file == number:
                return socket
        return None

    def listening(self, inode: int) -> Socket | None:
        """Find a listening socket by its number."""
        sockets: Sequence[Socket] = (*self.unix, *self.tcp)
        return next((s for s in sockets if s.listening and s.inode == inode), None)

    def accepted(self, listener: Socket, own: Container[int]) -> Socket | None:
        """Find a connection that a listener has accepted, among a process's own sockets."""
        if isinstance(listener, TCPSocket):
            ports = (s for s in self.tcp if s.connected and s.local[1] == listener.local[1])
            return next((socket for socket in ports if socket.inode in own), None)
        paths = (s for s in self.unix if s.connected and s.path == listener.path)
        return next((s for s in paths if s.inode in own and self._is_alive(s)), None)

    def peer(self, socket: Socket) -> int:
        """Return the number of the socket at the other end; 0 when it isn't of this host."""
        if isinstance(socket, UnixSocket):
            return self.diagnosed.get(socket.inode, Diagnosed()).peer
        ends = (socket.remote, socket.local)
        return next((s.inode for s in self.tcp if (s.local, s.remote) == ends), 0)

    def _is_alive(self, accepted: UnixSocket) -> bool:
        """Say whether a connection is served: accepted, and not left by its client since."""
        # What waits to be accepted has no number yet, and a client that left none any more.
        diagnosed = self.diagnosed.get(accepted.inode)
        return bool(accepted.inode) and (diagnosed is None or bool(diagnosed.peer))

    def is_shared(self, listener: UnixSocket) -> bool:
        """Say whether another socket listens that was bound to the same path."""
        return sum(s.listening and s.path == listener.path for s in self.unix) > 1


def bound_path(address: UnixAddress | AbstractAddress) -> str:
    """Return what the kernel's table shows for an address; a NUL is an ``@`` there."""
    match address:
        case UnixAddress(path):
            return path
        case AbstractAddress(name, tight=True):
            return f"@{name}"
    return f"@{address.name}".ljust(_NAME_BYTES + 1, "@")


def address_of(socket: Socket) -> Address:
    """Return where a listening socket can be reached, as far as the kernel's table tells."""
    if isinstance(socket, TCPSocket):
        host, port = socket.local
        nowhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
        return TCPAddress(nowhere.get(host, host), port)
    if socket.path.startswith("@"):
        return AbstractAddress(socket.path[1:])
    return UnixAddress(socket.path)
