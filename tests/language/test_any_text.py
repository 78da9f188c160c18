"""Whatever is typed: an answer or a LineError, never another exception, and soon."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import LineError
from qmpshell.language import (
    ShellCommand,
    Slot,
    SystemCommand,
    bind,
    expected,
    is_complete,
    parse,
    parse_words,
    tokens,
)
from qmpshell.language.faults import Unfinished
from tests.language.lines import OPEN, RIGHT, WRONG, prefixes

#: What the language's rules look at, and some other things.
PIECES = [
    *" \n\r\t\x0c\"'\\{}[]()=,:;.#/|>&-+019aé😀\ud800\x00\x1b",
    *("--dry-run", "--timeout ", "transaction(", "json:{", "help", "!", "-> ", "\\u00", "\\ud83d"),
    *("true", "null", "None", "NaN", "1e400", "0x1", "a=", "a.0=", "a.b="),
    *('"execute": ', '"arguments": '),
    *(" | ", " > ", " >> ", "|jq", ">file", "--select ", "/hmp "),
]
SHORT_TEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def check(text: str) -> None:
    """Ask everything about a text that can be asked."""
    try:
        line = parse(text)
        if line is not None and not isinstance(line, ShellCommand | SystemCommand):
            bind(line)
    except LineError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.message.isprintable()
        assert str(error) == error.message
    assert is_complete(text) is not is_open(text)
    check_tokens(text)
    place = expected(text)
    if place.kind is not Slot.NOTHING:
        assert text[place.start :] == place.prefix


def is_open(text: str) -> bool:
    try:
        parse(text)
    except LineError as error:
        return isinstance(error, Unfinished)
    return False


def check_tokens(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert not text[end : token.start].strip()
        end = token.end
    assert not text[end:].strip()


@pytest.mark.parametrize("line", RIGHT + WRONG + OPEN)
def test_every_state_of_typing(line):
    for text in prefixes([line]):
        check(text)


@given(st.text())
def test_any_text(text):
    check(text)


@given(SHORT_TEXT)
def test_any_text_of_telling_pieces(text):
    check(text)


@given(SHORT_TEXT)
def test_any_value(text):
    check(f"x a={text}")


@given(SHORT_TEXT)
def test_any_literal(text):
    check(f"x a=[{text}]")


@given(SHORT_TEXT)
def test_any_json(text):
    check(f"{{{text}}}")


@given(SHORT_TEXT)
def test_any_block(text):
    check(f"transaction( {text} )")


@pytest.mark.parametrize("line", ["x |", "x >", "x >> '", "{} |", "/help |", "/hmp x >"])
@given(text=SHORT_TEXT)
def test_any_destination(line, text):
    check(line + text)


@given(st.lists(SHORT_TEXT, max_size=5))
def test_any_words(words):
    text = " ".join(words)
    try:
        bind(parse_words(words))
    except LineError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.message.isprintable()


@pytest.mark.parametrize("line", RIGHT)
def test_right_lines_are_understood(line):
    parsed = parse(line)
    assert parsed is not None
    if not isinstance(parsed, ShellCommand | SystemCommand):
        bind(parsed)
    assert is_complete(line)


@pytest.mark.parametrize("line", WRONG)
def test_wrong_lines_are_complete_so_that_enter_shows_the_error(line):
    with pytest.raises(LineError):
        parse(line)
    assert is_complete(line)


@pytest.mark.parametrize("line", OPEN)
def test_open_lines_go_on(line):
    with pytest.raises(LineError):
        parse(line)
    assert not is_complete(line)


@pytest.mark.parametrize("line", ["", " \n ", "# x", "  # x\n\n# y\n", "-> "])
def test_nothing_is_nothing(line):
    assert parse(line) is None
    assert is_complete(line)


LONG = {
    "brackets": "[" * 200_000,
    "braces": "{" * 200_000,
    "brackets in a value": "x a=" + "[" * 200_000,
    "brackets in JSON": '{"a":' + "[" * 200_000,
    "closed brackets": "x a=" + "[" * 100_000 + "]" * 100_000,
    "minus signs": "x a=[" + "-" * 100_000 + "1]",
    "a sum": "x a=[1" + "+1" * 100_000 + "]",
    "subscripts": "x a=[a" + "[0]" * 30_000 + "]",
    "Python's deepest list": "x a=" + "[" * 390 + "True" + "]" * 390,
    "dots": "x " + "a." * 100_000 + "b=1",
    "digits": "x a=" + "9" * 100_000,
    "digits in JSON": '{"a": ' + "9" * 100_000 + "}",
    "digits in a Python literal": "x a=[True, " + "9" * 100_000 + "]",
    "hexadecimal digits": "x a=[0x" + "f" * 100_000 + "]",
    "an index": f"x a.{'9' * 100_000}=1",
    "quotes": "x a=" + '"b" ' * 20_000,
    "an open quote": '{"a": "' + "x" * 300_000,
    "backslashes": 'x a="' + "\\\\" * 100_000,
    "arguments": "x " + " ".join(f"a{index}=1" for index in range(10_000)),
    "indices": "x " + " ".join(f"a.{index}=1" for index in range(10_000)),
    "actions": "transaction(\n" + "a b=1\n" * 10_000,
    "a list": "x a=[" + "1," * 50_000 + "0]",
    "a list of Python's": "x a=[True" + ",1" * 50_000 + "]",
    "keys": "{" + ",".join(f'"{index}": 1' for index in range(20_000)) + "}",
    "blanks": "x" + " " * 300_000 + "a=1",
    "lines": "\n" * 300_000,
    "comments": "# \n" * 100_000,
    "quotes in a command": "x | " + "'\\" * 100_000,
    "a command's words": "x | " + "a " * 100_000,
    "operators": "x " + "> " * 100_000,
    "quotes in HMP": "/hmp " + '"\\' * 100_000,
    "blanks behind JSON": "{}" + " " * 300_000 + "x",
    "blanks after strings": "x a=[" + '"a"   ' * 50_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_long_texts_take_linear_time(text):
    started = time.process_time()
    check(text)
    assert time.process_time() - started < 10  # a quadratic walk takes minutes
