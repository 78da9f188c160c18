"""The picture on a machine's screen: QEMU writes it to a file, which comes here."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from qmpshell.client.client import Client
from qmpshell.errors import CommandError, ConnectionLost, FileError
from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import Return

Ask = Callable[[dict[str, Any]], Return]


class _File(NamedTuple):
    path: str
    descriptor: int


def screendump(
    client: Client, ask: Ask, most: int, *, device: str | None = None, head: int | None = None
) -> bytes:
    """Return what is on a machine's screen, as QEMU writes it: a PPM, in every version.

    QEMU opens the file itself, so it gets the name of one of ours. Where it can't reach
    that, as it runs in a container or another root folder, it gets an open descriptor,
    if it is on this host.

    Parameters:
        client: the connection.
        ask: sends a request over it, and waits for the reply.
        most: how many bytes of the file are of use.
        device: the id of the display device; ``None`` for the first display.
        head: which output of the device.

    Raises:
        FileError: QEMU can't reach a file of ours, or there is no room for one.
        Error: as ``ask``. Nothing of ours is left behind then either.
    """
    optional = {"device": device, "head": head}
    given = {name: value for name, value in optional.items() if value is not None}

    def dump(filename: str) -> None:
        arguments = {"filename": filename, **given}
        ask({"execute": "screendump", "arguments": arguments})

    with _file_for_qemu() as file:
        try:
            dump(file.path)
        except CommandError as error:
            # Whatever its words are: where the file is at fault, it is named.
            if file.path not in error.desc:
                raise
            _dump_to_descriptor(client, ask, dump, file, error)
        return _content(file, most)


@contextlib.contextmanager
def _file_for_qemu() -> Iterator[_File]:
    """Make a file that QEMU can write to, whoever runs it, and nobody else can read.

    Who doesn't know the file's name doesn't find it, as its folder can't be listed.
    """
    try:
        folder = tempfile.mkdtemp(prefix="qmpshell-")
    except OSError as error:
        raise FileError(f"no room for QEMU's picture: {error.strerror}") from None
    try:
        path = os.path.join(folder, secrets.token_hex(16))
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.fchmod(descriptor, 0o622)
            os.chmod(folder, 0o711)  # noqa: S103 (what that allows is said above)
            yield _File(path, descriptor)
        finally:
            # While a machine is paused, QEMU 7.2 keeps a descriptor that it was given.
            os.ftruncate(descriptor, 0)
            os.close(descriptor)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _dump_to_descriptor(
    client: Client, ask: Ask, dump: Callable[[str], None], file: _File, refusal: CommandError
) -> None:
    """Let QEMU write to a descriptor of ours that it is given.

    It has to be open for writing alone: QEMU 7.2 refuses one that is for both.
    """
    writable = os.open(file.path, os.O_WRONLY)
    try:
        sent = client.send_descriptor(writable)
    finally:
        os.close(writable)
    if not sent:
        raise _unreachable(file, refusal)
    try:
        added = ask({"execute": "add-fd", "arguments": {"opaque": "qmpshell"}}).value
    except CommandError:
        raise _unreachable(file, refusal) from None
    match added:
        case {"fdset-id": int(number)}:
            pass
        case _:
            raise _unreachable(file, refusal)
    name = f"/dev/fdset/{number}"
    try:
        dump(name)
    except CommandError as error:
        if name not in error.desc:
            raise
        raise _unreachable(file, refusal) from None
    finally:
        remove = {"execute": "remove-fd", "arguments": {"fdset-id": number}}
        with contextlib.suppress(ConnectionLost):
            client.submit(remove, on_reply=lambda _: None)


def _unreachable(file: _File, refusal: CommandError) -> FileError:
    reason = refusal.desc.partition(file.path)[2].strip("': ")
    return FileError(
        f"QEMU can't write to a file of ours{f' ({reason})' if reason else ''}: it runs on another"
        " host, in a container, or confined; `screendump filename=PATH` writes one where it runs"
    )


def _content(file: _File, most: int) -> bytes:
    """Read what QEMU has written, through our own descriptor, which stands at the start."""
    size = os.fstat(file.descriptor).st_size
    with open(file.descriptor, "rb", closefd=False) as stream:
        return stream.read(min(size, most))
