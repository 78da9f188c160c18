import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import ProtocolError
from qmpshell.protocol.messages import NO_ID, ErrorReply, Event, Greeting, Return, read_message

VERSION = {"qemu": {"major": 10, "minor": 0, "micro": 13}, "package": "Debian"}


def test_a_greeting() -> None:
    message = read_message({"QMP": {"version": VERSION, "capabilities": ["oob", {"new": 1}]}})
    assert isinstance(message, Greeting)
    assert message.version == (10, 0, 13)
    assert message.package == "Debian"
    assert message.capabilities == ("oob",)


@pytest.mark.parametrize("value", [{}, [], None, 0, "text", {"return": 1}])
def test_a_return(value: object) -> None:
    message = read_message({"return": value, "id": None})
    assert message == Return(value, None, {"return": value, "id": None})


def test_an_error_without_an_id() -> None:
    message = read_message({"error": {"class": "GenericError", "desc": "no"}})
    assert isinstance(message, ErrorReply)
    assert (message.error_class, message.desc, message.id) == ("GenericError", "no", NO_ID)


def test_an_event() -> None:
    message = read_message(
        {"event": "STOP", "timestamp": {"seconds": 1795350730, "microseconds": 250000}}
    )
    assert isinstance(message, Event)
    assert (message.name, message.data, message.seconds) == ("STOP", {}, 1795350730.25)


@pytest.mark.parametrize(
    "timestamp",
    [
        {},
        {"timestamp": {"seconds": -1, "microseconds": -1}},
        {"timestamp": {"seconds": 10**400, "microseconds": 0}},
        {"timestamp": {"seconds": 1, "microseconds": 10**400}},
    ],
)
def test_an_event_of_a_host_without_a_clock(timestamp: dict[str, Any]) -> None:
    message = read_message({"event": "STOP", **timestamp})
    assert isinstance(message, Event)
    assert message.seconds is None


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"hello": 1},
        {"QMP": 1},
        {"QMP": {"version": VERSION}},
        {"QMP": {"version": {**VERSION, "package": None}, "capabilities": []}},
        {"QMP": {"version": {**VERSION, "qemu": {"major": "7"}}, "capabilities": []}},
        {"QMP": {"version": VERSION, "capabilities": "oob"}},
        {"event": 1},
        {"event": "STOP", "data": []},
        {"event": "STOP", "timestamp": 5},
        {"event": "STOP", "timestamp": {"seconds": "now"}},
        {"error": "no"},
        {"error": {"class": "GenericError"}},
        {"error": {"class": 1, "desc": "no"}},
    ],
)
def test_what_is_no_message_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="not a QMP message: '{"):
        read_message(members)


@given(
    st.dictionaries(
        st.sampled_from(["QMP", "event", "return", "error", "id", "data", "timestamp", "x"]),
        st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.integers()),
    )
)
def test_any_object_is_a_message_or_refused(members: dict[str, Any]) -> None:
    with contextlib.suppress(ProtocolError):
        assert read_message(members).members is members
