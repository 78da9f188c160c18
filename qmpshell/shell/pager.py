"""What is longer than the screen is shown by a pager, such as ``less``."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from itertools import chain

from qmpshell.errors import UsageError
from qmpshell.render import Rendering, Role, Styled, columns
from qmpshell.render.theme import Theme, painted

#: ``-R`` shows colours, ``-X`` leaves on the screen what was shown, ``-F`` goes at once where
#: the screen is enough. Long lines are wrapped, as what ``-S`` cuts couldn't be copied as JSON.
_LESS = "less -RXF"

#: What less is told when a person has no wishes of their own.
_LESS_OPTIONS = "RXF"

#: How a pager ends that was left, be it with Ctrl-C.
_LEFT = (0, -signal.SIGINT, 128 + signal.SIGINT)


def find_pager(chosen: str | None, env: Mapping[str, str]) -> str | None:
    """Return the command that shows long texts.

    Parameters:
        chosen: what the person chose; ``None`` for nothing, ``""`` for no pager.
        env: the environment; ``PAGER`` is a choice as well.

    Returns:
        It, for a shell; ``None`` for none.
    """
    if chosen is None:
        chosen = env.get("PAGER")
    if chosen is not None:
        return chosen.strip() or None
    # On such a terminal, less would ask whether it may.
    simple = env.get("TERM", "dumb") == "dumb"
    return _LESS if not simple and shutil.which("less", path=env.get("PATH")) else None


def is_longer_than_screen(text: Styled | Rendering, width: int, height: int) -> bool:
    """Say whether a text and a prompt below it take more rows than there are.

    Parameters:
        text: it; no more of it is looked at than it takes to know.
        width: the terminal's columns.
        height: the terminal's rows.
    """
    rows, last_line = 1, ""
    for chunk in chain(painted(text, None), ["\n"]):
        *lines, last_line = (last_line + chunk).split("\n")
        for line in lines:
            rows += max(1, -(-columns(line) // max(1, width)))
            if rows > height:
                return True
    return False


def page(text: Styled | Rendering, theme: Theme | None, pager: str) -> bool:
    """Show a text with a pager, and wait until that is left.

    Parameters:
        text: it; the pager begins with it while the rest is made.
        theme: its colours; ``None`` for none.
        pager: the command, for a shell.

    Returns:
        Whether it was shown. A pager that isn't there, or that failed, may have shown nothing.
    """
    from qmpshell.shell.foreground import run_in_foreground

    if isinstance(text, list):
        text = list(_by_lines(text))
    chunks = chain(painted(text, theme), ["\n"])
    given = (chunk.encode(sys.stdout.encoding, "backslashreplace") for chunk in chunks)
    env = {"LESS": _LESS_OPTIONS, **os.environ}
    try:
        return run_in_foreground(pager, given=given, env=env) in _LEFT
    except UsageError:
        return False


def _by_lines(styled: Styled) -> Iterator[tuple[Role, str]]:
    """Colour each line by itself, as a pager may begin to show a text at any of them."""
    for role, text in styled:
        first, *others = text.split("\n")
        if first:
            yield role, first
        for other in others:
            yield Role.TEXT, "\n"
            if other:
                yield role, other
