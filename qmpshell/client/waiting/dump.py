"""The end of a dump of the guest's memory."""

from __future__ import annotations

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
from qmpshell.protocol import Event


class DumpEnding(Ending):
    """Ends when the memory is dumped.

    Parameters:
        detached: the reply only says that it has begun.
    """

    meanwhile = "the dump goes on: query-dump shows it"

    def __init__(self, *, detached: bool) -> None:
        self._detached = detached
        self._replied = False
        self._progress: Progress | None = None

    @property
    def question(self) -> Question | None:
        """Ask how far it is."""
        if not self._replied:
            return None
        return Question({"execute": "query-dump"}, When.FOR_PROGRESS)

    @property
    def progress(self) -> Progress | None:
        """How much of the memory is dumped."""
        return self._progress

    def on_event(self, event: Event) -> None:
        """Take note of an event."""
        if event.name == "DUMP_COMPLETED":
            error = event.data.get("error")
            failure = Failure("DumpFailed", error) if isinstance(error, str) else None
            self.outcome = Outcome(failure)

    def on_reply(self, value: Any) -> None:
        """Take note of the reply: without ``detach`` it comes when the dump is done."""
        self._replied = True
        if not self._detached:
            self.outcome = SUCCESS

    def on_answer(self, question: Question, answer: Answer) -> None:
        """Take note of how far it is."""
        members = members_of(answer)
        self._progress = Progress(
            "dump",
            done=count(members.get("completed")),
            total=count(members.get("total")),
            in_bytes=True,
        )
