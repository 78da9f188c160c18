"""Files that fit a path which is being typed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator

from qmpshell.cli.completion.completion import Completion


def is_socket(entry: os.DirEntry[str]) -> bool:
    """Say whether a file is a socket."""
    return stat.S_ISSOCK(entry.stat().st_mode)


def any_file(_entry: os.DirEntry[str]) -> bool:
    """Say yes."""
    return True


def find_paths(typed: str, wanted: Callable[[os.DirEntry[str]], bool]) -> Iterator[Completion]:
    """Find the files that fit, and the folders that lead on.

    Parameters:
        typed: the path; its last part is what names have to begin with.
        wanted: says which files fit.
    """
    folder, begun = typed[: typed.rfind("/") + 1], typed[typed.rfind("/") + 1 :]
    try:
        with os.scandir(folder or ".") as entries:
            names = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in names:
        if not entry.name.startswith(begun) or (entry.name.startswith(".") and not begun):
            continue
        try:
            if entry.is_dir():
                yield Completion(f"{folder}{entry.name}/", "folder", open=True)
            elif wanted(entry):
                yield Completion(folder + entry.name)
        except OSError:
            continue  # gone meanwhile
