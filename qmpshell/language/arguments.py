"""Words → names, arguments and options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qmpshell.errors import LineError
from qmpshell.language.brackets import MAX_DEPTH
from qmpshell.language.faults import second_line
from qmpshell.language.options import find_option
from qmpshell.language.tree import Argument, Name, OptionUse, Value
from qmpshell.language.words import Word

_COMMAND_NAME = re.compile(r"""(?!--)[^\s="'(){}\[\]]+""")


def is_command_name(word: Word) -> bool:
    """Say whether a word can name a command or an action."""
    return word.bare is not None and _COMMAND_NAME.fullmatch(word.bare) is not None


def read_arguments(
    words: Iterable[Word],
) -> tuple[tuple[Argument, ...], tuple[OptionUse, ...]]:
    """Read what follows a command's name: its arguments, and the shell's own options.

    Raises:
        LineError: at the first word that is wrong.
    """
    arguments: list[Argument] = []
    options: list[OptionUse] = []
    remaining = iter(words)
    for word in remaining:
        _check(word)
        if name := option_name(word):
            options.append(OptionUse(name, _option_value(word, name, remaining)))
        else:
            path = split_path(word.name) if word.name else ()
            arguments.append(Argument(path, word.value))
    return tuple(arguments), tuple(options)


def _check(word: Word) -> None:
    if word.new_line:
        raise second_line(word.start, word.end)
    if word.fault:
        raise word.fault


def option_name(word: Word) -> Name | None:
    """Return the name of the option that a word is, or ``None`` when it is none."""
    text = word.name.text if word.name else word.bare
    if text is None or not text.startswith("--"):
        return None
    return Name(text, word.start, word.start + len(text))


def _option_value(word: Word, name: Name, remaining: Iterator[Word]) -> Value | None:
    option = find_option(name)
    if word.name:
        return word.value
    if option.takes is None:
        return None
    value = next(remaining, None)
    if value is None or value.name or option_name(value):
        raise LineError(f"{name.text} takes {option.takes}", name.start, name.end)
    _check(value)
    return value.value


def split_path(name: Name) -> tuple[Name, ...]:
    """Split a dotted name into its parts.

    Raises:
        LineError: a part is empty, or there are too many.
    """
    parts: list[Name] = []
    start = name.start
    for text in name.text.split("."):
        end = start + len(text)
        if not text:
            where = "beside the dot" if "." in name.text else "before ="
            message = f"a name is expected {where}"
            raise LineError(message, start, min(end + 1, name.end + 1))
        parts.append(Name(text, start, end))
        start = end + 1
    if len(parts) > MAX_DEPTH:
        message = f"nested over {MAX_DEPTH} levels deep"
        raise LineError(message, parts[MAX_DEPTH].start, name.end)
    return tuple(parts)
