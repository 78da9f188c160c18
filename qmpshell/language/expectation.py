"""What can be expected at the cursor.

It says what kind of thing is expected and what is known about its place. Which names fit
is for others to say: they know the server.
"""

from __future__ import annotations

import enum

from qmpshell.language.json_cursor import Path
from qmpshell.named_tuple import NamedTuple


class Slot(enum.Enum):
    """What can be expected."""

    COMMAND_NAME = "a command's name"
    ACTION_NAME = "the name of a transaction's action"
    SHELL_COMMAND_NAME = "the name of a command of the shell itself, without the slash"
    SHELL_ARGUMENT = "a word for a command of the shell itself"
    MEMBER_NAME = "execute, arguments or id, in raw JSON"
    ARGUMENT_NAME = "an argument's name; in shorthand also a value by its position"
    VALUE = "an argument's value"
    OPTION_NAME = "one of the shell's own options"
    OPTION_VALUE = "what an option takes"
    PROGRAM = "the name of a program of the operating system, as its shell takes it"
    PATH = "the path of a file, likewise"
    FILE = "the path of a file, as a word of ours"
    NOTHING = "nothing that could be completed"


class Given(NamedTuple):
    """An argument that stands before the cursor.

    Attributes:
        path: the parts of its name; empty when it was given by position.
        text: its value.
    """

    path: Path
    text: str


class Expected(NamedTuple):
    """What fits at the cursor.

    Attributes:
        kind: what it is.
        start: where the word at the cursor begins, behind its quote.
        prefix: that word up to the cursor. A dotted name is one word in shorthand.
        quote: the quote that is open; empty when there is none.
        command: the command that it belongs to, of QEMU's or of the shell.
        action: the action of a transaction that it belongs to.
        argument: the path of the argument whose value is expected, or of the object that
            the expected name belongs to; an option's name for what it takes.
        given: the arguments of that command or action before the cursor.
        in_json: whether it stands in JSON or a Python literal: names and texts are quoted.
    """

    kind: Slot
    start: int
    prefix: str
    quote: str = ""
    command: str | None = None
    action: str | None = None
    argument: Path = ()
    given: tuple[Given, ...] = ()
    in_json: bool = False
