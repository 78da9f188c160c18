"""Texts and names of keys become strokes, or are refused at their place."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import LineError
from qmpshell.language.keyboard.combinations import key_names, read_combinations
from qmpshell.language.keyboard.layout import us_layout
from qmpshell.language.keyboard.text import strokes_for
from qmpshell.language.shell_words import read_shell_words
from qmpshell.schema import Schema
from tests.schema.recorded import VERSIONS, schema

NAMES = key_names(schema("7.2"))


def strokes(line: str) -> list[tuple[str, ...]]:
    (text,) = read_shell_words(line, {}, literal=True).words
    return strokes_for(line, text, us_layout())


def combinations(line: str) -> list[tuple[str, ...]]:
    return read_combinations(read_shell_words(line, {}).words, NAMES)


def test_the_layout_has_every_printable_character_and_only_keys_that_there_are() -> None:
    layout = us_layout()
    assert set(string.printable) - set("\r\v\f") <= set(layout)
    for names in map(key_names, map(schema, VERSIONS)):
        assert {key for stroke in layout.values() for key in stroke} <= set(names)
    assert len(set(layout.values())) == len(layout)


def test_the_names_of_keys_are_the_schemas() -> None:
    assert {"ctrl", "f12", "ret", "kp_enter", "1"} <= set(NAMES)
    assert "unmapped" not in NAMES
    assert key_names(None) == key_names(Schema([])) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ls -l", [("l",), ("s",), ("spc",), ("minus",), ("l",)]),
        ('"a\\n"', [("a",), ("ret",)]),
        ("'A\\t'", [("shift", "a"), ("tab",)]),
        ("a\\n", [("a",), ("backslash",), ("n",)]),
        ("it's", [("i",), ("t",), ("apostrophe",), ("s",)]),
        ('"\\u0041\\\\"', [("shift", "a"), ("backslash",)]),
        ('""', []),
    ],
)
def test_a_text_becomes_strokes(line: str, expected: list[tuple[str, ...]]) -> None:
    assert strokes(line) == expected


@given(st.text(st.sampled_from(sorted(us_layout()))))
def test_any_text_of_the_layout_can_be_quoted(text: str) -> None:
    assert strokes(json.dumps(text)) == [us_layout()[character] for character in text]


@pytest.mark.parametrize(
    ("line", "culprit"),
    [
        ("naïve", "ï"),
        ('"na\\u00efve"', "\\u00ef"),
        ('"x \\ud83d\\ude00"', "\\ud83d\\ude00"),
        ('"\\\\\\b\\f"', "\\f"),
        ("a😀", "😀"),
    ],
)
def test_a_character_without_a_key_is_refused(line: str, culprit: str) -> None:
    with pytest.raises(LineError, match="no key of the US layout types") as error:
        strokes(line)
    assert line[error.value.start : error.value.end] == culprit
    assert error.value.message.isprintable()


@given(st.text())
def test_any_text_becomes_strokes_or_is_refused_within(line: str) -> None:
    try:
        words = read_shell_words(line, {"--hold": "MS"}, literal=True).words
        for word in words:
            strokes_for(line, word, us_layout())
    except LineError as error:
        assert 0 <= error.start <= error.end <= len(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ctrl-alt-f1", [("ctrl", "alt", "f1")]),
        ("Ctrl-Alt-Del ret", [("ctrl", "alt", "delete"), ("ret",)]),
        ("enter space", [("ret",), ("spc",)]),
        ("1", [("1",)]),
    ],
)
def test_combinations(line: str, expected: list[tuple[str, ...]]) -> None:
    assert combinations(line) == expected


@pytest.mark.parametrize(
    ("line", "culprit", "said"),
    [
        ("ctrl-atl-f1", "atl", "nearest: alt"),
        ("ret crtl", "crtl", "nearest: ctrl"),
        ("ctrl--a", "", "as in ctrl-alt-f1"),
        ("ctrl-", "", "as in ctrl-alt-f1"),
        ("unmapped", "unmapped", "no such key"),
    ],
)
def test_what_is_no_key_is_refused(line: str, culprit: str, said: str) -> None:
    with pytest.raises(LineError, match=said) as error:
        combinations(line)
    assert line[error.value.start : error.value.end] == culprit


def test_without_a_schema_the_server_says_which_keys_there_are() -> None:
    assert read_combinations(read_shell_words("ctrl-new", {}).words, ()) == [("ctrl", "new")]
