"""A second QEMU that is asked what could end the first, and thrown away.

It is of the same version, has no machine in it, and lives for one question.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import stat
import struct
import subprocess
import time
import weakref
from pathlib import Path
from typing import Any

from qmpshell.client.client import Client
from qmpshell.client.names.source import Question
from qmpshell.protocol import Greeting

#: Afterwards it is ended, in seconds; an answer takes a tenth of one.
_PATIENCE = 10.0

#: More is no list of properties.
_LONGEST = 4 * 1024 * 1024

_QEMU_NAME = re.compile(r"qemu-system-[a-z0-9_]+|qemu-kvm|kvm")

_OPTIONS = ("-machine", "none", "-nodefaults", "-display", "none", "-S", "-qmp", "stdio")


def find_binary(client: Client) -> str | None:
    """Find the program that a local server is; ``None`` where that can't be told.

    Who listens may be anybody, so what they run is run by us only where nobody else could
    have put it; otherwise it is the program of the same name on ``PATH``.

    Parameters:
        client: the connection to it.
    """
    # Who listens may be another than QEMU, such as libvirt; then it isn't run.
    pid = _peer(client)
    if pid is None:
        return None
    with contextlib.suppress(OSError):
        path = Path(f"/proc/{pid}/exe").readlink()
        if _QEMU_NAME.fullmatch(path.name) and _is_guarded(path):
            return str(path)
    return shutil.which(_name_of(pid))


def _is_guarded(path: Path) -> bool:
    """Say whether nobody but root and us can put another file there."""
    return all(_only_we_write(place.stat()) for place in (path, *path.parents))


def _only_we_write(status: os.stat_result) -> bool:
    if status.st_uid not in (0, os.geteuid()):
        return False
    if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return True
    by_group = status.st_mode & stat.S_IWGRP and status.st_gid not in (0, os.getegid())
    return not (by_group or status.st_mode & stat.S_IWOTH)


def _peer(client: Client) -> int | None:
    """Return the process that made the socket at the other end."""
    try:
        with socket.socket(fileno=os.dup(client.fileno())) as peer:
            if peer.family != socket.AF_UNIX:
                return None
            size = struct.calcsize("3i")
            data = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    except (OSError, ValueError):
        return None
    pid: int = struct.unpack("3i", data)[0]
    return pid or None


def _name_of(pid: int) -> str:
    """Return a QEMU's own name where its program can't be read; else one that is nobody's."""
    with contextlib.suppress(OSError):
        first = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
        name = Path(os.fsdecode(first)).name
        if _QEMU_NAME.fullmatch(name):
            return name
    return "qemu-system-of-nobody"


class Twin:
    """A throw-away QEMU with one question.

    Parameters:
        binary: the program.
        question: what it is asked.
        greeting: that of the machine; a QEMU of another version isn't believed.

    Attributes:
        question: as given.
        answer: what it said; ``None`` when it said nothing, or isn't believed.
    """

    def __init__(self, binary: str, question: Question, greeting: Greeting | None) -> None:
        self.question = question
        self.answer: Any = None
        self._version = _version(greeting.members) if greeting else None
        self._ended = False
        self._received = bytearray()
        self._deadline = time.monotonic() + _PATIENCE
        self._process = _start(binary, question)
        if self._process:
            # It doesn't end by itself when we do.
            weakref.finalize(self, self._process.kill)

    def fileno(self) -> int:
        """Return the descriptor for an event loop."""
        output = self._process.stdout if self._process else None
        return output.fileno() if output else -1

    def read_available(self) -> bool:
        """Take in what it has said, without blocking; say whether that is all."""
        while not self._ended:
            try:
                data = os.read(self.fileno(), 65536)
            except BlockingIOError:
                self._ended = time.monotonic() > self._deadline
                break
            except OSError:
                data = b""
            self._received += data
            self._ended = not data or self._take_answer() or len(self._received) > _LONGEST
        return self._ended

    def close(self) -> None:
        """End it."""
        if self._process:
            self._process.kill()
            with self._process:
                pass
            self._process = None

    def _take_answer(self) -> bool:
        """Look for the answer among the lines that have come whole."""
        *lines, rest = bytes(self._received).split(b"\n")
        self._received = bytearray(rest)
        for line in lines:
            try:
                message = json.loads(line)
            except ValueError:
                return True
            if "QMP" in message and _version(message) != self._version:
                return True
            if message.get("id") == "asked":
                self.answer = message.get("return")
                return True
        return False


def _version(greeting: dict[str, Any]) -> Any:
    return greeting["QMP"].get("version") if isinstance(greeting.get("QMP"), dict) else None


def _start(binary: str, question: Question) -> subprocess.Popen[bytes] | None:
    requests = ({"execute": "qmp_capabilities"}, {**question.members, "id": "asked"})
    text = "".join(json.dumps(request) for request in requests)
    try:
        process = subprocess.Popen(  # noqa: S603 - the program that the machine is, too
            [binary, *_OPTIONS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None
    assert process.stdin
    assert process.stdout
    os.set_blocking(process.stdout.fileno(), False)
    with contextlib.suppress(OSError):
        process.stdin.write(text.encode("ascii"))
        process.stdin.flush()
    return process
