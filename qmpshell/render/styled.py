"""Styled text: pieces with a role each, which a theme turns into colours."""

from __future__ import annotations

import enum


class Role(enum.Enum):
    """What a piece of text is. How it looks is the theme's to say."""

    TEXT = "text"
    PUNCTUATION = "punctuation"
    KEY = "key"
    STRING = "string"
    NUMBER = "number"
    CONSTANT = "constant"
    COMMAND = "command"
    OPTION = "option"
    COMMENT = "comment"
    EVENT = "event"
    TIME = "time"
    ERROR = "error"
    NOTE = "note"
    WARNING = "warning"


Styled = list[tuple[Role, str]]


def plain(styled: Styled) -> str:
    """Return the text alone."""
    return "".join(text for _, text in styled)
