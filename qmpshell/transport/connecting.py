"""How a socket is connected without waiting for it."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Generator
from typing import Any

_UNDECIDED = (errno.EINPROGRESS, errno.EALREADY)
_CONNECTED = (0, errno.EISCONN)


def connected(
    stream: socket.socket, place: Any, timeout: float
) -> Generator[None, None, socket.socket]:
    """Connect a socket; each step looks whether there is an answer.

    Parameters:
        stream: the socket, which is closed when nothing comes of it.
        place: where to, as the socket's family has it.
        timeout: how long all steps may take together, in seconds.

    Raises:
        TimeoutError: there is no answer.
        OSError: the answer is no.
    """
    end = time.monotonic() + timeout
    try:
        stream.settimeout(0)
        while (code := stream.connect_ex(place)) in _UNDECIDED:
            if time.monotonic() > end:
                raise TimeoutError
            yield
        if code not in _CONNECTED:
            raise OSError(code, os.strerror(code))
    except BaseException:
        stream.close()
        raise
    return stream
