import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.render import columns, escape, plain, pretty_json
from qmpshell.render.table import table


def lines(value: object, width: int | None = None) -> list[str]:
    return plain(table(value, width)).split("\n")


def test_columns_stand_in_the_order_in_which_they_first_appear() -> None:
    value = [{"b": "x", "a": 1}, {"c": None, "a": 222}, {"b": "long one"}]
    assert lines(value) == [
        "b           a  c",
        "x           1",
        "          222  null",
        "long one",
    ]


def test_what_is_nested_is_compact_json() -> None:
    value = [{"name": "a", "more": {"x": [1, {"y": "é"}]}}, {"name": "日本", "more": []}]
    assert lines(value) == [
        "name  more",
        r'a     {"x": [1, {"y": "\u00e9"}]}',
        "日本  []",
    ]


def test_an_object_is_two_columns() -> None:
    assert lines({"status": "running", "running": True, "n": {"a": 1}}) == [
        "status   running",
        "running  true",
        'n        {"a": 1}',
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([], ["[]"]),
        ({}, ["{}"]),
        ("text", ['"text"']),
        (None, ["null"]),
        (5, ["5"]),
        (["b", 5, None, True], ["b", "5", "null", "true"]),
        ([{"a": 1}, 5], ['[{"a": 1}, 5]']),
        ([[1, 2], [3]], ["[[1, 2], [3]]"]),
        ([{}, {}], ["[{}, {}]"]),
        ([{}, {"a": 1}], ["a", "", "1"]),
    ],
)
def test_what_is_no_table(value: object, shown: list[str]) -> None:
    assert lines(value) == shown


def test_it_is_cut_to_the_terminals_width_and_whole_without_one() -> None:
    value = [{"id": "disk0", "file": "/very/long/" * 9, "note": "x" * 200}]
    assert max(map(len, lines(value))) > 200
    head, row = lines(value, 40)
    assert row == "disk0  /very/long//ve…  xxxxxxxxxxxxxx…"
    assert columns(row) <= 40
    assert columns(head) <= 40


def test_more_columns_than_the_terminal_has_are_cut_at_its_edge() -> None:
    value = [{f"column{number}": number for number in range(30)}]
    for line in lines(value, 50):
        assert columns(line) <= 50
        assert line.endswith("…")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=9,
)


@given(JSON | st.lists(st.dictionaries(st.text(max_size=4), JSON, max_size=4)), st.integers(1, 60))
def test_any_value_is_shown_harmlessly_and_no_wider_than_the_terminal(
    value: object, width: int
) -> None:
    shown = lines(value, width)
    assert all(line == escape(line) for line in shown)
    if shown != plain(pretty_json(value, width)).split("\n"):
        assert all(columns(line) <= width for line in shown)
