"""What a line says, with the place of every part: the syntax tree.

Nothing here has a meaning yet. A value is the text that was written and how it was
written, so that whoever binds the tree decides what it means: the schema-less rules of
:mod:`qmpshell.language.binding`, or a server's schema.

All positions are in characters from the beginning of the whole text.
"""

from __future__ import annotations

import enum

from qmpshell.named_tuple import NamedTuple


class Name(NamedTuple):
    """A name, or one part of a dotted one, where it stands."""

    text: str
    start: int
    end: int


class Style(enum.Enum):
    """How a value was written."""

    BARE = "as it is"
    QUOTED = "in quotes"
    BRACKETED = "as a literal in brackets"


class Value(NamedTuple):
    """A value as it was written.

    Attributes:
        text: what it says. Quotes and escapes are resolved when it is ``QUOTED``.
        style: how it was written.
        start: where it begins, its quote or bracket included.
        end: where it ends (exclusive), likewise.
    """

    text: str
    style: Style
    start: int
    end: int


class Argument(NamedTuple):
    """One argument of a command or an action.

    Attributes:
        path: the parts of its dotted name; empty when it was given by position.
        value: what stands after the ``=``, or the whole word when it has no name.
    """

    path: tuple[Name, ...]
    value: Value

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.path[0].start if self.path else self.value.start


class OptionUse(NamedTuple):
    """One of the shell's own options on a line, such as ``--timeout 5``.

    Attributes:
        name: its name with the dashes.
        value: what it was given, for those that take something.
    """

    name: Name
    value: Value | None


class Destination(NamedTuple):
    """Where what a line has to show goes: ``| COMMAND``, ``> FILE`` or ``>> FILE``.

    Attributes:
        operator: ``|``, ``>`` or ``>>``.
        target: the command as it was written, for a shell of the operating system; or the
            file's name.
    """

    operator: Name
    target: Value

    @property
    def is_program(self) -> bool:
        """Whether it goes to a program, not into a file."""
        return self.operator.text == "|"


class Invocation(NamedTuple):
    """A command in shorthand: ``NAME ARG...``."""

    name: Name
    arguments: tuple[Argument, ...]
    options: tuple[OptionUse, ...]
    destination: Destination | None = None


class Action(NamedTuple):
    """One action of a transaction."""

    name: Name
    arguments: tuple[Argument, ...]


class Transaction(NamedTuple):
    """``transaction( ACTION... )``.

    Attributes:
        name: the word ``transaction`` with its bracket.
        actions: what is between the brackets; at least one.
        arguments: further arguments of ``transaction`` itself, from behind the block.
        options: the options behind the block.
        destination: where the reply goes, if that is said.
    """

    name: Name
    actions: tuple[Action, ...]
    arguments: tuple[Argument, ...]
    options: tuple[OptionUse, ...]
    destination: Destination | None = None


class RawJSON(NamedTuple):
    """A request in JSON, from its first brace to the matching one; not read yet.

    Attributes:
        text: the request.
        start: where it begins.
        end: where it ends (exclusive).
        options: the options behind it.
        destination: where the reply goes, if that is said.
    """

    text: str
    start: int
    end: int
    options: tuple[OptionUse, ...] = ()
    destination: Destination | None = None


class ShellCommand(NamedTuple):
    """A command of the shell itself: ``/help device_add``, or ``help`` and ``exit``.

    Attributes:
        name: its name without the slash; ``help`` for ``?``.
        rest: everything behind the name, without the blanks around it.
        rest_start: where that begins.
        destination: where what it shows goes, if that is said.
    """

    name: Name
    rest: str
    rest_start: int
    destination: Destination | None = None


class SystemCommand(NamedTuple):
    """A command of the operating system: ``!ls -l``.

    Attributes:
        text: everything behind the ``!``, without the blanks around it; empty for a shell.
        start: where the ``!`` is.
        end: where the text ends (exclusive).
    """

    text: str
    start: int
    end: int


#: What can be sent to a server.
Command = Invocation | RawJSON | Transaction

#: Everything that a line can be.
Line = Command | ShellCommand | SystemCommand
