"""What comes before a guest agent's first reply to us, byte by byte."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.protocol.synchronization import Synchronization

NOISE = (
    b"",
    b'{"return": {}}\n',
    b'turn": {"pid": 5}}\r\n',
    b'{"return": {"pid": ',
    b'{"error": {"class": "GenericError", "desc": "JSON parse error, stray"}}\n' * 3,
    b'\xff{"return": 99}\n',
    b'\xff{"return": 99',
    b'\xff{"return": true}\n',
    b'\xff{"return": "1234"}\n',
    b'\xff{"error": {"class": "GenericError", "desc": "no"}}\n',
    b"\xff{nonsense}\n",
    b"\xffnonsense\n",
    b"\xff\xff\xff",
    b"\xff" + b"[" * 500,
    b"\xff" + b'{"a":' * 500,
    b"\x00\x01\xc3\x28 login: \x1b[31m",
)


def reply(number: int, mark: bytes = b"\xff") -> bytes:
    return mark + json.dumps({"return": number}).encode() + b"\n"


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("by_byte", [False, True])
def test_whatever_comes_before_the_reply_is_dropped(noise: bytes, by_byte: bool) -> None:
    sought = Synchronization()
    stream = noise + reply(sought.number)
    chunks = [stream[i : i + 1] for i in range(len(stream))] if by_byte else [stream]
    found = []
    for chunk in chunks:
        sought.feed(chunk)
        found.append(sought.find())
    # It is whole with its last brace, before the line's end.
    *before, last = found[: len(found) - by_byte]
    assert not any(before)
    assert last
    assert last.value == sought.number
    assert sought.rest == b""


@given(
    st.lists(st.sampled_from(NOISE) | st.binary(max_size=30), max_size=6),
    st.lists(st.integers(0, 400), max_size=20),
)
def test_it_is_found_after_any_bytes_however_they_are_cut(
    noise: list[bytes], cuts: list[int]
) -> None:
    sought = Synchronization()
    stream = b"".join(noise) + reply(sought.number) + b'{"return": 1}\n'
    places = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    found = None
    behind = b""
    for start, end in itertools.pairwise(places):
        if found:
            behind += stream[start:end]
            continue
        sought.feed(stream[start:end])
        found = sought.find()
    assert found
    assert (sought.rest + behind).strip() == b'{"return": 1}'


def test_a_reply_without_the_mark_is_not_it() -> None:
    sought = Synchronization()
    sought.feed(reply(sought.number, mark=b""))
    assert sought.find() is None
    assert sought.rest == b""


def test_the_reply_to_another_one_is_not_it() -> None:
    sought, other = Synchronization(), Synchronization()
    sought.feed(reply(other.number))
    assert sought.find() is None


def test_who_speaks_there_can_be_seen() -> None:
    sought = Synchronization()
    for _ in range(100):
        sought.feed(b'{"QMP": {"version"')
    assert sought.beginning.startswith(b'{"QMP"')
    assert len(sought.beginning) == 80
