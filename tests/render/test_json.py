import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.render import compact_json, escape_lines, plain, pretty_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def pretty(value: Any, width: int = 80) -> str:
    return plain(pretty_json(value, width))


@given(JSON, st.integers(0, 100))
def test_what_is_shown_can_be_copied_as_json(value: Any, width: int) -> None:
    assert json.loads(pretty(value, width)) == value
    assert json.loads(compact_json(value)) == value


@given(JSON)
def test_nothing_shown_can_harm_a_terminal(value: Any) -> None:
    text = pretty(value, 20)
    assert escape_lines(text) == text
    assert compact_json(value).isprintable()


def test_integers_stay_integers() -> None:
    assert pretty([1, 1.0, 2**64, True, None]) == "[1, 1.0, 18446744073709551616, true, null]"


def test_what_fits_is_on_one_line_and_the_rest_is_indented() -> None:
    value = {"list": [{"name": "a"}, {"name": "b" * 30}], "empty": [{}, []], "text": "é"}
    assert pretty(value, 48) == (
        "{\n"
        '  "list": [\n'
        '    {"name": "a"},\n'
        '    {"name": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}\n'
        "  ],\n"
        '  "empty": [{}, []],\n'
        '  "text": "é"\n'
        "}"
    )


@pytest.mark.parametrize("value", [{}, [], "x" * 100, None])
def test_what_has_no_parts_is_on_one_line(value: object) -> None:
    assert pretty(value, 10) == json.dumps(value)


def test_a_wide_line_is_used() -> None:
    value = {"name": "x" * 60, "type": "y" * 60}
    assert "\n" in pretty(value, 100)
    assert "\n" not in pretty(value, 150)
