"""What stands behind a command of the shell itself: its options, and other words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from qmpshell.errors import LineError
from qmpshell.language.complaints import no_such_name
from qmpshell.language.faults import shown
from qmpshell.language.tree import ShellCommand, Style, Value
from qmpshell.language.words import Word, scan_words
from qmpshell.named_tuple import NamedTuple


class ShellWords(NamedTuple):
    """The words of a command of the shell.

    Attributes:
        options: what each option was given that is there, by its name with the dashes;
            the option's own word for one that takes nothing.
        words: the others.
    """

    options: Mapping[str, Value]
    words: tuple[Value, ...]


def read_shell_words(
    text: str, options: Mapping[str, str | None], *, literal: bool = False
) -> ShellWords:
    """Read what stands behind the name of a shell's command.

    Parameters:
        text: all of it.
        options: what each option takes, in capitals; ``None`` for one that stands alone.
        literal: take a text that isn't quoted for one word, up to the end and as it is.

    Raises:
        LineError: there is no such option, it is given twice or lacks what it takes, or a
            quote is not closed.
    """
    given: dict[str, Value] = {}
    words: list[Value] = []
    waiting: Value | None = None
    for word in scan_words(text, 0):
        value = _value(text, word)
        if waiting:
            given[waiting.text] = _checked(word, value)
            waiting = None
        elif word.name and word.name.text.startswith("--"):
            name = Value(word.name.text, Style.BARE, word.name.start, word.name.end)
            if find_shell_option(name, options, given) is None:
                raise LineError(f"{name.text} takes nothing", word.value.start, word.end)
            given[name.text] = _checked(word, word.value)
        elif value.style is Style.BARE and value.text.startswith("--"):
            takes = find_shell_option(value, options, given)
            given[value.text] = value
            waiting = value if takes else None
        elif literal and value.style is not Style.QUOTED:
            rest = text[word.start :]
            words.append(Value(rest, Style.BARE, word.start, len(text)))
            break
        else:
            words.append(_checked(word, value))
    if waiting:
        message = f"{waiting.text} takes {options[waiting.text]}"
        raise LineError(message, waiting.start, waiting.end)
    return ShellWords(given, tuple(words))


def only_file(given: ShellWords, text: str) -> str:
    """Return the file that is the only word.

    Parameters:
        given: the words.
        text: the text that they stand in.

    Raises:
        LineError: there is none, or another word.
    """
    if len(given.words) == 1:
        return given.words[0].text
    start = given.words[1].start if given.words else len(text)
    raise LineError("one file is expected; quote a name with blanks", start, len(text))


@contextlib.contextmanager
def placed_behind(line: ShellCommand) -> Iterator[None]:
    """Let errors about what stands behind a command's name say where in the line that is."""
    try:
        yield
    except LineError as error:
        start = line.rest_start
        raise LineError(error.message, start + error.start, start + error.end) from None


def _value(text: str, word: Word) -> Value:
    """Return a word as it is: here no name stands before an equals sign."""
    if word.name is None:
        return word.value
    return Value(text[word.start : word.end], Style.BARE, word.start, word.end)


def _checked(word: Word, value: Value) -> Value:
    if word.fault:
        raise word.fault
    return value


def find_shell_option(
    name: Value, options: Mapping[str, str | None], given: Mapping[str, Value]
) -> str | None:
    """Return what an option takes; ``None`` for nothing.

    Parameters:
        name: its name.
        options: those that there are.
        given: those that were given before.

    Raises:
        LineError: there is none of this name, or it was given before.
    """
    if name.text not in options:
        hint = no_such_name(name.text, options)
        raise LineError(f"no such option {shown(name.text)}{hint}", name.start, name.end)
    if name.text in given:
        raise LineError(f"{name.text} is given twice", name.start, name.end)
    return options[name.text]
