"""Files that appear whole or not at all: they are written beside their place, and moved there."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from typing import BinaryIO

from qmpshell.errors import FileError


def final_path(path: str, name: str) -> str:
    """Return where a file goes.

    Parameters:
        path: what was given: the file, or a folder that it goes to.
        name: its name in a folder.
    """
    return os.path.normpath(os.path.join(path, name)) if os.path.isdir(path) else path


@contextlib.contextmanager
def whole_file(path: str, *, overwrite: bool) -> Iterator[BinaryIO]:
    """Open a file to be written, which gets its name when all of it is there.

    Its owner alone may read it, unless it takes another's place: then it is as that was.

    Parameters:
        path: the file.
        overwrite: whether it may be there already.

    Yields:
        What writes it.

    Raises:
        FileError: it is there already, is no file, or can't be written.
    """
    # A link stays, and leads to the new file.
    place = os.path.realpath(path) if overwrite else path
    try:
        mode = _mode_there(place, overwrite=overwrite)
        folder, name = os.path.split(place)
        temporary = os.path.join(folder, f".{name[:100]}.{secrets.token_hex(8)}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (OSError, ValueError) as error:
        raise _not_saved(path, error) from None
    try:
        try:
            with open(descriptor, "wb") as file:
                if mode is not None:
                    os.fchmod(descriptor, mode)
                yield file
            _name(temporary, place, overwrite=overwrite)
        except OSError as error:
            raise _not_saved(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _mode_there(place: str, *, overwrite: bool) -> int | None:
    """Return the permissions of the file that is to be replaced; ``None`` if there is none."""
    try:
        there = os.lstat(place)
    except FileNotFoundError:
        return None
    if not overwrite:
        raise FileExistsError
    if not stat.S_ISREG(there.st_mode):
        raise FileError(f"{place}: not saved: it is there, and no file")
    return stat.S_IMODE(there.st_mode)


def _name(temporary: str, place: str, *, overwrite: bool) -> None:
    if overwrite:
        os.replace(temporary, place)
        return
    try:
        # Unlike a renaming, it replaces nothing that has come meanwhile.
        os.link(temporary, place)
    except FileExistsError:
        raise
    except OSError:
        # There are file systems without links.
        os.rename(temporary, place)


def _not_saved(path: str, error: Exception) -> FileError:
    if isinstance(error, FileExistsError):
        return FileError(f"{path}: there is one already; --overwrite replaces it")
    reason = getattr(error, "strerror", None) or str(error)
    return FileError(f"{path}: not saved: {reason}")
