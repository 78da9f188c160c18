"""``/sendfd``: QEMU gets a file that is opened here, by whoever runs the shell."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from typing import Any

from qmpshell.client import Client
from qmpshell.errors import FileError
from qmpshell.language.sendfd_words import NEW, SendFD
from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import Return
from qmpshell.render import escape

#: Sends a request and the descriptors that go along, and waits for the reply.
Ask = Callable[[dict[str, Any], list[int]], Return]

_FLAGS = {"--read": os.O_RDONLY, "--write": os.O_WRONLY | os.O_CREAT, "--read-write": os.O_RDWR}


class SentFile(NamedTuple):
    """A file that QEMU has.

    Attributes:
        reply: what QEMU answered.
        name: what it is in QEMU, for a person; safe for a terminal.
    """

    reply: Return
    name: str


def send_file(client: Client, ask: Ask, wanted: SendFD) -> SentFile:
    """Open a file and hand it over.

    Parameters:
        client: the connection.
        ask: sends a request over it.
        wanted: the file, and what becomes of it.

    Raises:
        FileError: it can't be opened.
        Error: as ``ask``. Nothing stays open here then either.
    """
    arguments: dict[str, Any]
    with _opened(os.path.expanduser(wanted.file), wanted.access) as descriptor:
        if not wanted.fdset:
            arguments = {"fdname": wanted.name}
            reply = ask({"execute": "getfd", "arguments": arguments}, [descriptor])
            if wanted.name not in client.descriptor_names:
                client.descriptor_names.append(wanted.name)
            return SentFile(reply, f"fd {escape(wanted.name)}")
        arguments = {"opaque": wanted.name}
        if wanted.fdset != NEW:
            arguments["fdset-id"] = int(wanted.fdset)
        reply = ask({"execute": "add-fd", "arguments": arguments}, [descriptor])
    match reply.value:
        case {"fdset-id": int(number)}:
            return SentFile(reply, f"/dev/fdset/{number}")
    return SentFile(reply, f"fd {escape(wanted.name)}")


@contextlib.contextmanager
def _opened(path: str, access: str) -> Iterator[int]:
    """Open a file as it is, never waiting for another program at the end of a pipe.

    Raises:
        FileError: it can't be opened.
    """
    try:
        descriptor = os.open(path, _FLAGS[access] | os.O_NONBLOCK | os.O_NOCTTY, 0o600)
    except OSError as error:
        raise FileError(_why_not_opened(path, access, error)) from None
    try:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise FileError(f"{escape(path)}: is a directory")
        os.set_blocking(descriptor, True)
        yield descriptor
    finally:
        os.close(descriptor)


def _why_not_opened(path: str, access: str, error: OSError) -> str:
    said = f"{escape(path)}: {(error.strerror or str(error)).lower()}"
    match error:
        case FileNotFoundError() if access == "--read-write":
            return f"{said}; --write makes a file"
        case PermissionError() if access == "--read-write" and os.access(path, os.R_OK):
            return f"{said}; --read opens it for reading alone"
    return said
