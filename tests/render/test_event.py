import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.protocol.messages import Event, read_message
from qmpshell.render import escape, event_line, plain


@pytest.fixture(autouse=True)
def _in_paris(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TZ", "CET-1CEST")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def line(name: str, data: dict[str, Any], seconds: object = 1795350730) -> str:
    timestamp = {"seconds": seconds, "microseconds": 211737}
    event = read_message({"event": name, "data": data, "timestamp": timestamp})
    assert isinstance(event, Event)
    return plain(event_line(event))


def test_time_is_local_with_milliseconds() -> None:
    assert line("STOP", {}) == "13:32:10.211  STOP"


def test_data_is_name_and_value() -> None:
    data = {"device": "virtio0", "reason": "No space left", "len": 5, "ok": True, "x": {"a": [1]}}
    assert line("BLOCK_IO_ERROR", data) == (
        '13:32:10.211  BLOCK_IO_ERROR  device=virtio0 reason="No space left" len=5 ok=true'
        ' x={"a": [1]}'
    )


@pytest.mark.parametrize("text", ["true", "null", "12", "", "a=b", "a b", '"', "é"])
def test_a_text_that_could_be_taken_for_something_else_is_in_quotes(text: str) -> None:
    assert re.search('x=".*"$', line("X", {"x": text}))


@pytest.mark.parametrize("seconds", [-1, 10**30])
def test_a_time_that_is_none(seconds: int) -> None:
    assert line("STOP", {}, seconds) == "--:--:--.---  STOP"


@given(st.text(), st.dictionaries(st.text(), st.text() | st.lists(st.text())))
def test_an_event_is_always_one_harmless_line(name: str, data: dict[str, Any]) -> None:
    assert escape(line(name, data)) == line(name, data)
