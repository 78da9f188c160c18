"""A file from the guest to here, or from here to the guest: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from qmpshell.client.agent.files import (
    PIECE,
    Meter,
    base_name,
    download,
    opened,
    upload,
)
from qmpshell.client.agent.placing import NEEDED, is_there, move, prepare, remove
from qmpshell.errors import ConnectionLost, FileError
from qmpshell.progress import OnProgress
from qmpshell.whole_files import final_path, whole_file

if TYPE_CHECKING:
    from qmpshell.client.agent.client import AgentClient

#: Of the permissions of a file here, those that it keeps in the guest.
_KEPT_MODE = 0o755


class Readable(Protocol):
    """What can be read up to its end, and is open."""

    def read(self, size: int = -1, /) -> bytes | None:
        """Return the next bytes, none at the end; all that there are if no size is given."""

    def fileno(self) -> int:
        """Return the descriptor."""


def read_here(path: str) -> bytes:
    """Return what is in a file here.

    Raises:
        FileError: it can't be read.
    """
    with _opened_here(path) as file:
        return b"".join(_pieces(file, path))


def copy_from_guest(
    guest: AgentClient, path: str, local: str, *, overwrite: bool, on_progress: OnProgress | None
) -> str:
    """Copy a file from the guest; as :meth:`AgentClient.get`, which see."""
    final = final_path(local, base_name(path))
    with whole_file(final, overwrite=overwrite) as file:
        download(guest, path, file.write, on_progress)
    return final


def copy_to_guest(
    guest: AgentClient,
    local: str,
    path: str,
    *,
    overwrite: bool,
    in_place: bool,
    on_progress: OnProgress | None,
) -> str:
    """Copy a file to the guest; as :meth:`AgentClient.put`, which see."""
    with _opened_here(local) as file:
        return put_stream(
            guest,
            file,
            os.path.basename(local),
            path,
            overwrite=overwrite,
            in_place=in_place,
            on_progress=on_progress,
        )


def put_stream(
    guest: AgentClient,
    file: Readable,
    name: str,
    path: str,
    *,
    overwrite: bool = False,
    in_place: bool = False,
    on_progress: OnProgress | None = None,
) -> str:
    """Copy an open file to the guest.

    Parameters:
        guest: the connection.
        file: what is read, up to its end.
        name: what it is called here.
        path, overwrite, in_place, on_progress: as in :meth:`AgentClient.put`.

    Returns:
        The path of the file in the guest.

    Raises:
        Error: as :meth:`AgentClient.put`.
    """
    there = os.fstat(file.fileno())
    is_file = stat.S_ISREG(there.st_mode)
    meter = Meter(name, there.st_size if is_file else 0, on_progress)
    pieces = _pieces(file, name)
    if in_place:
        _write_in_place(guest, path, pieces, meter, overwrite=overwrite)
        return path
    if not guest.allows(*NEEDED):
        raise FileError(
            f"{path}: this guest runs no programs (guest-exec), so what breaks off can't be kept"
            " from its place: --in-place writes it there all the same"
        )
    mode = stat.S_IMODE(there.st_mode) & _KEPT_MODE if is_file else 0o600
    place = prepare(guest, path, name, mode, overwrite=overwrite)
    try:
        with opened(guest, place.beside, "w") as handle:
            upload(guest, handle, pieces, meter)
        move(guest, place)
    except BaseException as error:
        removed = remove(guest, place)
        if isinstance(error, ConnectionLost) and not removed:
            raise ConnectionLost(f"{error}; {place.beside} is left in the guest") from None
        raise
    return place.final


def _write_in_place(
    guest: AgentClient, path: str, pieces: Iterator[bytes], meter: Meter, *, overwrite: bool
) -> None:
    if not overwrite and is_there(guest, path):
        raise FileError(f"{path}: there is one already in the guest; --overwrite replaces it")
    with opened(guest, path, "w") as handle:
        upload(guest, handle, pieces, meter)


@contextlib.contextmanager
def _opened_here(path: str) -> Iterator[Readable]:
    try:
        # A pipe that nobody writes to would keep us waiting.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(descriptor, True)
        file = open(descriptor, "rb", buffering=0)  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise _unread(path, error) from None
    with file:
        yield file


def _pieces(file: Readable, name: str) -> Iterator[bytes]:
    try:
        while piece := file.read(PIECE):
            yield piece
    except OSError as error:
        raise _unread(name, error) from None


def _unread(path: str, error: Exception) -> FileError:
    reason = getattr(error, "strerror", None) or str(error)
    return FileError(f"{path}: can't be read: {reason}")
