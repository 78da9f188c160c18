"""The pair of pipes of QEMU's ``-chardev pipe``.

QEMU greets into them once, at its start: who comes later finds a monitor that is negotiated
already, or not, and no greeting.
"""

from __future__ import annotations

import errno
import os
import stat

from qmpshell.address import PipeAddress
from qmpshell.errors import ConnectError, NobodyListens, WrongAddress
from qmpshell.transport.descriptors import PairStream


def open_pipe(address: PipeAddress, _timeout: float | None) -> PairStream:
    """Open both pipes, from the other side than QEMU does.

    Parameters:
        address: what their names begin with.

    Raises:
        ConnectError: there are none, or QEMU hasn't opened them.
    """
    # Nobody is at the other end when this one can't be opened, so it comes first.
    writing = _open(address, f"{address.path}.in", os.O_WRONLY)
    try:
        return PairStream(_open(address, f"{address.path}.out", os.O_RDONLY), writing)
    except BaseException:
        os.close(writing)
        raise


def _open(address: PipeAddress, path: str, mode: int) -> int:
    try:
        descriptor = os.open(path, mode | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NobodyListens(
            f"{address}: no such file: {path}",
            "`mkfifo` makes NAME.in and NAME.out, before QEMU is started with pipe:NAME",
        ) from None
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise NobodyListens(
                f"{address}: nobody has it open at the other end", "is QEMU running?"
            ) from None
        raise ConnectError(f"{address}: {path}: {error.strerror}") from None
    if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise WrongAddress(f"{address}: {path} is no pipe")
    return descriptor
