import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import RequestError
from qmpshell.protocol import requests
from qmpshell.protocol.documents import MAX_DEPTH
from qmpshell.protocol.requests import write_request


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def test_a_request_is_a_line_of_ascii() -> None:
    request = write_request({"execute": "x", "arguments": {"name": "é\n\x7f😀"}, "id": "1"})
    assert request.data.endswith(b"}\n")
    assert request.data.count(b"\n") == 1
    assert request.data.isascii()
    assert json.loads(request.data) == request.members


def test_integers_go_out_as_integers_and_floats_as_floats() -> None:
    request = write_request({"a": 1, "b": 1.0, "c": 2**64 - 1, "d": -(2**63), "e": True, "id": 1})
    assert b'"a":1,"b":1.0,"c":18446744073709551615,"d":-9223372036854775808' in request.data
    assert b'"e":true' in request.data


def test_two_requests_are_never_the_same_request() -> None:
    assert write_request({"id": 1}) != write_request({"id": 1})


def test_out_of_band_is_what_exec_oob_says() -> None:
    assert write_request({"exec-oob": "yank", "id": 1}).out_of_band
    assert not write_request({"execute": "yank", "id": 1}).out_of_band


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (math.nan, "can't be written as JSON"),
        (math.inf, "can't be written as JSON"),
        (2**64, "beyond 64 bits"),
        (-(2**63) - 1, "beyond 64 bits"),
        (10**4000, "beyond 64 bits"),
        ("\ud800", r"U\+D800 is no character"),
        ("\ufdd0", r"U\+FDD0 is no character"),
        ("a\uffff", r"U\+FFFF is no character"),
        (chr(0x10FFFE), r"U\+10FFFE is no character"),
        (b"x", "a bytes can't be sent"),
        ({1}, "a set can't be sent"),
        ({"\udfff": 1}, r"U\+DFFF is no character"),
        ({1: 2}, "a member's name is a string, not 1"),
        ([[object()]], "a object can't be sent"),
        (nested(MAX_DEPTH), "nested over 400 levels"),
    ],
)
def test_what_qemu_would_misread_is_refused(value: object, reason: str) -> None:
    with pytest.raises(RequestError, match=reason):
        write_request({"execute": "x", "arguments": value, "id": 1})


def test_what_is_too_large_for_qemu_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (requests.MAX_TOKENS, requests.MAX_BYTES) == (2**21, 64 * 2**20)
    monkeypatch.setattr(requests, "MAX_TOKENS", 100)
    with pytest.raises(RequestError, match="too many values"):
        write_request({"execute": "x", "arguments": {"a": [0] * 100}, "id": 1})
    monkeypatch.setattr(requests, "MAX_BYTES", 1000)
    with pytest.raises(RequestError, match="QEMU takes 1000"):
        write_request({"execute": "x", "arguments": {"a": "x" * 1000}, "id": 1})


def test_a_structure_without_an_end_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(RequestError):
        write_request({"execute": "x", "arguments": {"a": endless}, "id": 1})


def test_the_deepest_request_is_written() -> None:
    assert write_request(nested(MAX_DEPTH)).data.count(b"{") == MAX_DEPTH


@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
            max_leaves=8,
        ),
        max_size=4,
    )
)
def test_any_value_is_written_exactly_or_refused(members: dict[str, Any]) -> None:
    try:
        request = write_request(members)
    except RequestError as error:
        assert str(error).isprintable()
    else:
        assert json.loads(request.data) == members
