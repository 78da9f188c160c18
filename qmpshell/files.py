"""Files that a person names: lines are read from them, and results are written to them."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from typing import TextIO

from qmpshell.errors import FileError, UsageError

#: So many characters a line may have. A disk's image, given in place of a file of lines, may
#: be one line that no memory holds.
LONGEST_LINE = 1 << 26


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


def read_lines(file: TextIO, name: str) -> Iterator[str]:
    """Yield the lines of an open file.

    Parameters:
        file: itself.
        name: what a complaint calls it.

    Raises:
        UsageError: it can't be read any more, or a line of it is too long to be one.
    """
    try:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                most = LONGEST_LINE >> 20
                raise UsageError(f"{name} has a line of over {most} MB; is it a file of commands?")
            yield line
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


@contextlib.contextmanager
def opened_target(path: str, *, append: bool) -> Iterator[Callable[[bytes], None]]:
    """Open a file for what is still to come, before it is known whether it comes.

    What is in the file stays until something is written. A file that was made for it is its
    owner's alone, and is removed when nothing was written.

    Parameters:
        path: the file; a device or a pipe with a name will do as well.
        append: whether to write behind what is in it.

    Yields:
        What writes it, given all that is to be in it; to be called once or not at all.

    Raises:
        FileError: it can't be written, or it is a socket, which may be a machine's monitor,
            or a disk.
    """
    descriptor, made = _open_target(path, os.O_WRONLY | (os.O_APPEND if append else 0))
    written = False

    def write(data: bytes) -> None:
        nonlocal written
        try:
            if not append and stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.ftruncate(descriptor, 0)
            with open(descriptor, "wb", closefd=False) as file:
                file.write(data)
        except OSError as error:
            raise FileError(f"{path}: not written: {error.strerror}") from None
        written = True

    try:
        yield write
    finally:
        os.close(descriptor)
        if made and not written:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _open_target(path: str, flags: int) -> tuple[int, bool]:
    """Open a file and leave it as it is; say whether it was made just now."""
    try:
        try:
            return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600), True
        except FileExistsError:
            pass
        # A link that leads nowhere is there, and what it leads to isn't.
        mode = os.stat(path).st_mode if os.path.exists(path) else stat.S_IFREG
        if stat.S_ISSOCK(mode) or stat.S_ISBLK(mode):
            kind = "a socket" if stat.S_ISSOCK(mode) else "a disk"
            raise FileError(f"{path}: not written: it is {kind}, not a file")
        # A pipe that nobody reads would keep us waiting.
        flags |= os.O_CREAT | os.O_NOCTTY | os.O_NONBLOCK
        descriptor = os.open(path, flags, 0o600)
    except (OSError, ValueError) as error:
        unread = isinstance(error, OSError) and error.errno == errno.ENXIO
        reason = "nobody reads this pipe" if unread else _reason(error)
        raise FileError(f"{path}: not written: {reason}") from None
    os.set_blocking(descriptor, True)
    return descriptor, False


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
