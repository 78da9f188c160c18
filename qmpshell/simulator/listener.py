"""The socket that clients connect to: made where nothing was, and removed in the end."""

from __future__ import annotations

import contextlib
import errno
import os
import socket


class Listener:
    """A listening Unix socket in the file system.

    Parameters:
        path: where; of any length.

    Raises:
        OSError: it can't be made; ``FileExistsError`` if something is there.
    """

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        folder, name = os.path.split(self._path)
        try:
            # Through its folder's descriptor the path stays below the system's limit.
            descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
            try:
                self.socket.bind(f"/proc/self/fd/{descriptor}/{name}")
            finally:
                os.close(descriptor)
            self._identity = _identity(self._path)
            # One waits in the queue beside the one that is served, as with QEMU.
            self.socket.listen(1)
        except OSError as error:
            self.socket.close()
            if error.errno == errno.EADDRINUSE:
                raise FileExistsError(errno.EEXIST, "something is there already", path) from None
            raise

    def accept(self) -> socket.socket:
        """Return the connection to the next client."""
        connected, _ = self.socket.accept()
        return connected

    def close(self) -> None:
        """Stop listening, and remove the socket unless another took its place."""
        self.socket.close()
        with contextlib.suppress(FileNotFoundError):
            if _identity(self._path) == self._identity:
                os.unlink(self._path)


def _identity(path: str) -> tuple[int, int]:
    found = os.lstat(path)
    return found.st_dev, found.st_ino
