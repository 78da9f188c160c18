"""Reads ``/proc``: processes, and which sockets they have. Whatever is gone or forbidden is empty.

How much is read is bounded, as any user may start a process with any arguments.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

#: A command line of libvirt's has some 20 KB.
_COMMAND_LINE_BYTES = 1 << 18
_TABLE_BYTES = 1 << 24
_MOST_DESCRIPTORS = 1 << 16

_SOCKET = r"socket:\[(\d+)\]"


def process_ids() -> list[int]:
    """Return the ids of all processes, in order."""
    with contextlib.suppress(OSError):
        return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
    return []


def command_line(pid: int) -> list[str]:
    """Return a process's program and its arguments; nothing for one that is ending."""
    data = _read(f"/proc/{pid}/cmdline", _COMMAND_LINE_BYTES)
    return [os.fsdecode(word) for word in data.removesuffix(b"\0").split(b"\0")] if data else []


def executable(pid: int) -> str:
    """Return the path of a process's program; ``""`` for another user's."""
    return _link(f"/proc/{pid}/exe")


def working_folder(pid: int) -> str:
    """Return where a process's relative paths begin; ``""`` for another user's."""
    return _link(f"/proc/{pid}/cwd")


def first_folder(pid: int) -> str:
    """Return where a process began, as its shell told it; ``""`` for another user's."""
    environment = _read(f"/proc/{pid}/environ", _COMMAND_LINE_BYTES).split(b"\0")
    folder = next((word[4:] for word in environment if word.startswith(b"PWD=/")), b"")
    return os.fsdecode(folder)


def process_name(pid: int) -> str:
    """Return what a process calls itself."""
    return os.fsdecode(_read(f"/proc/{pid}/comm", 64).removesuffix(b"\n"))


def is_stopped(pid: int) -> bool:
    """Say whether a process was stopped, by SIGSTOP, Ctrl-Z or a debugger."""
    # The name stands in brackets before the state, and may have brackets in it.
    state = _read(f"/proc/{pid}/stat", 4096).rpartition(b")")[2].split()[:1]
    return state in ([b"T"], [b"t"])


def sockets_of(pid: int) -> dict[int, int] | None:
    """Return the numbers of a process's sockets by descriptor; ``None`` for another user's."""
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)[:_MOST_DESCRIPTORS]
    except OSError:
        return None
    sockets: dict[int, int] = {}
    for name in names:
        if found := re.fullmatch(_SOCKET, _link(f"{folder}/{name}")):
            sockets[int(name)] = int(found[1])
    return sockets


def network(pid: int) -> str:
    """Return which network namespace a process is in; ``""`` for another user's."""
    return _link(f"/proc/{pid}/ns/net")


def table(pid: int, name: str) -> bytes:
    """Return a table of the network that a process is in, such as ``unix``."""
    return _read(f"/proc/{pid}/net/{name}", _TABLE_BYTES)


def socket_owners() -> dict[int, int]:
    """Return which process has each socket, by its number, as far as we may know."""
    owners: dict[int, int] = {}
    for pid in process_ids():
        for inode in (sockets_of(pid) or {}).values():
            owners.setdefault(inode, pid)
    return owners


def file_number(path: str) -> int:
    """Return the inode of a file, symbolic links followed; 0 when there is none to be seen."""
    with contextlib.suppress(OSError, ValueError):
        return os.stat(path).st_ino
    return 0


def is_hidden(path: str) -> bool:
    """Say whether a file may be there, in a folder that we may not enter."""
    try:
        os.stat(path)
    except PermissionError:
        return True
    except (OSError, ValueError):
        pass
    return False


def places(pid: int, path: str) -> Iterator[str]:
    """Return where a path of a process may be for us.

    A container has folders of its own, seen through ``/proc/PID/root``. ``-daemonize`` takes
    QEMU to ``/``, so where a relative path began is a guess.
    """
    if not os.path.isabs(path):
        for folder in (working_folder(pid), first_folder(pid), os.getcwd()):
            if folder:
                yield os.path.join(folder, path)
        return
    yield path
    yield f"/proc/{pid}/root{path}"


def _read(path: str, limit: int) -> bytes:
    with contextlib.suppress(OSError), open(path, "rb") as file:
        return file.read(limit)
    return b""


def _link(path: str) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(path)
    return ""
