"""Roles → colours, through Pygments: its tokens, its styles, its escape sequences."""

from __future__ import annotations

from pygments.formatters import Terminal256Formatter
from pygments.style import Style
from pygments.token import (
    Comment,
    Error,
    Generic,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Token,
    _TokenType,
)

from qmpshell.render.styled import Role, Styled

TOKENS: dict[Role, _TokenType] = {
    Role.TEXT: Text,
    Role.PUNCTUATION: Punctuation,
    Role.KEY: Name.Tag,
    Role.STRING: String,
    Role.NUMBER: Number,
    Role.CONSTANT: Keyword.Constant,
    Role.COMMAND: Name.Function,
    Role.OPTION: Operator.Word,
    Role.COMMENT: Comment,
    Role.EVENT: Name.Class,
    Role.TIME: Comment,
    Role.ERROR: Error,
    Role.NOTE: Generic.Subheading,
}


class TerminalStyle(Style):
    """The terminal's own sixteen colours: readable on a dark and on a light background."""

    styles = {  # noqa: RUF012 (Pygments declares it so)
        Token: "",
        Comment: "ansibrightblack",
        Error: "ansired",
        Generic.Subheading: "ansiyellow",
        Keyword.Constant: "ansimagenta",
        Name.Class: "bold ansicyan",
        Name.Function: "bold",
        Name.Tag: "ansiblue",
        Number: "ansicyan",
        Operator.Word: "ansiyellow",
        String: "ansigreen",
    }


class Theme:
    """A Pygments style, ready to paint styled text for a terminal.

    Parameters:
        style: any style of Pygments.
    """

    def __init__(self, style: type[Style] = TerminalStyle) -> None:
        self.style = style
        sequences = Terminal256Formatter(style=style).style_string
        self._sequences = {role: sequences[str(token)] for role, token in TOKENS.items()}

    def paint(self, styled: Styled) -> str:
        """Return the text with the escape sequences that colour it."""
        painted: list[str] = []
        for role, text in styled:
            on, off = self._sequences[role]
            painted.append(f"{on}{text}{off}")
        return "".join(painted)
