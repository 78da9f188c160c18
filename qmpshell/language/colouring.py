"""What is being typed → coloured pieces, at any moment of typing."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator

from qmpshell.language.arguments import is_command_name, option_name
from qmpshell.language.beginning import Beginning, Form, find_beginning
from qmpshell.language.blocks import split_block
from qmpshell.language.brackets import find_closing_bracket
from qmpshell.language.destination import Redirection, find_redirection, split_words
from qmpshell.language.options import OPTIONS
from qmpshell.language.parser import LITERAL
from qmpshell.language.scalars import is_constant, is_number
from qmpshell.language.tree import Style, Value
from qmpshell.language.words import Word, skip_gap
from qmpshell.named_tuple import NamedTuple


class Kind(enum.Enum):
    """What a piece of text is."""

    COMMAND = "the name of a command or an action"
    SHELL_COMMAND = "the name of a command of the shell itself"
    ARGUMENT = "an argument's name, or a member's in JSON"
    OPTION = "one of the shell's own options"
    PUNCTUATION = "what stands between: = , : ; and brackets"
    STRING = "text in quotes"
    NUMBER = "a number"
    CONSTANT = "true, false, null and their like"
    BARE = "a value without quotes"
    COMMENT = "what is not read"
    ERROR = "what can't stand where it stands"


class Token(NamedTuple):
    """A piece of the text; they come in order and never overlap."""

    kind: Kind
    start: int
    end: int


_UNREAD = re.compile(r"#[^\n]*+|->")
_SHELL_COMMAND = re.compile(r"/?\S*+")
_SYSTEM_COMMAND = re.compile(r"!\s*+\S*+")

_LITERAL = re.compile(
    r"(?P<blank>\s++)"
    r"|(?P<punctuation>[{}\[\],:]++)"
    r"""|(?P<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?)"""
    r"(?P<key>(?=\s*+:))?"
    r"""|(?P<bare>[^\s"'{}\[\],:]++)"""
)


def tokens(text: str) -> list[Token]:
    """Say what each piece of a text is. Blanks are in no token."""
    beginning = find_beginning(text)
    found = list(_unread(text, 0, beginning.start))
    match beginning.form:
        case Form.SHELL_COMMAND:
            found += _shell_command(text, beginning.start)
        case Form.SYSTEM_COMMAND:
            found += _system_command(text, beginning.start)
        case Form.JSON:
            found += _json(text, beginning.start)
        case Form.TRANSACTION:
            found += _transaction(text, beginning)
        case Form.SHORTHAND:
            words, behind = split_words(text, beginning.start)
            names = {word.start for word in words[:1]}
            found += _words(text, words, names, beginning.start, behind)
    return found


def _shell_command(text: str, start: int) -> Iterator[Token]:
    name = _SHELL_COMMAND.match(text, start)
    assert name is not None
    yield Token(Kind.SHELL_COMMAND, start, name.end())
    command = name[0].removeprefix("/")
    literal = command in LITERAL
    behind = None if literal else find_redirection(text, name.end(), hmp=command == "hmp")
    yield from _stripped(Kind.BARE, text, name.end(), behind.start if behind else len(text))
    yield from _redirection(text, behind)


def _system_command(text: str, start: int) -> Iterator[Token]:
    name = _SYSTEM_COMMAND.match(text, start)
    assert name is not None
    yield Token(Kind.SHELL_COMMAND, start, start + len(name[0].rstrip()))
    yield from _stripped(Kind.BARE, text, name.end(), len(text))


def _stripped(kind: Kind, text: str, start: int, end: int) -> Iterator[Token]:
    """Give what stands between two places one colour, but for the blanks around it."""
    part = text[start:end]
    if part.strip():
        yield Token(kind, end - len(part.lstrip()), start + len(part.rstrip()))


def _redirection(text: str, behind: Redirection | None) -> Iterator[Token]:
    """Colour where the reply goes; what belongs to another shell isn't told apart."""
    if behind is None:
        return
    operator, target = behind.destination
    yield Token(Kind.PUNCTUATION, operator.start, operator.end)
    if target.end > target.start:
        quoted = target.style is Style.QUOTED
        yield Token(Kind.STRING if quoted else Kind.BARE, target.start, target.end)
    yield from _stripped(Kind.ERROR, text, target.end, behind.line_end)
    position, _ = skip_gap(text, behind.line_end)
    yield from _unread(text, behind.line_end, position)
    yield from _stripped(Kind.ERROR, text, position, len(text))


def _json(text: str, start: int) -> Iterator[Token]:
    extent = find_closing_bracket(text, start)
    yield from _literal(text, start, extent.end)
    if extent.fault:
        yield from _stripped(Kind.ERROR, text, extent.end, len(text))
        return
    words, behind = split_words(text, extent.end)
    position, value_follows = extent.end, False
    for word in words:
        yield from _unread(text, position, word.start)
        name = option_name(word)
        if name or value_follows:
            yield from _word(text, word)
        else:
            yield Token(Kind.ERROR, word.start, word.end)
        option = OPTIONS.get(name.text) if name else None
        value_follows = option is not None and option.takes is not None and not word.name
        position = word.end
    yield from _unread(text, position, behind.start if behind else len(text))
    yield from _redirection(text, behind)


def _transaction(text: str, beginning: Beginning) -> Iterator[Token]:
    yield Token(Kind.COMMAND, beginning.start, beginning.start + len("transaction"))
    yield Token(Kind.PUNCTUATION, beginning.opened - 1, beginning.opened)
    words, behind = split_words(text, beginning.opened)
    actions = split_block(words).actions
    names = {action[0].start for action in actions if action}
    yield from _words(text, words, names, beginning.opened, behind)


def _words(
    text: str, words: Iterable[Word], names: set[int], start: int, behind: Redirection | None
) -> Iterator[Token]:
    """Colour words and what is between them.

    Parameters:
        names: where the words begin that name a command or an action.
        start: where the text before the first word begins.
        behind: what follows them.
    """
    position = start
    for word in words:
        yield from _unread(text, position, word.start)
        if word.start in names:
            kind = Kind.COMMAND if is_command_name(word) else Kind.ERROR
            yield Token(kind, word.start, word.end)
        else:
            yield from _word(text, word)
        position = word.end
    yield from _unread(text, position, behind.start if behind else len(text))
    yield from _redirection(text, behind)


def _unread(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _UNREAD.finditer(text, start, end):
        yield Token(Kind.COMMENT, found.start(), found.end())


def _word(text: str, word: Word) -> Iterator[Token]:
    if word.bare in (")", ";"):
        yield Token(Kind.PUNCTUATION, word.start, word.end)
        return
    option = option_name(word)
    if (name := option or word.name) and name.text:
        yield Token(Kind.OPTION if option else Kind.ARGUMENT, name.start, name.end)
    if word.name:
        yield Token(Kind.PUNCTUATION, word.name.end, word.name.end + 1)
    if word.name or not option:
        yield from _value(text, word.value)
    if word.end > word.value.end:
        yield Token(Kind.ERROR, word.value.end, word.end)


def _value(text: str, value: Value) -> Iterator[Token]:
    if value.style is Style.BRACKETED:
        yield from _literal(text, value.start, value.end)
    elif value.style is Style.QUOTED:
        yield Token(Kind.STRING, value.start, value.end)
    elif value.text:
        yield Token(_bare_kind(value.text), value.start, value.end)


def _literal(text: str, start: int, end: int) -> Iterator[Token]:
    """Colour JSON or a Python literal, whole or not."""
    for found in _LITERAL.finditer(text, start, end):
        match found.lastgroup:
            case "punctuation":
                yield Token(Kind.PUNCTUATION, found.start(), found.end())
            case "key":
                yield Token(Kind.ARGUMENT, found.start(), found.end())
            case "string":
                yield Token(Kind.STRING, found.start(), found.end())
            case "bare":
                yield Token(_bare_kind(found[0]), found.start(), found.end())


def _bare_kind(text: str) -> Kind:
    if is_number(text):
        return Kind.NUMBER
    return Kind.CONSTANT if is_constant(text) else Kind.BARE
