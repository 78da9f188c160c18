"""The simulator's time, and what is to happen in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]

_START = time.time() - time.monotonic()


def host_clock() -> float:
    """Return the seconds since the epoch, by a clock that never steps back."""
    return _START + time.monotonic()


class ManualClock:
    """A clock that stands still until the test moves it on."""

    def __init__(self, now: float = 1_795_350_730.0) -> None:
        self._now = now

    def __call__(self) -> float:
        """Return its time, in seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds


@dataclass(eq=False, slots=True)
class Appointment:
    """Something that is to happen at a time."""

    due: float
    action: Callable[[], None]


class Timetable:
    """What is to happen, in the order of time.

    Parameters:
        clock: gives the time in seconds.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._appointments: list[Appointment] = []
        self._now: float | None = None

    def now(self) -> float:
        """Return the time; while something is happening, the time that it was due."""
        return self._clock() if self._now is None else self._now

    def later(self, delay: float, action: Callable[[], None]) -> Appointment:
        """Let something happen after so many seconds; those due together keep their order."""
        appointment = Appointment(self.now() + delay, action)
        self._appointments.append(appointment)
        return appointment

    def cancel(self, appointment: Appointment | None) -> None:
        """Let it not happen, if it hasn't yet."""
        if appointment in self._appointments:
            self._appointments.remove(appointment)

    def next_due(self) -> float | None:
        """Return the time of the next, or ``None`` when nothing is to happen."""
        return min((appointment.due for appointment in self._appointments), default=None)

    def run_due(self) -> None:
        """Let everything happen whose time has come."""
        while self._appointments:
            first = min(self._appointments, key=lambda appointment: appointment.due)
            if first.due > self._clock():
                return
            self._appointments.remove(first)
            self._now = first.due
            try:
                first.action()
            finally:
                self._now = None
