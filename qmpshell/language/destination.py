"""Where a line's reply goes, when that isn't the terminal: ``|``, ``>`` and ``>>``.

One of these at the beginning of a word ends what is sent. Behind ``|``, the rest of the line
belongs to a shell of the operating system and is nobody's business here; behind ``>`` there
is the name of a file. In quotes, in brackets and inside a word they are characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qmpshell.errors import LineError
from qmpshell.language.faults import second_line
from qmpshell.language.options import takes_expression
from qmpshell.language.quotes import QUOTES, find_closing_quote, find_line_end, unquote
from qmpshell.language.tree import Destination, Name, Style, Value
from qmpshell.language.words import Word, awaits_expression, scan_words, skip_gap
from qmpshell.named_tuple import NamedTuple

_OPERATOR = re.compile(r"\||>>?")

_BLANKS = re.compile(r"[^\S\n]*+")
_BARE = re.compile(r"\S*+")

#: A word of a text that isn't shorthand. A quote that is never closed encloses all the rest.
_WORD = r"""(?s:"(?:\\.|[^"\\])*+"?|'(?:\\.|[^'\\])*+'?|[^\s"'])++"""
#: HMP has one kind of quotes.
_HMP_WORD = r'(?s:"(?:\\.|[^"\\])*+"?|[^\s"])++'

#: HMP calculates with ``|`` (``print 5 | $eax``; QEMU's monitor/hmp.c, tried on 7.2). With
#: these, an operand begins, and no command.
_OPERAND = r"\|\s*+(?:[-+(\d$']|~(?!/))"

#: With these, an expression of JMESPath goes on, and no command.
_EXPRESSION = r"[\[@*&`]|\{(?!\s)|\w+\("

#: Where a name begins with one of these, another shell would understand something else.
_NO_FILE = "&|>=(;"
_NO_COMMAND = "&|;"


class Redirection(NamedTuple):
    """What stands behind a line's ``|`` or ``>``, right or wrong.

    Attributes:
        destination: as far as it is there; its target may be empty.
        line_end: where its line ends.
        fault: what is wrong with it.
    """

    destination: Destination
    line_end: int
    fault: LineError | None

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.destination.operator.start

    def checked(self) -> Destination:
        """Return the destination.

        Raises:
            LineError: something is wrong with it.
        """
        if self.fault:
            raise self.fault
        return self.destination


def split_words(text: str, position: int) -> tuple[list[Word], Redirection | None]:
    """Read the words of shorthand up to its end, or up to where it says where the reply goes.

    Parameters:
        text: what was typed.
        position: where the words begin.
    """
    words: list[Word] = []
    for word in scan_words(text, position):
        if not word.new_line and _OPERATOR.match(text, word.start):
            return words, _unless_expression(words, _redirection_at(text, word.start))
        words.append(word)
    return words, None


def find_redirection(text: str, position: int, *, hmp: bool = False) -> Redirection | None:
    """Find where a line that isn't shorthand says where its text goes.

    Parameters:
        text: what was typed.
        position: where to begin to look.
        hmp: whether it is a line of HMP's.
    """
    for word in re.compile(_HMP_WORD if hmp else _WORD).finditer(text, position):
        start = word.start()
        if _OPERATOR.match(text, start) and not (hmp and re.compile(_OPERAND).match(text, start)):
            return _redirection_at(text, start)
    return None


def split_hmp(line: str) -> tuple[str, Destination | None]:
    """Part a line of HMP from what stands behind it.

    Raises:
        LineError: something is wrong with that.
    """
    found = find_redirection(line, 0, hmp=True)
    return (line[: found.start].rstrip(), found.checked()) if found else (line, None)


def _redirection_at(text: str, start: int) -> Redirection:
    found = _OPERATOR.match(text, start)
    assert found is not None
    operator = Name(found[0], start, found.end())
    line_end = find_line_end(text, start)
    blanks = _BLANKS.match(text, found.end())
    assert blanks is not None
    read = _command if found[0] == "|" else _file
    target, fault = read(text, blanks.end(), line_end, operator)
    following, _ = skip_gap(text, line_end)
    if fault is None and following < len(text):
        fault = second_line(following, find_line_end(text, following))
    return Redirection(Destination(operator, target), line_end, fault)


def _command(text: str, start: int, end: int, operator: Name) -> tuple[Value, LineError | None]:
    command = text[start:end].rstrip()
    fault = None
    if not command:
        fault = LineError(f"a command is expected behind {operator.text}", *operator[1:])
    elif command[0] in _NO_COMMAND:
        fault = LineError(f"a command is expected behind {operator.text}", start, start + 1)
    return Value(command, Style.BARE, start, start + len(command)), fault


def _file(text: str, start: int, end: int, operator: Name) -> tuple[Value, LineError | None]:
    value, fault = _file_name(text, start, operator)
    behind = text[value.end : end].strip()
    if fault is None and behind:
        at = text.index(behind, value.end)
        message = "one file is expected: quote a name with blanks"
        if at == value.end:
            message = "a blank is expected after the closing quote"
        elif behind.startswith("--"):
            message = f"options stand before {operator.text}"
        fault = LineError(message, at, at + len(behind))
    return value, fault


def _file_name(text: str, start: int, operator: Name) -> tuple[Value, LineError | None]:
    if text[start : start + 1] in tuple(QUOTES):
        return _quoted(text, start)
    found = _BARE.match(text, start)
    assert found is not None
    value = Value(found[0], Style.BARE, start, found.end())
    if not value.text:
        return value, LineError(f"a file is expected behind {operator.text}", *operator[1:])
    if value.text[0] in _NO_FILE:
        message = f"a file is expected; quote a name that begins with {value.text[0]}"
        return value, LineError(message, start, start + 1)
    return value, None


def _quoted(text: str, start: int) -> tuple[Value, LineError | None]:
    closing = find_closing_quote(text, start)
    if closing is None:
        value = Value(text[start + 1 :], Style.QUOTED, start, find_line_end(text, start))
        message = f"this quote is not closed: {text[start]} is missing"
        return value, LineError(message, start, start + 1)
    try:
        name = unquote(text, start, closing + 1)
    except LineError as error:
        return Value("", Style.QUOTED, start, closing + 1), error
    value = Value(name, Style.QUOTED, start, closing + 1)
    fault = None if name else LineError("a file has a name", start, closing + 1)
    return value, fault


def _unless_expression(words: Sequence[Word], found: Redirection) -> Redirection:
    """Refuse what looks as if an expression without quotes went on in it."""
    target = found.destination.target
    if found.fault or not (_end_in_expression(words) and re.match(_EXPRESSION, target.text)):
        return found
    message = f"quote an expression with blanks; {found.destination.operator.text} ends this one"
    return found._replace(fault=LineError(message, found.start, target.end))


def _end_in_expression(words: Sequence[Word]) -> bool:
    if not words or words[-1].value.style is Style.QUOTED:
        return False
    name = words[-1].name
    if name:
        return takes_expression(name.text)
    return len(words) > 1 and awaits_expression(words[-2])
