r"""What is typed at another shell's prompt → its words, as far as they can be told.

A word at the cursor keeps what was typed of it, quotes and all: what fits is written behind
that. So ``~/my\ v`` becomes ``~/my\ vm``.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Mapping

from qmpshell.named_tuple import NamedTuple


class Word(NamedTuple):
    """A word of a shell's command line.

    Attributes:
        text: without quotes.
        value: that with ``~`` and variables replaced, as a program gets it.
        quote: the quote that is open at its end, if one is.
    """

    text: str = ""
    value: str = ""
    quote: str = ""


_PIECE = r"""
    (?P<blank> \s+ )
  | ' (?P<single> %s ) (?P<single_end> '? )
  | " (?P<double> (?: [^"\\] | \\.? )* ) (?P<double_end> "? )
  | \\ (?P<escaped> .? )
  | (?P<bare> [^\s'"\\]+ )
"""
_FLAGS = re.VERBOSE | re.DOTALL
_VARIABLE = r"\$(?:(?P<name>\w+)|\{(?P<braced>\w+)\})"
_ESCAPED = r'\\(?P<escaped>["\\$`\n])'


def split_line(line: str, env: Mapping[str, str], *, fish: bool = False) -> list[Word]:
    """Split what stands before the cursor.

    Parameters:
        line: a single command, as it was typed.
        env: the variables that are known.
        fish: whether fish's quoting rules hold; otherwise bash's and zsh's.

    Returns:
        The words, the last of which is at the cursor; it may be empty.
    """
    single = r"(?: [^'\\] | \\.? )*" if fish else "[^']*"
    words = [Word()]
    in_word = False
    for piece in re.compile(_PIECE % single, _FLAGS).finditer(line):
        if piece.lastgroup == "blank":
            if in_word:
                words.append(Word())
            in_word = False
            continue
        words[-1] = _with_piece(words[-1], piece, env, first=not in_word, fish=fish)
        in_word = True
    return words


def _with_piece(
    word: Word, piece: re.Match[str], env: Mapping[str, str], *, first: bool, fish: bool
) -> Word:
    """Put another piece behind a word."""
    match piece.lastgroup:
        case "single_end":
            text = re.sub(r"\\(['\\])", r"\1", piece["single"]) if fish else piece["single"]
            value = text
            quote = "" if piece["single_end"] else "'"
        case "double_end":
            text = _replaced(piece["double"], {}, _ESCAPED)
            value = _replaced(piece["double"], env, f"{_ESCAPED}|{_VARIABLE}")
            quote = "" if piece["double_end"] else '"'
        case "escaped":
            text = value = piece["escaped"]
            quote = ""
        case _:
            text = piece["bare"]
            value = _replaced(os.path.expanduser(text) if first else text, env, _VARIABLE)
            quote = ""
    return Word(word.text + text, word.value + value, quote)


def _replaced(text: str, env: Mapping[str, str], pattern: str) -> str:
    """Replace what is escaped, and what is a variable and known."""

    def replacement(found: re.Match[str]) -> str:
        groups = found.groupdict()
        if groups.get("escaped"):
            return str(groups["escaped"])
        return env.get(groups["name"] or groups["braced"], found[0])

    return re.sub(pattern, replacement, text)


def behind_program(words: list[Word], program: str) -> list[Word]:
    """Leave out the program itself, and what stands before it, such as ``A=b`` or ``sudo``."""
    names = [os.path.basename(word.value) for word in words[:-1]]
    return words[names.index(program) + 1 if program in names else 1 :]


def write_behind(text: str, quote: str) -> str | None:
    """Write a text behind what is typed, so that bash or zsh read it as it is.

    Parameters:
        text: it; without control characters.
        quote: the quote that is open there.

    Returns:
        It; ``None`` where it can't be written.
    """
    match quote:
        case "'":
            return text.replace("'", r"'\''")
        case '"':
            # In bash a backslash keeps the history away from ! and stays there itself.
            return None if "!" in text else re.sub(r'(["\\$`])', r"\\\1", text)
    return re.sub(r"([^\w./:=@%+,-])", r"\\\1", text)
