from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import LineError
from qmpshell.language.lone_value import read_lone_value
from qmpshell.schema.property_types import property_type


def read(text: str, type_: str) -> Any:
    return read_lone_value(text, 10, "x", property_type(type_))


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("bool", "on", True),
        ("bool", "False", False),
        ("int", "-5", -5),
        ("uint64", "0x1000", 4096),
        ("uint64_t", "7", 7),
        ("size", "4G", 4 << 30),
        ("number", "1.5", 1.5),
        ("str", "5", "5"),
        ("string", "true", "true"),
        ("string", "[a", "[a"),
        ("string", '"a"', '"a"'),
        ("string", "", ""),
        ("link<memory-backend>", "/objects/m0", "/objects/m0"),
        ("OnOffAuto", "auto", "auto"),
        ("OnOffAuto", "on", "on"),
        ("unheard-of", "5", 5),
        ("unheard-of", "true", True),
        ("unheard-of", "null", None),
        ("unheard-of", '"5"', "5"),
        ("unheard-of", "'5'", "5"),
        ("unheard-of", "it's", "it's"),
        ("unheard-of", "", ""),
        ("BootConfiguration", '{"order": "d"}', {"order": "d"}),
        ("int", "[0, 1]", [0, 1]),
        ("strList", "['a', True]", ["a", True]),
    ],
)
def test_values(type_: str, text: str, value: Any) -> None:
    found = read(text, type_)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("type_", "text", "culprit", "reason"),
    [
        ("bool", "maybe", (10, 15), "a boolean is expected"),
        ("int", "lots", (10, 14), "an integer is expected"),
        ("x", "[1", (10, 11), "not closed"),
        ("x", "[1] 2", (13, 15), "nothing may follow"),
        ("x", "99999999999999999999", (10, 30), "64 bits"),
    ],
)
def test_what_is_refused(type_: str, text: str, culprit: tuple[int, int], reason: str) -> None:
    with pytest.raises(LineError, match=reason) as refused:
        read(text, type_)
    assert (refused.value.start, refused.value.end) == culprit


@given(st.text(), st.sampled_from(["bool", "int", "string", "number", "x"]))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str, type_: str) -> None:
    try:
        read(text, type_)
    except LineError as error:
        assert 10 <= error.start <= error.end <= 10 + len(text)
