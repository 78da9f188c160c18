"""The history of what was typed: a file that only its owner may read, only ever appended to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from datetime import datetime

from prompt_toolkit.history import FileHistory, History, InMemoryHistory


def history_path(env: Mapping[str, str]) -> str | None:
    """Return where the history is: in the user's folder for state that outlives a session.

    Parameters:
        env: the environment; ``XDG_STATE_HOME`` and ``HOME`` are looked at.

    Returns:
        The file's path; ``None`` for a user without a home.
    """
    state, home = env.get("XDG_STATE_HOME", ""), env.get("HOME", "")
    if os.path.isabs(state):
        return os.path.join(state, "qmpshell", "history")
    if not os.path.isabs(home):
        return None
    return os.path.join(home, ".local", "state", "qmpshell", "history")


def open_history(path: str | None, *, hmp: bool = False) -> tuple[History, str | None]:
    """Open a history, or one that is forgotten at the end where the file can't be had.

    Parameters:
        path: the file; it and its folder are made where there are none. An empty path is
            for who wants none; ``None`` where there could be none.
        hmp: whether lines are in HMP.

    Returns:
        The history, and what went wrong with the file, if anything did.
    """
    if path == "":
        return InMemoryHistory(), None
    if path is None:
        return InMemoryHistory(), "no history is kept: HOME is not set to a folder"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True, mode=0o700)
        usable = _make_private(path)
    except OSError as error:
        return InMemoryHistory(), f"no history is kept: {path}: {error.strerror}"
    # A link to /dev/null is a way to say that none is wanted.
    return (AppendedHistory(path, hmp=hmp) if usable else InMemoryHistory()), None


def _make_private(path: str) -> bool:
    """Make the file where there is none, for its owner alone; say whether it is a plain file."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        os.fchmod(descriptor, 0o600)
        return True
    finally:
        os.close(descriptor)


class AppendedHistory(FileHistory):
    """A history in prompt_toolkit's format, which several shells may append to at once.

    An entry is one write to the file's end, so that those of two shells don't mix. It
    begins with the newline that ends what was there before, so that an entry which a
    killed shell left half written takes nothing from the next one.

    The file never holds what is known to be a secret. What was typed in this session is
    remembered as it was, until its end.

    Parameters:
        path: the file.
        hmp: whether lines are in HMP.
    """

    def __init__(self, path: str, *, hmp: bool = False) -> None:
        super().__init__(path)
        self._hmp = hmp

    def store_string(self, string: str) -> None:
        """Append an entry, unless it begins with a blank: bash and psql can be told to do so too.

        A disk that is full is no reason to end the session.
        """
        if string.startswith(" "):
            return
        # The first prompt doesn't wait for what is needed when a line was typed.
        from qmpshell.language.keeping import kept_line
        from qmpshell.shell.answered import without_answer

        kept = kept_line(string, hmp=self._hmp)
        if kept is None:
            return
        kept = without_answer(kept, hmp=self._hmp)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        try:
            descriptor = os.open(self.filename, flags, 0o600)
            try:
                os.write(descriptor, _entry(kept))
            finally:
                os.close(descriptor)
        except OSError:
            self.filename = os.devnull

    def load_history_strings(self) -> Iterable[str]:
        """Yield the entries, newest first; of one that was cut off, perhaps nothing is left."""
        return filter(None, super().load_history_strings())


def _entry(text: str) -> bytes:
    lines = "".join(f"+{line}\n" for line in text.split("\n"))
    return f"\n# {datetime.now()}\n{lines}".encode("utf-8", "replace")
