"""What addresses are. The text of each is read as the same address again."""

from __future__ import annotations

from qmpshell.named_tuple import NamedTuple

#: What is written where an address is taken for a machine to be started: a program's to do.
DEMO = "demo"


class TCPAddress(NamedTuple):
    """A TCP port; ``host`` is a name, an IPv4 or an IPv6 address without brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"tcp:{_bracketed(self.host)}:{self.port}"


class UnixAddress(NamedTuple):
    """A Unix socket in the file system."""

    path: str

    def __str__(self) -> str:
        return f"unix:{_quoted(self.path)}"


class AbstractAddress(NamedTuple):
    """A Unix socket in Linux's abstract namespace.

    Attributes:
        name: the name, without the NUL byte in front.
        tight: ``False`` for a server that fills the name up with NULs (QEMU's
            ``tight=off``): that is another socket.
    """

    name: str
    tight: bool = True

    def __str__(self) -> str:
        return f"unix:{_quoted(self.name)},abstract=on{'' if self.tight else ',tight=off'}"


class VsockAddress(NamedTuple):
    """A port of a virtual machine or its host (``vsock(7)``).

    Attributes:
        cid: the number of the machine: 2 is the host, 1 this machine itself.
        port: the port's number.
    """

    cid: int
    port: int

    def __str__(self) -> str:
        return f"vsock:{self.cid}:{self.port}"


class DeviceAddress(NamedTuple):
    """A terminal, such as QEMU's ``-chardev pty`` makes one, or another character device."""

    path: str

    def __str__(self) -> str:
        return f"pty:{_quoted(self.path)}"


class PipeAddress(NamedTuple):
    """A pair of pipes, ``PATH.in`` and ``PATH.out``, as QEMU's ``-chardev pipe`` opens them."""

    path: str

    def __str__(self) -> str:
        return f"pipe:{_quoted(self.path)}"


class DescriptorAddress(NamedTuple):
    """A connection that is there already, inherited from who started us.

    Attributes:
        reading: the descriptor to read from.
        writing: the descriptor to write to; mostly the same.
    """

    reading: int
    writing: int

    def __str__(self) -> str:
        both = f"fd:{self.reading}"
        return both if self.reading == self.writing else f"{both},{self.writing}"


class CommandAddress(NamedTuple):
    """A program whose standard input and output are the connection; run by ``sh``."""

    command: str

    def __str__(self) -> str:
        return f"exec:{self.command}"


class SSHAddress(NamedTuple):
    """A socket of another host, reached by OpenSSH.

    Attributes:
        host: the host, as OpenSSH is to be told it.
        far: the socket there.
        user: who to log in as; empty for what OpenSSH does by itself.
        port: the port of the SSH server; ``None`` for what OpenSSH does by itself.
    """

    host: str
    far: UnixAddress | TCPAddress
    user: str = ""
    port: int | None = None

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        port = "" if self.port is None else f":{self.port}"
        far = f"/{self.far}" if isinstance(self.far, TCPAddress) else _quoted(self.far.path)
        return f"ssh://{user}{_bracketed(self.host)}{port}{far}"


class ListenAddress(NamedTuple):
    """A socket on which we listen for a QEMU that connects to us (its ``server=off``)."""

    place: TCPAddress | UnixAddress | AbstractAddress

    def __str__(self) -> str:
        return f"listen:{self.place}"


class TLSAddress(NamedTuple):
    """A TCP port behind which TLS is spoken.

    Attributes:
        host, port: as of a :class:`TCPAddress`.
        ca: the file with the certificates of those who may sign the server's; empty for the
            system's.
        cert: the file with the certificate that we show; empty for none.
        key: the file with its private key; empty when that is in the same file.
        hostname: the name that the server's certificate must have; empty for the host's.
        verify: ``False`` to trust whoever answers.
    """

    host: str
    port: int
    ca: str = ""
    cert: str = ""
    key: str = ""
    hostname: str = ""
    verify: bool = True

    @property
    def place(self) -> TCPAddress:
        """The port, whatever is spoken there."""
        return TCPAddress(self.host, self.port)

    def __str__(self) -> str:
        from qmpshell.address.tls_options import write_options

        return name_of(self) + write_options(self._asdict())


class LibvirtAddress(NamedTuple):
    """A domain of libvirt's.

    Attributes:
        domain: its name, UUID or number.
        uri: which libvirt has it; ``""`` for the one that libvirt's own tools take.
    """

    domain: str
    uri: str = ""

    def __str__(self) -> str:
        return f"libvirt:{self.uri}#{self.domain}" if self.uri else f"libvirt:{self.domain}"


Address = (
    TCPAddress
    | UnixAddress
    | AbstractAddress
    | VsockAddress
    | DeviceAddress
    | PipeAddress
    | DescriptorAddress
    | CommandAddress
    | SSHAddress
    | ListenAddress
    | TLSAddress
    | LibvirtAddress
)


def name_of(address: Address) -> str:
    """Return what messages call an address: where it is, and not how one gets in there."""
    if isinstance(address, TLSAddress):
        return f"tls:{str(address.place).removeprefix('tcp:')}"
    return str(address)


def trusts_anybody(address: Address | None) -> bool:
    """Say whether it is known of who answers there only that nobody else listens."""
    return isinstance(address, TLSAddress) and not address.verify


def may_be_looked_at(address: Address) -> bool:
    """Say whether one may connect just to have a look, and leave again.

    That is so where nothing is started, used up, or asked of a person by it.
    """
    return isinstance(address, TCPAddress | UnixAddress | AbstractAddress | VsockAddress)


def short_text(address: Address) -> str:
    """Return the shortest text that is read as an address while its socket is there."""
    match address:
        case UnixAddress(path):
            return path
        case TCPAddress():
            return str(address).removeprefix("tcp:")
        case AbstractAddress(name, tight=True) if "," not in name:
            return f"@{name}"
    return str(address)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _quoted(text: str) -> str:
    """Double each comma, as QEMU's options have it."""
    return text.replace(",", ",,")
