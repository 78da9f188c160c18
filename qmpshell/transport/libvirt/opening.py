"""How the bridge to a domain is started, and the stream that it makes."""

from __future__ import annotations

import sys
from pathlib import Path

import qmpshell
from qmpshell.address import LibvirtAddress
from qmpshell.transport import RelayError
from qmpshell.transport.child import ChildStream
from qmpshell.transport.libvirt.refusal import read_refusal
from qmpshell.transport.program import start

#: The package may not be where Python looks, and the current folder's files must not be imported.
_START = (
    "import sys; sys.path.append(sys.argv[1]);"
    " from qmpshell.transport.libvirt.{module} import main; main(*sys.argv[2:])"
)


class LibvirtStream:
    """The stream to a domain, by way of a bridge, which ends with it.

    Parameters:
        stream: the stream to the bridge.
    """

    def __init__(self, stream: ChildStream) -> None:
        self._stream = stream
        self.fileno = stream.fileno
        self.send = stream.send
        self.close = stream.close

    def recv(self, size: int, /) -> bytes:
        """Read what is there.

        Raises:
            RelayError: the domain can't be reached, or not any more; the text says why.
        """
        try:
            return self._stream.recv(size)
        except RelayError as error:
            kind, text = read_refusal(str(error))
            raise RelayError(text, kind=kind) from None


def python_command(module: str, *arguments: str) -> list[str]:
    """Return what runs the ``main()`` of a module of this package in a process of its own."""
    folder = Path(qmpshell.__file__).parent.parent
    return [sys.executable, "-P", "-c", _START.format(module=module), str(folder), *arguments]


def open_libvirt(address: LibvirtAddress, _timeout: float | None) -> LibvirtStream:
    """Start the bridge to a domain, which greets when it has reached it.

    Parameters:
        address: which domain.

    Raises:
        WrongAddress: Python can't be started.
    """
    return LibvirtStream(start(python_command("bridge", address.uri, address.domain)))
