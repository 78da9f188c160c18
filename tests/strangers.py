"""Servers that are neither QEMU nor an agent, for tests: what they say first, if anything."""

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def stranger(path: str, says: bytes, *, stays: bool = True) -> Iterator[None]:
    """Have a server that takes in one client, says something, and waits until that one leaves.

    Parameters:
        path: where it listens.
        says: what it says first.
        stays: otherwise it leaves itself, as soon as it has said that.
    """
    with socket.create_server(path, family=socket.AF_UNIX) as server:
        thread = threading.Thread(target=_serve, args=(server, says, stays))
        thread.start()
        try:
            yield
        finally:
            # If nobody came, it waits no longer.
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(server: socket.socket, says: bytes, stays: bool) -> None:
    with contextlib.suppress(OSError):
        client, _ = server.accept()
        with client:
            client.sendall(says)
            while stays and client.recv(4096):
                pass
