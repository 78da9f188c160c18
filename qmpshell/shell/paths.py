"""Offers the paths of files, and the names of programs, written as the line needs them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from prompt_toolkit.completion import (
    CompleteEvent,
    Completer,
    Completion,
    ExecutableCompleter,
    PathCompleter,
)
from prompt_toolkit.document import Document

from qmpshell.errors import LineError
from qmpshell.language import Expected
from qmpshell.language.candidates.spelling import write_text
from qmpshell.language.quotes import QUOTES, unquote
from qmpshell.render import escape
from qmpshell.schema import BuiltinType, Kind

_STRING = BuiltinType(Kind.STRING)

#: What means something else to the operating system's shell.
_SPECIAL = re.compile(r"""([\s\\"'`$&|;<>(){}\[\]*?!#~])""")


def paths(fits: Expected, behind: str) -> Iterator[Completion]:
    """Offer paths for a command of our own, in quotes where they need some.

    Parameters:
        fits: what is expected at the cursor.
        behind: what stands behind the cursor.
    """

    def written(path: str) -> str:
        candidate = write_text(path, "", fits, _STRING, alone=True)
        text = candidate.text + candidate.ending
        # What is in a folder goes on in its quotes.
        goes_on = text[-1] in QUOTES and (path.endswith("/") or behind.startswith(text[-1]))
        return text[:-1] if goes_on else text

    typed = fits.prefix
    if fits.quote:
        try:
            typed = unquote(f"{fits.quote}{typed}{fits.quote}", 0, len(typed) + 2)
        except LineError:
            return
    yield from _offered(PathCompleter(expanduser=True), fits, typed, written)


def system_paths(fits: Expected) -> Iterator[Completion]:
    """Offer paths for the operating system's shell."""
    yield from _offered(PathCompleter(expanduser=True), fits, _plain(fits.prefix), _for_system)


def programs(fits: Expected) -> Iterator[Completion]:
    """Offer programs for the operating system's shell: those in ``PATH``, or at a path."""
    typed = _plain(fits.prefix)
    completer = PathCompleter(file_filter=_can_be_run, expanduser=True)
    if "/" not in typed and not typed.startswith("~"):
        completer = ExecutableCompleter()
    yield from _offered(completer, fits, typed, _for_system)


def _can_be_run(path: str) -> bool:
    return os.access(path, os.X_OK)


def _offered(
    completer: Completer, fits: Expected, typed: str, written: Callable[[str], str]
) -> Iterator[Completion]:
    """Offer what prompt_toolkit finds, but for what is hidden or could harm a terminal."""
    seen = set()
    hidden = not typed.rpartition("/")[2].startswith(".")
    for found in completer.get_completions(Document(typed), CompleteEvent()):
        name = found.display_text
        if name in seen or name != escape(name) or (hidden and name.startswith(".")):
            continue
        seen.add(name)
        path = typed + found.text + ("/" if name.endswith("/") else "")
        yield Completion(written(path), start_position=-len(fits.prefix), display=name)


def _plain(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word)


def _for_system(path: str) -> str:
    tilde = "~" if path.startswith("~") else ""
    return tilde + _SPECIAL.sub(r"\\\1", path.removeprefix("~"))
