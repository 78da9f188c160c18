"""``/source FILE``, at the prompt and in scripts: which file, and how deep in others."""

from __future__ import annotations

from qmpshell.errors import UsageError
from qmpshell.language.shell_words import only_file, read_shell_words

#: A file may run another, which may run another: so deep. One that runs itself ends there.
MOST_NESTED = 16


def sourced_file(rest: str, depth: int) -> str:
    """Return the file that is to be run.

    Parameters:
        rest: what stands behind ``/source``.
        depth: how many files are being run, one from another.

    Raises:
        LineError: there is no file, or more than one.
        UsageError: they are too many.
    """
    file = only_file(read_shell_words(rest, {}), rest)
    if depth >= MOST_NESTED:
        raise UsageError(f"nested over {MOST_NESTED} files deep; does one of them run itself?")
    return file
