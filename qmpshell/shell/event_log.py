"""The events that have come: which are shown, which repeat, and the last ones for looking back."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from fnmatch import fnmatchcase

from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import Event

#: So many are kept for looking back.
KEPT = 1000

#: Events that say what something is like now, so that only the last of several matters. QEMU
#: itself drops all but one a second of these (``monitor/monitor.c``).
_SUPERSEDED = frozenset(
    {
        "ACPI_DEVICE_OST",
        "BALLOON_CHANGE",
        "HV_BALLOON_STATUS_REPORT",
        "MEMORY_DEVICE_SIZE_CHANGE",
        "RTC_CHANGE",
        "WATCHDOG",
    }
)


class EventFilter(NamedTuple):
    """Which events are shown.

    Attributes:
        patterns: names, or patterns with ``*`` and ``?``; upper and lower case don't matter.
        matching: whether those that fit are shown, or the others.
    """

    patterns: tuple[str, ...] = ()
    matching: bool = False

    def shows(self, name: str) -> bool:
        """Say whether events of this name are shown."""
        name = name.upper()
        fits = any(fnmatchcase(name, pattern.upper()) for pattern in self.patterns)
        return fits is self.matching


ALL = EventFilter()
NONE = EventFilter(matching=True)


class Entry(NamedTuple):
    """An event, or several in a row that say the same.

    Attributes:
        number: its place among all that have come, from 1 on.
        event: the event, the last one of several.
        times: how many there were.
    """

    number: int
    event: Event
    times: int = 1


class EventLog:
    """Keeps the last events.

    Attributes:
        filter: which events are shown.
        hidden: how many weren't shown since the filter was last set.
    """

    def __init__(self) -> None:
        self.filter = ALL
        self.hidden = 0
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._begins_anew = False

    def set_filter(self, chosen: EventFilter) -> None:
        """Show other events from now on."""
        self.filter = chosen
        self.hidden = 0

    def begin_anew(self) -> None:
        """Take note that what comes next is another machine's, and so repeats nothing."""
        self._begins_anew = True

    def take(self, event: Event) -> Entry | None:
        """Keep an event.

        Parameters:
            event: as it came.

        Returns:
            What is to be shown, in place of what was last shown if the number of times isn't 1;
            ``None`` for nothing.
        """
        entry = self._next(event)
        self._entries.append(entry)
        if self.filter.shows(event.name):
            return entry
        self.hidden += 1
        return None

    def last(self, count: int) -> Sequence[Entry]:
        """Return the last so many that are shown, the oldest first."""
        shown = [entry for entry in self._entries if self.filter.shows(entry.event.name)]
        return shown[-count:]

    def find(self, number: int) -> Entry | None:
        """Return the entry of a number, if it is still kept."""
        return next((entry for entry in self._entries if entry.number == number), None)

    def _next(self, event: Event) -> Entry:
        if not self._entries:
            return Entry(1, event)
        before = self._entries[-1]
        repeats = not self._begins_anew and _repeats(event, before.event)
        self._begins_anew = False
        if repeats:
            self._entries.pop()
            return Entry(before.number, event, before.times + 1)
        return Entry(before.number + 1, event)


def _repeats(event: Event, before: Event) -> bool:
    same_name = event.name == before.name
    return same_name and (event.name in _SUPERSEDED or event.data == before.data)
