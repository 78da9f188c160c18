"""Shorthand → words: the one place that knows where a word ends.

It takes any text at any moment of typing. What is wrong with a word stands in the word,
and the next one is read all the same, so that a half-typed line can be coloured and
completed by the same rules by which a whole one is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qmpshell.errors import LineError
from qmpshell.language.brackets import CLOSING, find_closing_bracket
from qmpshell.language.options import takes_expression
from qmpshell.language.quotes import QUOTES, find_closing_quote, find_line_end, unquote
from qmpshell.language.tree import Name, Style, Value
from qmpshell.named_tuple import NamedTuple

#: QEMU takes ``json:{"driver": "nbd", ...}`` where it takes a file's name. It is sent as it
#: is, but the blanks in it are its own.
_JSON_FILE_NAME = "json:{"

_BLANKS = re.compile(r"\s*+")
_NAME = re.compile(r"""([^\s="'{}]*+)=""")
_BARE = re.compile(r"""[^\s"']*+""")
_GLUED = re.compile(r"\S*+")

_QUOTES = tuple(QUOTES)
_PARENTHESES = {"(": 1, ")": -1}


class Word(NamedTuple):
    """What stands between blanks: ``name=value``, or a value alone.

    Attributes:
        start: where it begins.
        end: where it ends (exclusive). Behind the value's end only where there is a fault.
        name: what stands before the ``=``, if there is one.
        value: what stands after it, or all of the word.
        new_line: whether it is the first of a line further down.
        fault: what is wrong with it.
    """

    start: int
    end: int
    name: Name | None
    value: Value
    new_line: bool
    fault: LineError | None

    @property
    def bare(self) -> str | None:
        """The text of a word that is neither named nor quoted nor bracketed."""
        if self.name or self.value.style is not Style.BARE or self.end > self.value.end:
            return None
        return self.value.text


def skip_gap(text: str, position: int, *, line_start: bool = False) -> tuple[int, bool]:
    """Skip blanks, and lines that begin with ``#``.

    Returns:
        Where the next word begins, and whether a line has begun on the way.
    """
    while True:
        end = _end_of(_BLANKS, text, position)
        line_start = line_start or text.find("\n", position, end) >= 0
        if not (line_start and text.startswith("#", end)):
            return end, line_start
        position = find_line_end(text, end)


def scan_words(text: str, position: int) -> Iterator[Word]:
    """Read the words of a typed text from ``position`` to its end."""
    word: Word | None = None
    while True:
        start, new_line = skip_gap(text, position)
        if start == len(text):
            return
        if word and not new_line and awaits_expression(word):
            value, fault = _expression(text, start)
            word = Word(start, value.end, None, value, new_line, fault)
        else:
            word = _scan_word(text, start, new_line=new_line)
        yield word
        position = word.end


def awaits_expression(word: Word) -> bool:
    """Say whether the next word is an expression, as this is an option that takes one."""
    return word.bare is not None and takes_expression(word.bare)


def split_word(text: str, start: int, *, expression: bool = False) -> Word:
    """Read one word that some other shell has split off: in it, a quote is a character.

    Parameters:
        text: the word alone.
        start: where it stands in the text that positions refer to.
        expression: whether it is what an option takes that takes an expression.
    """
    name = None if expression else _name_at(text, 0)
    value_start = name.end + 1 if name else 0
    content, value_start = text[value_start:], start + value_start
    if expression or (name is not None and takes_expression(name.text)):
        value = Value(content, Style.BARE, value_start, start + len(text))
        fault = None
    else:
        value, fault = split_value(content, value_start)
    if name:
        name = Name(name.text, start, start + name.end)
    return Word(start, value.end, name, value, new_line=False, fault=fault)


def split_value(text: str, start: int) -> tuple[Value, LineError | None]:
    """Read a value that some other shell has split off.

    Parameters:
        text: all of it.
        start: where it stands in the text that positions refer to.

    Returns:
        The value, and what is wrong with it.
    """
    if text[:1] in CLOSING:
        value = Value(text, Style.BRACKETED, start, start + len(text))
        return value, _literal_fault(text, start)
    return Value(text, Style.BARE, start, start + len(text)), None


def _literal_fault(text: str, start: int) -> LineError | None:
    extent = find_closing_bracket(text, 0)
    fault = extent.fault
    if fault is None and extent.end < len(text):
        fault = LineError("nothing may follow the closing bracket", extent.end, len(text))
    if fault is None:
        return None
    return LineError(fault.message, start + fault.start, start + fault.end)


def _scan_word(text: str, start: int, *, new_line: bool) -> Word:
    name = _name_at(text, start)
    value_start = name.end + 1 if name else start
    opening = text[value_start : value_start + 1]
    if name and takes_expression(name.text):
        value, fault = _expression(text, value_start)
    elif opening in CLOSING:
        value, fault = _bracketed(text, value_start, value_start, Style.BRACKETED)
    elif text.startswith(_JSON_FILE_NAME, value_start):
        bracket = value_start + len(_JSON_FILE_NAME) - 1
        value, fault = _bracketed(text, value_start, bracket, Style.BARE)
    elif opening and opening in QUOTES:
        value, fault = _quoted(text, value_start)
    else:
        value, fault = _bare(text, value_start)
    end = _end_of(_GLUED, text, value.end)
    if fault is None and end > value.end:
        what = "quote" if value.style is Style.QUOTED else "bracket"
        fault = LineError(f"a blank is expected after the closing {what}", value.end, end)
    return Word(start, end, name, value, new_line, fault)


def _name_at(text: str, start: int) -> Name | None:
    if text[start : start + 1] in CLOSING:
        return None
    found = _NAME.match(text, start)
    return Name(found[1], start, found.end(1)) if found else None


def _bracketed(text: str, start: int, bracket: int, style: Style) -> tuple[Value, LineError | None]:
    extent = find_closing_bracket(text, bracket)
    return Value(text[start : extent.end], style, start, extent.end), extent.fault


def _quoted(text: str, start: int) -> tuple[Value, LineError | None]:
    closing = find_closing_quote(text, start)
    if closing is None:
        end = find_line_end(text, start)
        return Value(text[start + 1 : end], Style.QUOTED, start, end), _unclosed_quote(text, start)
    try:
        content = unquote(text, start, closing + 1)
    except LineError as error:
        return Value("", Style.QUOTED, start, closing + 1), error
    return Value(content, Style.QUOTED, start, closing + 1), None


def _unclosed_quote(text: str, start: int) -> LineError:
    message = f"this quote is not closed: {text[start]} is missing"
    return LineError(message, start, start + 1)


def _bare(text: str, start: int) -> tuple[Value, LineError | None]:
    """Read a bare value. A quote inside stays in it, and guards the blanks that it encloses."""
    fault = None
    position = _end_of(_BARE, text, start)
    while text[position : position + 1] in ('"', "'"):
        closing = find_closing_quote(text, position)
        if closing is None:
            message = "this quote is not closed; put the value in the other quotes to send it"
            fault = LineError(message, position, position + 1)
            position = find_line_end(text, position)
            break
        position = _end_of(_BARE, text, closing + 1)
    return Value(text[start:position], Style.BARE, start, position), fault


def _expression(text: str, start: int) -> tuple[Value, LineError | None]:
    """Read an expression: up to a blank that is in none of its quotes and brackets.

    One that is quoted as a whole is what stands between the quotes.
    """
    if text[start : start + 1] in _QUOTES:
        closing = find_closing_quote(text, start)
        if closing is None or closing + 1 == len(text) or text[closing + 1].isspace():
            return _quoted(text, start)
    position, depth = start, 0
    fault: LineError | None = None
    while fault is None and position < len(text):
        char = text[position]
        if (char.isspace() and depth == 0) or char == "\n":
            break
        if char in _QUOTES:
            closing = find_closing_quote(text, position)
            if closing is None:
                fault = _unclosed_quote(text, position)
                position = find_line_end(text, position)
            else:
                position = closing + 1
        elif char in CLOSING:
            position, fault = find_closing_bracket(text, position)
        else:
            depth = max(0, depth + _PARENTHESES.get(char, 0))
            position += 1
    return Value(text[start:position], Style.BARE, start, position), fault


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Return the end of a pattern that matches everywhere, if only the empty text."""
    found = pattern.match(text, position)
    assert found is not None
    return found.end()
