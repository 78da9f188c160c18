"""Why a socket may not be opened: whose it is, and which users or groups may."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from pathlib import Path


def who_may_connect(path: str) -> str:
    """Say, in a sentence, who may connect to a Unix socket that we may not.

    Connecting takes the right to search each folder on the way and to write to the
    socket itself (``unix(7)``).

    Parameters:
        path: the socket's path.
    """
    socket_path = Path(os.path.abspath(path))
    for folder in reversed(socket_path.parents):
        if not os.access(folder, os.X_OK):
            return _owner(folder, stat.S_IXGRP, stat.S_IXOTH)
    return _owner(socket_path, stat.S_IWGRP, stat.S_IWOTH)


def _owner(path: Path, group_bit: int, other_bit: int) -> str:
    try:
        status = path.stat()
    except OSError as error:
        return f"{path}: {error.strerror}"
    mode = stat.filemode(status.st_mode)
    user, group = _user_name(status.st_uid), _group_name(status.st_gid)
    facts = f"{path} belongs to {user}:{group} ({mode})"
    if status.st_mode & other_bit:
        return f"{facts}, yet something beyond its mode keeps this user out"
    if status.st_mode & group_bit:
        return f"{facts}: connect as {user}, or as a member of the group {group}"
    return f"{facts}: connect as {user}"


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
