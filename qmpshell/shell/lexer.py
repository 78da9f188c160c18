"""Colours what is typed, by the language's own tokens."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles.pygments import pygments_token_to_classname

from qmpshell.language import Kind, tokens
from qmpshell.render import Role
from qmpshell.render.pygments_style import TOKENS

_ROLES = {
    Kind.COMMAND: Role.COMMAND,
    Kind.SHELL_COMMAND: Role.COMMAND,
    Kind.ARGUMENT: Role.KEY,
    Kind.OPTION: Role.OPTION,
    Kind.PUNCTUATION: Role.PUNCTUATION,
    Kind.STRING: Role.STRING,
    Kind.NUMBER: Role.NUMBER,
    Kind.CONSTANT: Role.CONSTANT,
    Kind.BARE: Role.STRING,
    Kind.COMMENT: Role.COMMENT,
    Kind.ERROR: Role.ERROR,
}


def style_class(role: Role) -> str:
    """Return prompt_toolkit's name for how a role looks."""
    return f"class:{pygments_token_to_classname(TOKENS[role])}"


class LineLexer(Lexer):
    """Gives each token of the language its role's style."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Colour the whole text, and return a function from line number to pieces."""
        lines: list[StyleAndTextTuples] = [[]]
        for style, text in _pieces(document.text):
            first, *others = text.split("\n")
            lines[-1].append((style, first))
            lines += [[(style, other)] for other in others]
        return lambda number: lines[number] if number < len(lines) else []


def _pieces(text: str) -> list[tuple[str, str]]:
    """Cover the text with pieces, those between tokens unstyled."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for token in tokens(text):
        pieces.append(("", text[end : token.start]))
        pieces.append((style_class(_ROLES[token.kind]), text[token.start : token.end]))
        end = token.end
    pieces.append(("", text[end:]))
    return pieces
