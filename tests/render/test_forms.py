import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.language.options import OUTPUT_FORMS
from qmpshell.render import escape_lines, plain
from qmpshell.render.forms import FORMS, RAW, raw, write
from tests.render.test_table import JSON

HOSTILE = {"\x1b[2J": ["\u202eevil\x7f", {"a\nb": "\x9b31m\ud800"}], "\r": "\r\n"}


def test_every_form_that_can_be_chosen_is_written() -> None:
    assert {*FORMS, RAW} == set(OUTPUT_FORMS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("width", [None, 80])
def test_no_form_lets_a_control_character_through(form: str, width: int | None) -> None:
    for value in (HOSTILE, [HOSTILE, HOSTILE], list(HOSTILE), "\x1b"):
        text = plain(write(value, form, width))
        assert text == escape_lines(text)


@given(JSON, st.sampled_from(sorted(FORMS)), st.none() | st.integers(1, 200))
def test_every_form_writes_any_value(value: object, form: str, width: int | None) -> None:
    text = plain(write(value, form, width))
    if form in ("pretty", "json"):
        assert json.loads(text) == value
    if form == "json":
        assert "\n" not in text


def test_raw_bytes_are_harmless_on_a_terminal() -> None:
    assert plain(raw(b'{"a": "\x1b[2J\xff",\r\n "b": 1}')) == '{"a": "\\u001b[2J\\xff",\n "b": 1}'
