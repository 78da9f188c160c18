"""The migration of a machine, out or in: ``query-migrate`` tells how it is.

Its event only comes where the migration capability ``events`` was set, which it isn't by
default (QEMU 7.2 and 10.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qmpshell.client.activity.subject import Pace, Subject
from qmpshell.client.waiting.migration import MOVING, migration_progress
from qmpshell.client.waiting.rate import Rate
from qmpshell.progress import Progress
from qmpshell.protocol import Event

MIGRATION = "query-migrate"

_OVER = ("", "none", "completed", "failed", "cancelled")


class Migration(Subject):
    """The last migration, if there was one."""

    def __init__(self) -> None:
        super().__init__()
        self._status = ""
        self._ours = False
        self._rate = Rate()

    @property
    def questions(self) -> Sequence[str]:
        """Ask how it is."""
        return [MIGRATION] if self.may_ask(MIGRATION) else []

    @property
    def pace(self) -> Pace:
        """Whether it goes on."""
        if self._status in MOVING:
            return Pace.MOVING
        return Pace.RESTING if self._status in _OVER else Pace.STANDING

    @property
    def worth_a_look(self) -> list[Progress]:
        """One that is over is old news, unless it has failed while we were here."""
        seen = self._status not in _OVER or (self._ours and self._status == "failed")
        return self.known if seen else []

    def on_event(self, event: Event) -> None:
        """Take note that its status has changed; an event doesn't say why it failed."""
        if event.name == "MIGRATION":
            self.begin()

    def begin(self) -> None:
        """Take note that there is one, or that something was done to it."""
        self.news = self._ours = True

    def take(self, question: str, value: object, moment: float) -> None:
        """Take note of how it is."""
        self.news = False
        members: Mapping[str, Any] = value if isinstance(value, dict) else {}
        status = members.get("status")
        self._status = status if isinstance(status, str) else ""
        self._ours = self._ours or self._status in MOVING
        if self._status in ("", "none"):
            self.known = []
            return
        error = members.get("error-desc")
        progress = migration_progress(members, self._status)
        if self._status in MOVING:
            progress = self._rate.complete(progress, moment)
        else:
            # What was left to do then says nothing of what is now.
            progress, self._rate = Progress(progress.label), Rate()
        error = error if isinstance(error, str) else ""
        self.known = [progress._replace(status=self._status, error=error)]
