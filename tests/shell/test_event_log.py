import pytest

from qmpshell.protocol import Event
from qmpshell.shell.event_log import ALL, KEPT, NONE, Entry, EventFilter, EventLog


def event(name: str, **data: object) -> Event:
    return Event(name, data, 0.0, {"event": name, "data": data})


def test_events_are_numbered_and_kept() -> None:
    log = EventLog()
    for number in range(KEPT + 5):
        log.take(event("JOB_STATUS_CHANGE", id=number))
    assert log.find(5) is None
    assert log.find(6) == Entry(6, event("JOB_STATUS_CHANGE", id=5))
    assert [entry.number for entry in log.last(2)] == [KEPT + 4, KEPT + 5]


@pytest.mark.parametrize(
    ("first", "second", "times"),
    [
        (event("STOP"), event("STOP"), 2),
        (event("STOP"), event("RESUME"), 1),
        (event("X", a=1), event("X", a=1), 2),
        (event("X", a=1), event("X", a=2), 1),
        (event("RTC_CHANGE", offset=1), event("RTC_CHANGE", offset=2), 2),
    ],
)
def test_what_says_the_same_once_more_is_counted(first: Event, second: Event, times: int) -> None:
    log = EventLog()
    log.take(first)
    entry = log.take(second)
    assert entry == Entry(3 - times, second, times)


def test_what_another_machine_says_repeats_nothing() -> None:
    log = EventLog()
    log.begin_anew()
    log.take(event("STOP"))
    log.begin_anew()
    assert log.take(event("STOP")) == Entry(2, event("STOP"))
    assert log.take(event("STOP")) == Entry(2, event("STOP"), 2)


@pytest.mark.parametrize(
    ("filter_", "name", "shown"),
    [
        (ALL, "STOP", True),
        (NONE, "STOP", False),
        (EventFilter(("block_*", "STOP"), matching=True), "BLOCK_JOB_READY", True),
        (EventFilter(("block_*", "STOP"), matching=True), "RESUME", False),
        (EventFilter(("RTC_CHANGE",)), "RTC_CHANGE", False),
        (EventFilter(("RTC_CHANGE",)), "RTC_CHANGED", True),
    ],
)
def test_a_filter(filter_: EventFilter, name: str, shown: bool) -> None:
    assert filter_.shows(name) is shown
    log = EventLog()
    log.set_filter(filter_)
    assert (log.take(event(name)) is not None) is shown
    assert log.hidden == (not shown)
    assert len(log.last(1)) == shown


def test_what_was_hidden_is_there_for_looking_back() -> None:
    log = EventLog()
    log.set_filter(NONE)
    log.take(event("STOP"))
    log.set_filter(ALL)
    assert log.hidden == 0
    assert [entry.event.name for entry in log.last(5)] == ["STOP"]
