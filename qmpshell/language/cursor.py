"""The text before the cursor → what fits at the cursor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qmpshell.language.beginning import Form, find_beginning
from qmpshell.language.blocks import split_block
from qmpshell.language.brackets import find_closing_bracket
from qmpshell.language.destination import find_redirection, split_words
from qmpshell.language.destination_cursor import expected_in
from qmpshell.language.expectation import Expected, Given, Slot
from qmpshell.language.json_cursor import Path, Place, find_cursor
from qmpshell.language.parser import LITERAL
from qmpshell.language.system_cursor import expected_in_system
from qmpshell.language.tree import Style, Value
from qmpshell.language.word_cursor import expected_among
from qmpshell.language.words import Word, scan_words, skip_gap

_SHELL_COMMAND = re.compile(r"(/?)(\S*+)")


def expected(text: str) -> Expected:
    """Say what fits behind ``text``, which may be anything."""
    beginning = find_beginning(text)
    match beginning.form:
        case Form.NOTHING:
            kind = Slot.NOTHING if _ends_in_comment(text) else Slot.COMMAND_NAME
            return Expected(kind, len(text), "")
        case Form.SHELL_COMMAND:
            return _in_shell_command(text, beginning.start)
        case Form.SYSTEM_COMMAND:
            return expected_in_system(text, beginning.start + 1)
        case Form.JSON:
            return _in_json(text, beginning.start)
    words, behind = split_words(text, beginning.opened)
    if behind:
        return expected_in(text, behind)
    words = _words_to_cursor(text, words, beginning.opened)
    if not words:
        return _nothing(text)
    if beginning.form is Form.TRANSACTION:
        return _in_transaction(text, words)
    return _in_invocation(text, words)


def _nothing(text: str) -> Expected:
    return Expected(Slot.NOTHING, len(text), "")


def _ends_in_comment(gap: str) -> bool:
    return gap.rpartition("\n")[2].lstrip().startswith("#")


def _words_to_cursor(text: str, words: list[Word], start: int) -> list[Word]:
    """Return the words, the last of which is at the cursor; none inside a comment."""
    end = words[-1].end if words else start
    if words and end == len(text):
        return words
    _, new_line = skip_gap(text, end)
    if new_line and _ends_in_comment(text[end:]):
        return []
    empty = Value("", Style.BARE, len(text), len(text))
    return [*words, Word(len(text), len(text), None, empty, new_line, None)]


def _in_shell_command(text: str, start: int) -> Expected:
    name = _SHELL_COMMAND.match(text, start)
    assert name is not None
    if name.end() == len(text):
        kind = Slot.SHELL_COMMAND_NAME if name[1] else Slot.COMMAND_NAME
        return Expected(kind, name.start(2), name[2])
    command = "help" if name[2] == "?" else name[2]
    if command not in LITERAL:
        behind = find_redirection(text, name.end(), hmp=command == "hmp")
        if behind:
            return expected_in(text, behind)
    quote, start = _shell_word(text, name.end())
    return Expected(Slot.SHELL_ARGUMENT, start, text[start:], quote, command)


def _shell_word(text: str, position: int) -> tuple[str, int]:
    """Return the quote that is open at the cursor, if one is, and where its word begins."""
    words = list(scan_words(text, position))
    if words and words[-1].fault and words[-1].value.style is Style.QUOTED:
        value = words[-1].value
        return text[value.start], value.start + 1
    prefix = "" if text[-1].isspace() else text[position:].split()[-1]
    return "", len(text) - len(prefix)


def _in_invocation(text: str, words: Sequence[Word]) -> Expected:
    if len(words) == 1:
        return _name(text, words[0], Slot.COMMAND_NAME)
    if words[-1].new_line:
        return _nothing(text)
    return expected_among(text, words[1:], command=words[0].bare)


def _in_transaction(text: str, words: Sequence[Word]) -> Expected:
    block = split_block(words)
    if block.behind:
        return expected_among(text, block.behind, command="transaction")
    action = block.actions[-1]
    if block.closing or not action:
        return _nothing(text)
    if len(action) == 1:
        return _name(text, action[0], Slot.ACTION_NAME, command="transaction")
    return expected_among(text, action[1:], command="transaction", action=action[0].bare)


def _name(text: str, word: Word, kind: Slot, command: str | None = None) -> Expected:
    if word.bare is None:
        return _nothing(text)
    return Expected(kind, word.start, word.bare, command=command)


_KINDS = {
    Place.KEY: Slot.ARGUMENT_NAME,
    Place.VALUE: Slot.VALUE,
    Place.NEITHER: Slot.NOTHING,
}


def _behind_json(text: str, end: int) -> Expected:
    """Say what fits behind raw JSON: options, and where the reply goes."""
    words, behind = split_words(text, end)
    if behind:
        return expected_in(text, behind)
    if not words or words[0].start == end or words[-1].new_line:
        return _nothing(text)
    fits = expected_among(text, _words_to_cursor(text, words, end), command=None)
    return fits if fits.kind in (Slot.OPTION_NAME, Slot.OPTION_VALUE) else _nothing(text)


def _in_json(text: str, start: int) -> Expected:
    extent = find_closing_bracket(text, start)
    if not extent.fault and extent.end < len(text):
        return _behind_json(text, extent.end)
    cursor = find_cursor(text, start)
    scalars = dict(cursor.scalars)
    command = scalars.get(("execute",), scalars.get(("exec-oob",)))
    kind = _KINDS[cursor.place]
    base: Path = ("arguments",)
    action = None
    match cursor.place, cursor.path:
        case Place.KEY, ():
            kind = Slot.MEMBER_NAME
        case Place.VALUE, ("execute" | "exec-oob",):
            kind, command = Slot.COMMAND_NAME, None
        case Place.VALUE, ("arguments", "actions", _, "type") if command == "transaction":
            kind = Slot.ACTION_NAME
        case _, ("arguments", "actions", index, "data", *_) if command == "transaction":
            base = ("arguments", "actions", index, "data")
            action = scalars.get((*base[:3], "type"))
        case (Place.KEY, ("arguments", *_)) | (_, ("arguments", _, *_)):
            pass
        case _:
            kind = Slot.NOTHING
    if kind is Slot.NOTHING:
        return _nothing(text)
    depth = len(base)
    given = tuple(Given(p[depth:], value) for p, value in cursor.scalars if p[:depth] == base)
    return Expected(
        kind,
        cursor.start,
        cursor.prefix,
        cursor.quote,
        command,
        action,
        cursor.path[depth:] if kind in (Slot.ARGUMENT_NAME, Slot.VALUE) else (),
        given,
        in_json=True,
    )
