"""The end of a migration. Its events only come where they were asked for, so it is polled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmpshell.client.waiting.ending import (
    SUCCESS,
    Answer,
    Ending,
    Failure,
    Outcome,
    Question,
    When,
)
from qmpshell.client.waiting.reading import count, members_of
from qmpshell.progress import Progress
from qmpshell.protocol import ErrorReply, Event

#: The states in which a migration goes on by itself (``MigrationStatus`` in QEMU's
#: qapi/migration.json).
MOVING = {
    "setup",
    "cancelling",
    "active",
    "postcopy-active",
    "postcopy-recover",
    "postcopy-recover-setup",
    "device",
    "wait-unplug",
}


class MigrationEnding(Ending):
    """Ends when a migration is over, or can't go on by itself.

    Parameters:
        cancelled: that it is cancelled is what was wanted.
        switched: it is told to switch over already.
    """

    meanwhile = "the migration goes on: query-migrate shows it, migrate_cancel ends it"

    def __init__(self, *, cancelled: bool = False, switched: bool = False) -> None:
        self._cancelled = cancelled
        self._switched = switched
        self._replied = False
        self._news = False
        self._progress: Progress | None = None

    @property
    def question(self) -> Question | None:
        """Ask how it is."""
        if not self._replied:
            return None
        return Question({"execute": "query-migrate"}, When.NOW if self._news else When.REGULARLY)

    @property
    def progress(self) -> Progress | None:
        """How much of the memory is over there."""
        return self._progress

    def on_event(self, event: Event) -> None:
        """Take note that its state has changed; an event doesn't say why it failed."""
        self._news = self._news or event.name == "MIGRATION"

    def on_reply(self, value: Any) -> None:
        """Begin to ask."""
        self._replied = True

    def on_answer(self, question: Question, answer: Answer) -> None:
        """Take note of how it is."""
        self._news = False
        if isinstance(answer, ErrorReply):
            self.outcome = Outcome(Failure(answer.error_class, answer.desc))
            return
        members = members_of(answer)
        status = members.get("status", "none")
        self._progress = migration_progress(members, str(status))
        self.outcome = self._outcome(str(status), members.get("error-desc"))

    def _outcome(self, status: str, error: object) -> Outcome | None:
        if status == "pre-switchover" and not self._switched and not self._cancelled:
            return Outcome(remark="the migration stands before its switchover: migrate-continue")
        if self._cancelled and status == "none":
            return SUCCESS
        if status in MOVING or status in ("none", "pre-switchover"):
            return None
        return SUCCESS if self._cancelled else Outcome(_failure(status, error))


def _failure(status: str, error: object) -> Failure | None:
    match status:
        case "completed" | "colo":
            return None
        case "cancelled":
            return Failure("MigrationCancelled", "the migration was cancelled")
        case "postcopy-paused":
            desc = "postcopy lost its connection: migrate resume=true goes on with it"
            return Failure("MigrationPaused", desc)
    reason = error if isinstance(error, str) else f"{status}, and no reason was given"
    return Failure("MigrationFailed", reason)


def migration_progress(members: Mapping[str, Any], status: str) -> Progress:
    """Return how far a migration is.

    Parameters:
        members: what ``query-migrate`` answered.
        status: its status, which isn't repeated when it is the one that is expected.
    """
    ram = members.get("ram")
    if not isinstance(ram, dict):
        return Progress("migration", status)
    total, remaining = count(ram.get("total")), count(ram.get("remaining"))
    # In millions of bits a second.
    rate = count(ram.get("mbps")) * 1e6 / 8
    return Progress(
        "migration",
        "" if status == "active" else status,
        max(0, total - remaining),
        total,
        in_bytes=True,
        rate=rate or None,
        seconds_left=remaining / rate if rate else None,
    )
