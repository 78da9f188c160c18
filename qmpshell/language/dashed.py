"""A command in the manner of other programs: ``NAME --ARG=VALUE...``, as ``qmp`` takes it."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.errors import LineError
from qmpshell.language.arguments import split_path
from qmpshell.language.tree import Argument, Invocation, Name, Style, Value
from qmpshell.language.words import split_value, split_word

_DASHES = "--"


def parse_dashed(words: Sequence[str]) -> Invocation:
    """Read a command's words, which another shell has split.

    ``--ARG=VALUE`` and ``--ARG VALUE`` mean the same, ``--ARG`` alone is true. Dots in the
    name nest. Without the dashes, words mean what they mean to ``qmp-shell``. Options of
    the shell's own aren't known here: ``--timeout`` is the command's.

    Positions, in the tree as in errors, refer to ``" ".join(words)``.

    Parameters:
        words: at least the command's name.

    Raises:
        LineError: an argument can't be understood.
    """
    name, *rest = words
    arguments: list[Argument] = []
    position = len(name) + 1
    while rest:
        used = 2 if _takes_the_next(rest) else 1
        arguments.append(_argument(rest[:used], position))
        position += sum(len(word) + 1 for word in rest[:used])
        rest = rest[used:]
    return Invocation(Name(name, 0, len(name)), tuple(arguments), ())


def _takes_the_next(words: Sequence[str]) -> bool:
    named = words[0].startswith(_DASHES) and "=" not in words[0]
    return named and len(words) > 1 and not words[1].startswith(_DASHES)


def _argument(words: Sequence[str], start: int) -> Argument:
    word = words[0]
    if not word.startswith(_DASHES):
        read = split_word(word, start)
        return _checked(read.name, read.value, read.fault)
    text, equals, behind = word[len(_DASHES) :].partition("=")
    name = Name(text, start + len(_DASHES), start + len(_DASHES) + len(text))
    if equals or len(words) > 1:
        return _checked(name, *split_value(behind if equals else words[1], name.end + 1))
    # A literal, not the word "true", which would be a string where a string is wanted.
    return _checked(name, Value("true", Style.BRACKETED, name.start, name.end), None)


def _checked(name: Name | None, value: Value, fault: LineError | None) -> Argument:
    if fault:
        raise fault
    return Argument(split_path(name) if name else (), value)
