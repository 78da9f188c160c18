"""A command of the shell itself that was given as words: ``qmp-shell ADDRESS /run uname -a``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from qmpshell.language import Name, ShellCommand

_COMMAND = re.compile(r"/[a-z]+")
_PLAIN = re.compile(r"[\w./:@%+,-]+", re.ASCII)


def is_own_command(word: str) -> bool:
    """Say whether a word is such a command's name."""
    return _COMMAND.fullmatch(word) is not None


def own_command(words: Sequence[str]) -> ShellCommand:
    """Return the command, each of whose words is one whatever is in it.

    Parameters:
        words: its name with the slash, and what stands behind.
    """
    name, rest = words[0][1:], words[1:]
    start = len(words[0])
    match name:
        case "hmp":
            text = " ".join(rest)
        case "run":
            import shlex  # only who needs it waits for it

            text = shlex.join(rest)
        case _:
            text = " ".join(_quoted(word) for word in rest)
    return ShellCommand(Name(name, 1, start), text, start + 1)


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else json.dumps(word, ensure_ascii=False)
