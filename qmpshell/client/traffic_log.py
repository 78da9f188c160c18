"""A log of every message in both directions: one JSON object a line, only ever appended to."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from qmpshell.client.exchange import Direction
from qmpshell.errors import UsageError
from qmpshell.secrets import hiding_traffic


class TrafficLog:
    """Appends to a file, which only its owner may read. Give it as ``traffic`` to a client.

    A line is ``{"time": ..., "direction": "sent" or "received", "message": ...}``, where
    ``***`` stands for what is known to be a secret.

    Parameters:
        path: the file; it is made where there is none.
        told: is told that others could read the file, which they can't from now on if it is
            ours; and once, as then no more is logged, that the disk is full or the like.

    Raises:
        UsageError: it can't be written, or is no file to write a log to.
    """

    def __init__(self, path: str | Path, told: Callable[[str], None]) -> None:
        try:
            # Without O_NONBLOCK, opening a pipe that nobody reads would wait for ever.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK
            descriptor = os.open(path, flags, 0o600)
        except OSError as error:
            what = "a socket" if _is_socket(path) else error.strerror
            raise UsageError(f"the log {path} can't be written: {what}") from None
        os.set_blocking(descriptor, True)
        self._path = path
        self._failed: Callable[[str], None] | None = told
        self._append_hidden = hiding_traffic(self._append)
        self._file = os.fdopen(descriptor, "w", encoding="ascii", buffering=1)
        if remark := _make_private(descriptor):
            told(f"the log {path} {remark}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._file.close()

    def __call__(self, direction: Direction, members: Mapping[str, Any]) -> None:
        """Append one message, without its secrets."""
        self._append_hidden(direction, members)

    def _append(self, direction: Direction, members: Mapping[str, Any]) -> None:
        line = {"time": datetime.now(UTC).isoformat(), "direction": direction, "message": members}
        if self._failed is None:
            return
        try:
            self._file.write(json.dumps(line) + "\n")
        except OSError as error:
            self._failed(f"the log {self._path} can't be written any more: {error.strerror}")
            self._failed = None


def _make_private(descriptor: int) -> str | None:
    """Take others' rights to a plain file from them; say what there is to say of it."""
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISREG(mode) and mode & 0o077):
        return None
    try:
        os.fchmod(descriptor, 0o600)
    except OSError as error:
        return f"can be read by others, and that can't be changed: {error.strerror}"
    return "could be read by others; now by you alone"


def _is_socket(path: str | Path) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False
