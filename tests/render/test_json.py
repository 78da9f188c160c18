import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.styles import get_style_by_name

from qmpshell.render import compact_json, escape_lines, plain, pretty_json
from qmpshell.render.json import PrettyJSON
from qmpshell.render.styled import unpainted
from qmpshell.render.theme import Theme
from tests.render.slow_json import slow_json

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


@given(JSON, st.integers(0, 100))
def test_it_is_laid_out_as_the_plain_way_would(value: Any, width: int) -> None:
    expected = list(slow_json(value, width))
    assert pretty_json(value, width) == expected
    assert plain(PrettyJSON(value, width)) == plain(expected)
    # A style that paints the punctuation, too.
    theme = Theme(get_style_by_name("monokai"))
    assert theme.paint(PrettyJSON(value, width)) == theme.paint(expected)


@pytest.mark.parametrize("size", [63, 64, 65, 4096, 4097, 100_000])
def test_long_strings_and_keys_are_no_exception(size: int) -> None:
    long = "\x1b" + size * "x"
    value = {"key": [[long], [1, long], {long: long, "more": {long: {}}}], long: [[[long]]]}
    for width in (80, size + 20, 4 * size):
        assert pretty_json(value, width) == list(slow_json(value, width))


def test_many_different_strings_are_no_exception() -> None:
    value = [{f"key {n}": str(n), "same": [str(n), n / 8]} for n in range(10_000)]
    assert plain(PrettyJSON(value)) == plain(list(slow_json(value, 80)))


class Watched(list[Any]):
    """A list that knows how far it has been looked at."""

    seen = 0

    def __iter__(self) -> Iterator[Any]:
        for self.seen, item in enumerate(super().__iter__(), 1):
            yield item


@pytest.mark.parametrize("item", [{"name": "x", "more": [1, 2]}, "x" * 100, "x" * 5000])
def test_a_large_value_is_written_before_its_end_is_looked_at(item: Any) -> None:
    value = Watched([item] * 30_000)
    looked_at = [0]
    for chunk in PrettyJSON({"deep": {"down": value}}).chunks(unpainted):
        assert len(chunk) < 1_000_000
        looked_at.append(value.seen)
    assert looked_at[1] < 10_000
    assert max(after - before for before, after in itertools.pairwise(looked_at)) < 10_000
    assert looked_at[-1] == 30_000
