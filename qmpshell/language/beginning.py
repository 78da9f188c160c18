"""What kind of line a text is: its beginning says it."""

from __future__ import annotations

import enum
import re

from qmpshell.language.words import skip_gap
from qmpshell.named_tuple import NamedTuple

#: QEMU's documentation shows it before what a client sends; pasted, it means nothing.
_ARROW = re.compile(r"->\s*+")

_SHELL_COMMAND = re.compile(r"/|(?:help|exit|\?)(?!\S)")
_TRANSACTION = re.compile(r"transaction\s*+\(")


class Form(enum.Enum):
    """The kinds of lines."""

    NOTHING = "blank, or comments only"
    SHELL_COMMAND = "a command of the shell itself"
    SYSTEM_COMMAND = "a command of the operating system"
    JSON = "raw JSON"
    TRANSACTION = "a transaction block"
    SHORTHAND = "a command in shorthand"


class Beginning(NamedTuple):
    """Where a line begins, after blanks, comments and a pasted arrow.

    Attributes:
        form: what it is.
        start: where it begins.
        opened: behind what makes it a transaction; otherwise ``start``.
    """

    form: Form
    start: int
    opened: int


def find_beginning(text: str) -> Beginning:
    """Say what kind of line a text is."""
    start, _ = skip_gap(text, 0, line_start=True)
    if arrow := _ARROW.match(text, start):
        start = arrow.end()
    if opening := _TRANSACTION.match(text, start):
        return Beginning(Form.TRANSACTION, start, opening.end())
    return Beginning(_form_at(text, start), start, start)


def _form_at(text: str, start: int) -> Form:
    if start == len(text):
        return Form.NOTHING
    if text.startswith("{", start):
        return Form.JSON
    if text.startswith("!", start):
        return Form.SYSTEM_COMMAND
    if _SHELL_COMMAND.match(text, start):
        return Form.SHELL_COMMAND
    return Form.SHORTHAND
