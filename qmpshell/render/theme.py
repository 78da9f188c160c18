"""Roles → colours. Pygments, which knows them, is imported when the first text is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from qmpshell.render.styled import Rendering, Role, Styled, plain, unpainted

if TYPE_CHECKING:
    from pygments.style import Style


class Theme:
    """A Pygments style, ready to paint styled text for a terminal.

    Parameters:
        style: any style of Pygments; ``None`` for the terminal's own sixteen colours.
    """

    def __init__(self, style: type[Style] | None = None) -> None:
        self._style = style

    @cached_property
    def style(self) -> type[Style]:
        """The style."""
        if self._style is not None:
            return self._style
        from qmpshell.render.pygments_style import TerminalStyle

        return TerminalStyle

    def paint(self, text: Styled | Rendering) -> str:
        """Return the text with the escape sequences that colour it."""
        if not isinstance(text, list):
            return "".join(text.chunks(self.brush))
        painted: list[str] = []
        for role, piece in text:
            on, off = self._sequences[role]
            painted.append(f"{on}{piece}{off}")
        return "".join(painted)

    def brush(self, role: Role) -> Callable[[str], str]:
        """Return what puts a role's escape sequences around a text."""
        on, off = self._sequences[role]
        return (lambda text: f"{on}{text}{off}") if on or off else str

    @cached_property
    def _sequences(self) -> dict[Role, tuple[str, str]]:
        from qmpshell.render.pygments_style import escape_sequences

        return escape_sequences(self.style)


def painted(text: Styled | Rendering, theme: Theme | None) -> Iterator[str]:
    """Yield a text as it is to be written, a large one some tens of kilobytes at a time.

    Parameters:
        text: what to write.
        theme: the colours; ``None`` for none.
    """
    if isinstance(text, list):
        yield theme.paint(text) if theme else plain(text)
    else:
        yield from text.chunks(theme.brush if theme else unpainted)
