"""The history of what was typed: a file that only its owner may read, only ever appended to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory


def history_path(env: Mapping[str, str]) -> Path:
    """Return where the history is: in the user's folder for state that outlives a session.

    Parameters:
        env: the environment; ``XDG_STATE_HOME`` and ``HOME`` are looked at.
    """
    state = env.get("XDG_STATE_HOME", "")
    folder = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"
    return folder / "qmpshell" / "history"


def open_history(path: Path) -> tuple[History, str | None]:
    """Open a history, or one that is forgotten at the end where the file can't be had.

    Parameters:
        path: the file; it and its folder are made where there are none.

    Returns:
        The history, and what went wrong with the file, if anything did.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
        os.close(descriptor)
    except OSError as error:
        return InMemoryHistory(), f"no history is kept: {path}: {error.strerror}"
    return _AppendingHistory(path), None


class _AppendingHistory(FileHistory):
    def store_string(self, string: str) -> None:
        """Append an entry. A disk that is full is no reason to end the session."""
        try:
            super().store_string(string)
        except OSError:
            self.filename = os.devnull
