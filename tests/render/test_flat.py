from typing import Any

import pytest
from hypothesis import given

from qmpshell.render import Role, escape_lines, plain
from qmpshell.render.flat import flat
from tests.render.test_json import JSON


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"qemu": {"micro": 22, "minor": 2}}, ["qemu.micro: 22", "qemu.minor: 2"]),
        ({"package": ""}, ["package: "]),
        ({"running": True, "x": None, "f": 1.5}, ["running: True", "x: None", "f: 1.5"]),
        ([{"name": "a"}, {"name": "b"}], ["item[0].name: a", "item[1].name: b"]),
        ({"a": [1, [2, {"b": 3}]]}, ["a[0]: 1", "a[1][0]: 2", "a[1][1].b: 3"]),
        ({"a": {}, "b": [], "c": [{}], "d": 1}, ["d: 1"]),
        ({"a\nb": "c\nd"}, [r"a\u000ab: c\u000ad"]),
        ("VM status: running\r\nsecond\r\n", ["VM status: running", "second"]),
        (7, ["7"]),
        ("", [""]),
    ],
)
def test_lines(value: Any, lines: list[str]) -> None:
    assert plain(flat(value)).split("\n") == lines


@pytest.mark.parametrize("value", [{}, [], [[]], {"a": {"b": []}}])
def test_what_has_nothing_in_it_prints_nothing(value: Any) -> None:
    assert flat(value) == []


def test_the_pieces_have_roles() -> None:
    assert flat({"a": "b"}) == [(Role.KEY, "a"), (Role.PUNCTUATION, ": "), (Role.STRING, "b")]


@given(JSON)
def test_nothing_shown_can_harm_a_terminal(value: Any) -> None:
    text = plain(flat(value))
    assert escape_lines(text) == text
