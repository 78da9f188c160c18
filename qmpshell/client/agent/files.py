"""Files in the guest, piece by piece, and closed again whatever happens."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from qmpshell.client.agent.replies import decoded, member, strange
from qmpshell.client.waiting.rate import Rate
from qmpshell.errors import CommandError, Error
from qmpshell.progress import OnProgress, Progress
from qmpshell.protocol import ErrorReply, Return

if TYPE_CHECKING:
    from qmpshell.client.client import Client

#: How many bytes go at once: little enough that Ctrl-C and a bar needn't wait for them.
PIECE = 256 * 1024

#: How often progress is told, in seconds.
_TICK_SECONDS = 0.25

#: How long closing a file may take after something has gone wrong, in seconds.
_CLOSE_SECONDS = 2.0

#: The numbers of places to seek from, which every version of the agent takes.
_FROM_BEGINNING, _FROM_END = 0, 2

#: What a file of which nobody knows how large it is says, such as a folder (tried on 7.2).
_ABSURD_SIZE = 2**62


class Meter:
    """Tells how far a file has come, with its rate, every now and then.

    Parameters:
        label: what the file is called.
        total: how many bytes it has; 0 when that isn't known.
        on_progress: is told.
    """

    def __init__(self, label: str, total: int, on_progress: OnProgress | None) -> None:
        self._progress = Progress(label, total=total, in_bytes=True)
        self._on_progress = on_progress
        self._rate = Rate()
        self._told = time.monotonic()
        self._rate.complete(self._progress, self._told)

    def add(self, count: int) -> None:
        """Take note of so many bytes more."""
        self._progress = self._progress._replace(done=self._progress.done + count)
        now = time.monotonic()
        if self._on_progress and now >= self._told + _TICK_SECONDS:
            self._told = now
            self._on_progress(self._rate.complete(self._progress, now))


@contextlib.contextmanager
def opened(client: Client, path: str, mode: str) -> Iterator[int]:
    """Open a file in the guest, and close it at the end.

    Parameters:
        client: the connection.
        path: the file.
        mode: as of C's ``fopen``.

    Yields:
        The handle.

    Raises:
        CommandError: it can't be opened, or not all that was written could be kept.
        ConnectionLost: the connection ended meanwhile.
    """
    handle = _open(client, path, mode)
    try:
        yield handle
    except BaseException:
        with contextlib.suppress(Error):
            client.execute("guest-file-close", handle=handle, timeout=_CLOSE_SECONDS)
        raise
    client.execute("guest-file-close", handle=handle)


def download(
    client: Client, path: str, write: Callable[[bytes], object], on_progress: OnProgress | None
) -> None:
    """Read a file of the guest from its beginning to its end.

    Parameters:
        client: the connection.
        path: the file.
        write: is given its bytes, piece by piece.
        on_progress: is given the progress, about four times a second.

    Raises:
        CommandError: it can't be read.
        ConnectionLost: the connection ended before it was.
    """
    with opened(client, path, "r") as handle:
        meter = Meter(base_name(path), _size(client, handle), on_progress)
        ended = False
        while not ended:
            value = client.execute("guest-file-read", handle=handle, count=PIECE)
            text = member(value, "buf-b64", str, "guest-file-read")
            piece = decoded(text, "guest-file-read")
            write(piece)
            ended = value.get("eof") is not False or not piece
            meter.add(len(piece))


def upload(client: Client, handle: int, pieces: Iterable[bytes], meter: Meter) -> None:
    """Write to an open file of the guest, and have it kept there.

    Parameters:
        client: the connection.
        handle: the file's.
        pieces: what to write.
        meter: is told of each piece.

    Raises:
        CommandError: it can't be written.
        ConnectionLost: the connection ended before it was.
    """
    for piece in pieces:
        rest = piece
        while rest:
            written = _write(client, handle, rest)
            meter.add(written)
            rest = rest[written:]
    client.execute("guest-file-flush", handle=handle)


def base_name(path: str) -> str:
    """Return the last part of a guest's path, be it Unix or Windows."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _write(client: Client, handle: int, piece: bytes) -> int:
    text = base64.b64encode(piece).decode("ascii")
    value = client.execute("guest-file-write", {"handle": handle, "buf-b64": text})
    written = member(value, "count", int, "guest-file-write")
    if not 0 < written <= len(piece):
        raise strange("guest-file-write")
    return written


def _open(client: Client, path: str, mode: str) -> int:
    """Open a file; who doesn't wait for it any more has it closed when it is open."""
    answers: list[Return | ErrorReply] = []
    given_up = False

    def take(reply: Return | ErrorReply) -> None:
        answers.append(reply)
        if given_up and isinstance(reply, Return):
            close = {"execute": "guest-file-close", "arguments": {"handle": reply.value}}
            client.submit(close, on_reply=lambda _: None)

    arguments = {"path": path, "mode": mode}
    client.submit({"execute": "guest-file-open", "arguments": arguments}, on_reply=take)
    try:
        client.wait(lambda: bool(answers), timeout=None)
    except BaseException:
        given_up = True
        raise
    match answers:
        case [Return(value=int(handle))]:
            return handle
        case [ErrorReply() as reply]:
            raise CommandError(reply.error_class, reply.desc, reply.members)
    raise strange("guest-file-open")


def _size(client: Client, handle: int) -> int:
    """Return how many bytes a file has; 0 when that can't be told, as of a pipe."""
    try:
        value = client.execute("guest-file-seek", handle=handle, offset=0, whence=_FROM_END)
        client.execute("guest-file-seek", handle=handle, offset=0, whence=_FROM_BEGINNING)
    except CommandError:
        return 0
    size = member(value, "position", int, "guest-file-seek")
    return size if 0 < size < _ABSURD_SIZE else 0
