"""Events that have come, until somebody takes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from qmpshell.protocol import Event

#: So many are kept; then the oldest go.
MAX_QUEUED_EVENTS = 100_000


class EventQueue:
    """Events in the order in which they came.

    Attributes:
        dropped: how many nobody took in time.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._events: deque[Event] = deque()

    def __len__(self) -> int:
        return len(self._events)

    def add(self, event: Event) -> None:
        """Keep an event that has come."""
        if len(self._events) == MAX_QUEUED_EVENTS:
            self._events.popleft()
            self.dropped += 1
        self._events.append(event)

    def find(self, start: int, names: set[str], data: Mapping[str, Any]) -> int | None:
        """Return the place of the first event that fits, counted from the oldest.

        Parameters:
            start: the place from which on it may be.
            names: its name is one of these.
            data: members that its data must have, with these values.
        """
        for place in range(start, len(self._events)):
            event = self._events[place]
            if event.name in names and data.items() <= event.data.items():
                return place
        return None

    def take(self, place: int) -> Event:
        """Take the event at a place out."""
        event = self._events[place]
        del self._events[place]
        return event


class Search:
    """A search for one event, which looks at none twice; nobody else takes any meanwhile.

    Parameters:
        queue: where; events may be added to it, and dropped.
        names, data: as in :meth:`EventQueue.find`.
    """

    def __init__(self, queue: EventQueue, names: set[str], data: Mapping[str, Any]) -> None:
        self._queue = queue
        self._names = names
        self._data = data
        self._looked_at = queue.dropped

    def found(self) -> bool:
        """Say whether it has come."""
        queue = self._queue
        place = queue.find(max(self._looked_at - queue.dropped, 0), self._names, self._data)
        self._looked_at = queue.dropped + (len(queue) if place is None else place)
        return place is not None

    def take(self) -> Event:
        """Take it out of the queue, once it was found."""
        return self._queue.take(self._looked_at - self._queue.dropped)
