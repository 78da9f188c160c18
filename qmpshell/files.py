"""Files that a person names: lines are read from them, and results are written to them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator

from qmpshell.errors import FileError, UsageError


@contextlib.contextmanager
def opened_lines(path: str) -> Iterator[Iterator[str]]:
    """Open a file to read its lines, each with its end; what is no UTF-8 is kept as it is.

    Parameters:
        path: the file.

    Raises:
        UsageError: it can't be opened, or be read any more.
    """
    try:
        file = open(path, encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} can't be read: {_reason(error)}") from None
    with file:
        yield read_lines(file, path)


def read_lines(file: Iterable[str], name: str) -> Iterator[str]:
    """Yield the lines of an open file.

    Parameters:
        file: itself.
        name: what a complaint calls it.

    Raises:
        UsageError: it can't be read any more.
    """
    try:
        yield from file
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}") from None


def write_private(path: str, data: bytes, *, overwrite: bool) -> None:
    """Write a file that its owner alone may read, as all files of the shell's.

    Parameters:
        path: the file.
        data: all that is to be in it.
        overwrite: whether it may be there already.

    Raises:
        FileError: it is there already, or can't be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if overwrite else os.O_EXCL)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise FileError(f"{path}: there is one already; --overwrite replaces it") from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: not saved: {_reason(error)}") from None
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        if not overwrite:
            os.unlink(path)
        raise FileError(f"{path}: not saved: {error.strerror}") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
