"""Roles → colours. Pygments, which knows them, is imported when the first text is painted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from qmpshell.render.styled import Role, Styled

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

    def paint(self, styled: Styled) -> str:
        """Return the text with the escape sequences that colour it."""
        painted: list[str] = []
        for role, text in styled:
            on, off = self._sequences[role]
            painted.append(f"{on}{text}{off}")
        return "".join(painted)

    @cached_property
    def _sequences(self) -> dict[Role, tuple[str, str]]:
        from qmpshell.render.pygments_style import escape_sequences

        return escape_sequences(self.style)
