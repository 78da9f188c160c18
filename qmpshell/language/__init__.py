"""What a person types → a command; and what is expected at the cursor.

Everything here is computed from text alone. ``beginning`` says what kind of line a text is,
``words`` cuts shorthand into words, ``parser`` makes a syntax tree of them (``tree``), and
``binding`` the command to send. Where a server's schema is known, ``typed_binding`` names
what was given by position, and ``fitting`` gives every value its type, or says why it
doesn't fit; ``places`` finds where that stands. ``colouring`` and ``cursor`` look at the
same words while they are being typed. Whatever is wrong with a text is a ``LineError``,
which has the place in it.
"""

from typing import TYPE_CHECKING, Any

from qmpshell.language.binding import BoundCommand, bind
from qmpshell.language.options import OPTIONS, Option, Options
from qmpshell.language.parser import is_complete, parse, parse_words
from qmpshell.language.spelling import nearest
from qmpshell.language.tree import (
    Action,
    Argument,
    Command,
    Destination,
    Invocation,
    Line,
    Name,
    OptionUse,
    RawJSON,
    ShellCommand,
    Style,
    SystemCommand,
    Transaction,
    Value,
)

if TYPE_CHECKING:
    from qmpshell.language.colouring import Kind, Token, tokens
    from qmpshell.language.cursor import expected
    from qmpshell.language.expectation import Expected, Given, Slot

__all__ = [
    "OPTIONS",
    "Action",
    "Argument",
    "BoundCommand",
    "Command",
    "Destination",
    "Expected",
    "Given",
    "Invocation",
    "Kind",
    "Line",
    "Name",
    "Option",
    "OptionUse",
    "Options",
    "RawJSON",
    "ShellCommand",
    "Slot",
    "Style",
    "SystemCommand",
    "Token",
    "Transaction",
    "Value",
    "bind",
    "expected",
    "is_complete",
    "nearest",
    "parse",
    "parse_words",
    "tokens",
]

#: Only a prompt needs these. Importing them takes time, which a command that is run once
#: from a script would have to wait for.
_AT_A_PROMPT = {
    "Expected": "expectation",
    "Given": "expectation",
    "Kind": "colouring",
    "Slot": "expectation",
    "Token": "colouring",
    "expected": "cursor",
    "tokens": "colouring",
}

if not TYPE_CHECKING:  # pragma: no branch - a type checker would take any name for known

    def __getattr__(name: str) -> Any:
        """Import what a prompt needs when it is asked for."""
        if name not in _AT_A_PROMPT:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_AT_A_PROMPT[name]}"), name)
