"""Where a file goes in the guest, and how it gets there whole.

The agent opens a file and writes to it, and no more: it can't rename one. So a file that is to
be whole or not there is written under another name, and moved by programs of the guest's own.
They are those that POSIX has, and ``readlink -f``, which all Unix systems have.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from typing import TYPE_CHECKING

from qmpshell.client.agent.program import Finished, run_program
from qmpshell.errors import CommandError, Error, FileError
from qmpshell.named_tuple import NamedTuple

if TYPE_CHECKING:
    from qmpshell.client.agent.client import AgentClient

#: What it takes to move a file.
NEEDED = ("guest-exec", "guest-exec-status")

#: How long removing what isn't whole may take, in seconds.
_REMOVE_SECONDS = 5.0

_THERE, _NO_FILE, _NO_FOLDER = 11, 12, 13

#: Given the path, the name of a file in a folder, the permissions of a new one, whether it may
#: be there, and the end of the other name; writes the path that it is. A new file can be
#: written to by its owner alone from the beginning: the agent itself makes one that everybody
#: can write to (tried on 7.2), and leaves one as it is that is there.
_PREPARE = f"""
case $1 in */) test -d "$1" || exit {_NO_FOLDER};; esac
final=$(readlink -f -- "$1") || final=$1
case $final in /*) ;; *) final=$PWD/$final;; esac
test -d "$final" && final=${{final%/}}/$2
if test -e "$final"; then
    test -f "$final" || exit {_NO_FILE}
    test "$4" = yes || exit {_THERE}
fi
beside=${{final%/*}}/.qmpshell-$5
umask 077
set -C
: > "$beside" || exit 1
if test -e "$final"; then
    cp -p --attributes-only -- "$final" "$beside" 2>/dev/null || cp -p -- "$final" "$beside"
else
    chmod "$3" "$beside"
fi || {{ rm -f -- "$beside"; exit 1; }}
printf %s "$final"
"""


class Place(NamedTuple):
    """A place for a file in the guest.

    Attributes:
        final: its path.
        beside: the path of what isn't whole yet.
    """

    final: str
    beside: str


def prepare(guest: AgentClient, path: str, name: str, mode: int, *, overwrite: bool) -> Place:
    """Make an empty file beside the place where one is to be.

    Parameters:
        guest: the connection.
        path: what was given: the file, or a folder that it goes to.
        name: its name in a folder.
        mode: the permissions of a new one; one that is there keeps its own, and its owner.
        overwrite: whether it may be there already.

    Raises:
        FileError: it is there already, or is no file, or nothing can be made there.
        CommandError: the guest has no such programs.
        Error: as :meth:`AgentClient.run`.
    """
    token = secrets.token_hex(8)
    words = (path, name, f"{mode:o}", "yes" if overwrite else "no", token)
    try:
        done = run_program(guest, "sh", ("-c", _PREPARE, "sh", *words))
    except CommandError as error:
        raise CommandError(
            error.error_class, f"{error.desc}; --in-place needs no program of the guest's"
        ) from None
    if done.status == _THERE:
        raise FileError(f"{path}: there is one already in the guest; --overwrite replaces it")
    if done.status == _NO_FILE:
        raise FileError(f"{path}: in the guest that is no file")
    if done.status == _NO_FOLDER:
        raise FileError(f"{path}: there is no such folder in the guest")
    if done.status != 0:
        raise _failed(path, done)
    final = done.output.decode("utf-8", "surrogateescape")
    return Place(final, f"{final.rpartition('/')[0]}/.qmpshell-{token}")


def move(guest: AgentClient, place: Place) -> None:
    """Give the file beside its place the name that it is to have.

    Raises:
        FileError: that can't be done.
        Error: as :meth:`AgentClient.run`.
    """
    done = run_program(guest, "mv", ("-f", "--", place.beside, place.final))
    if done.status != 0:
        raise _failed(place.final, done)


def remove(guest: AgentClient, place: Place) -> bool:
    """Remove the file beside its place; say whether that was done."""
    with contextlib.suppress(Error):
        done = run_program(guest, "rm", ("-f", "--", place.beside), timeout=_REMOVE_SECONDS)
        return done.status == 0
    return False


def is_there(guest: AgentClient, path: str) -> bool:
    """Say whether there is a file, without running a program.

    It is opened for both reading and writing: for one of them alone, a pipe would keep the
    agent waiting for the other.
    """
    from qmpshell.client.agent.files import opened

    try:
        with opened(guest, path, "r+"):
            return True
    except CommandError:
        return False


def _failed(path: str, done: Finished) -> FileError:
    lines = done.errors.decode("utf-8", "replace").strip().splitlines() or ["no reason is known"]
    reason = re.sub(r"^sh: (line )?\d+: ", "", lines[-1])
    return FileError(f"{path}: not written in the guest: {reason}")
