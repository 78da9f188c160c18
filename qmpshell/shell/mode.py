"""What a line means: the part of the shell that differs between QMP and HMP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.lexers import Lexer

from qmpshell.render import escape
from qmpshell.shell.matching import fitting

#: Given what stands before the cursor and the terminal's width, returns styled pieces.
WriteBottomLine = Callable[[str, int], list[tuple[str, str]]]


class Mode(Protocol):
    """A language that the shell speaks.

    Attributes:
        completer: completes what is typed.
        lexer: colours what is typed.
        bottom_line: writes the line below all others, or nothing for none.
    """

    completer: Completer
    lexer: Lexer
    bottom_line: WriteBottomLine

    def connected(self) -> None:
        """Take note of another connection; ask it, without waiting, what completion needs."""

    def is_complete(self, text: str) -> bool:
        """Say whether Enter runs the text, rather than beginning another line of it."""

    def run(self, text: str) -> None:
        """Run what was typed.

        Raises:
            Error: it went wrong.
        """


def completions(typed: str, names: Iterable[str], meta: str = "") -> Iterable[Completion]:
    """Offer the names that fit.

    Parameters:
        typed: what stands before the cursor of the name.
        names: the names there are; a mapping has what stands beside each in the menu. One
            that could harm a terminal is never offered.
        meta: what stands beside those of which no mapping says it.
    """
    for name in fitting(typed, names):
        if name == escape(name):
            beside = escape(names[name]) if isinstance(names, Mapping) else meta
            yield Completion(name, start_position=-len(typed), display_meta=beside)
