"""Roles → Pygments' tokens, and those → escape sequences, by its styles and its formatter."""

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

from qmpshell.render.styled import Role

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
    Role.WARNING: Name.Exception,
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
        Name.Exception: "bold ansiyellow",
        Name.Function: "bold",
        Name.Tag: "ansiblue",
        Number: "ansicyan",
        Operator.Word: "ansiyellow",
        String: "ansigreen",
    }


def escape_sequences(style: type[Style]) -> dict[Role, tuple[str, str]]:
    """Return what turns each role's colour on and off again on a terminal."""
    sequences = Terminal256Formatter(style=style).style_string
    return {role: sequences[str(token)] for role, token in TOKENS.items()}
