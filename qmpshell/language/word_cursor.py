"""The words behind a command's name, up to the cursor → what fits at the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.language.arguments import option_name
from qmpshell.language.expectation import Expected, Given, Slot
from qmpshell.language.json_cursor import Path, Place, find_cursor
from qmpshell.language.options import OPTIONS
from qmpshell.language.quotes import find_closing_quote
from qmpshell.language.tree import Style
from qmpshell.language.words import Word


def expected_among(
    text: str, words: Sequence[Word], *, command: str | None, action: str | None = None
) -> Expected:
    """Say what fits at the last word, at whose end the cursor stands.

    Parameters:
        text: the text that they stand in.
        words: what follows the name of the command or the action.
        command: the command's name.
        action: the action's name.
    """
    word = words[-1]
    given, option = _given(words[:-1])
    place = _at_word(text, word)._replace(command=command, action=action)
    if option:
        return place._replace(kind=Slot.OPTION_VALUE, argument=(option,))
    if name := option_name(word):
        kind = Slot.OPTION_VALUE if word.name else Slot.OPTION_NAME
        return place._replace(kind=kind, argument=(name.text,) if word.name else ())
    return place._replace(given=given + place.given)


def _given(words: Sequence[Word]) -> tuple[tuple[Given, ...], str | None]:
    """Return the arguments among words, and the option that waits for what it takes."""
    given: list[Given] = []
    option: str | None = None
    for word in words:
        name = option_name(word)
        if name is None and option is None:
            given.append(Given(_path(word), word.value.text))
        waits = name is not None and not word.name and name.text in OPTIONS
        option = name.text if name and waits and OPTIONS[name.text].takes else None
    return tuple(given), option


def _path(word: Word) -> Path:
    return tuple(word.name.text.split(".")) if word.name else ()


def _at_word(text: str, word: Word) -> Expected:
    value = word.value
    if value.end < word.end:
        return Expected(Slot.NOTHING, len(text), "")
    if value.style is Style.BRACKETED:
        return _in_brackets(text, word)
    if value.style is Style.QUOTED:
        if find_closing_quote(text, value.start) is not None:
            return Expected(Slot.NOTHING, len(text), "")
        prefix = text[value.start + 1 :]
        quote = text[value.start]
        return Expected(Slot.VALUE, value.start + 1, prefix, quote, argument=_path(word))
    if word.name:
        return Expected(Slot.VALUE, value.start, value.text, argument=_path(word))
    above = tuple(value.text.split(".")[:-1])
    return Expected(Slot.ARGUMENT_NAME, word.start, value.text, argument=above)


def _in_brackets(text: str, word: Word) -> Expected:
    cursor = find_cursor(text, word.value.start)
    if cursor.place is Place.NEITHER:
        return Expected(Slot.NOTHING, len(text), "")
    kind = Slot.ARGUMENT_NAME if cursor.place is Place.KEY else Slot.VALUE
    path = _path(word)
    given = tuple(Given(path + below, text) for below, text in cursor.scalars)
    below = path + cursor.path
    place = Expected(kind, cursor.start, cursor.prefix, cursor.quote, argument=below, given=given)
    return place._replace(in_json=True)
