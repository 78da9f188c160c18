import json
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from qmpshell.render import escape, escape_lines

UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in UNSAFE


def test_exactly_the_unsafe_characters_are_escaped() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        escaped = escape(character)
        if is_unsafe(character):
            assert escaped.isascii()
            assert escaped.isprintable()
            assert json.loads(f'"{escaped}"') == character
        elif unicodedata.category(character) != "Cn":
            assert escaped == character


@given(st.text())
def test_any_text_becomes_one_harmless_line(text: str) -> None:
    assert not any(map(is_unsafe, escape(text)))


@given(st.text())
def test_lines_keep_their_ends_and_nothing_else(text: str) -> None:
    assert not any(map(is_unsafe, escape_lines(text).replace("\n", "")))


def test_lines_of_hmp() -> None:
    assert escape_lines("a\tb\r\nc\x1b[31m\r\n") == "a       b\nc\\u001b[31m\n"
