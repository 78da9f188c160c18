"""``_``, the last reply."""

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import LineError
from qmpshell.language import bind, expected, parse
from qmpshell.language.candidates import Menu
from qmpshell.language.candidates.expressions import expressions_for
from qmpshell.language.last_reply import bind_last_reply, is_last_reply
from qmpshell.language.options import Options
from qmpshell.language.selection import Selection, read_selection


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("_", Options()),
        ("  _  ", Options()),
        ("_ --output table", Options(output="table")),
        (
            "_ --select '[].id' --output=json",
            Options(output="json", select=Selection("[].id")),
        ),
    ],
)
def test_it_is_a_line_of_its_own(text: str, options: Options) -> None:
    line = parse(text)
    assert is_last_reply(line)
    assert bind_last_reply(line) == options


@pytest.mark.parametrize("text", ["", "__", "query-name", "_x", '{"execute": "_"}', "/help _"])
def test_other_lines(text: str) -> None:
    assert not is_last_reply(parse(text))


@pytest.mark.parametrize(
    ("text", "culprit", "message"),
    [
        ("_ x", "x", "_ is the last reply and takes no arguments"),
        ("_ a.b=1", "a.b=1", "_ is the last reply and takes no arguments"),
        ("_ --wait", "--wait", "takes --output and --select; nothing is sent"),
        ("_ --output table --dry-run", "--dry-run", "nothing is sent"),
        ("_ --output tabel", "tabel", "nearest: table"),
        ("_ --select a --output raw", "--select", "nothing can be selected"),
    ],
)
def test_what_it_does_not_take(text: str, culprit: str, message: str) -> None:
    line = parse(text)
    assert is_last_reply(line)
    with pytest.raises(LineError, match=message) as caught:
        bind_last_reply(line)
    assert text[caught.value.start : caught.value.end] == culprit


def test_the_menu_has_what_it_takes() -> None:
    offer = Menu(None, ()).at(expected("_ --"))
    assert [candidate.name for candidate in offer.candidates] == ["--output", "--select"]
    assert bind(parse("_")).members == {"execute": "_"}


@pytest.mark.parametrize(
    ("value", "expressions"),
    [
        ({}, []),
        ([], []),
        ("text", []),
        (None, []),
        ({"name": "web1"}, ["name"]),
        ({"qom-path": "/", "ü": 1, "a b": 2}, ['@."qom-path"', '@."\\u00fc"', '@."a b"']),
        ([{"id": 1}, {"id": 2, "x-y": []}], ["[].id", '[]."x-y"']),
        ({"a": {"b": {"c": 1}}}, ["a", "a.b"]),
        ({"a": [{"b": 1}]}, ["a", "a[].b"]),
        ([[{"a": 1}]], ["[][].a"]),
    ],
)
def test_what_can_be_selected(value: object, expressions: list[str]) -> None:
    assert expressions_for(value) == expressions


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_all_that_is_offered_is_jmespath_and_a_word(value: object) -> None:
    for expression in expressions_for(value):
        assert read_selection(expression)
        jmespath.search(expression, value)
        line = parse(f"_ --select {expression}")
        assert is_last_reply(line)
        assert bind_last_reply(line).select == Selection(expression)
