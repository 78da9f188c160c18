"""When a machine is asked how far its jobs and its migration are: no more often than it helps.

Where nothing goes on, nothing is asked. An event, or a command of ours, that may have begun
something leads to a question, and what then makes progress to further ones: often on a machine
that runs, less often on one that stands still or when nothing moves, seldom about what waits
for somebody, and never while an answer is still to come.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from qmpshell.client.activity.jobs import Jobs
from qmpshell.client.activity.migration import Migration
from qmpshell.client.activity.subject import Pace, Subject
from qmpshell.client.waiting.ending import Answer
from qmpshell.client.waiting.jobs import JobsEnding
from qmpshell.client.waiting.migration import MigrationEnding
from qmpshell.client.waiting.table import ending_of
from qmpshell.errors import RequestError
from qmpshell.progress import Progress
from qmpshell.protocol import Event

#: The least time between two polls of a machine that runs, and of one that doesn't, in seconds.
RUNNING_SECONDS = 0.25
STOPPED_SECONDS = 1.0

#: So long it gets when nothing moves, in seconds: each time twice as long as before.
UNMOVED_SECONDS = 2.0

#: How often what waits for somebody is looked at, in seconds.
STANDING_SECONDS = 5.0


class Activity:
    """What goes on in one machine, over one connection."""

    def __init__(self) -> None:
        self._jobs = Jobs()
        self._migration = Migration()
        self._subjects: Sequence[Subject] = (self._migration, self._jobs)
        self._unanswered: dict[str, Subject] = {}
        self._asked_at = -math.inf
        self._done_before: list[tuple[str, int]] = []
        self._unmoved = 0

    @property
    def known(self) -> list[Progress]:
        """How far each is, the migration first; those that have ended and stay included."""
        return [progress for subject in self._subjects for progress in subject.known]

    @property
    def worth_a_look(self) -> list[Progress]:
        """Those that a person would want to see unasked."""
        return [progress for subject in self._subjects for progress in subject.worth_a_look]

    @property
    def answered(self) -> bool:
        """Whether nothing was asked that has no answer yet."""
        return not self._unanswered

    @property
    def resting(self) -> bool:
        """Whether nothing goes on that changes by itself."""
        return self._pace is Pace.RESTING

    def on_event(self, event: Event) -> None:
        """Take note of an event, whatever it is about."""
        for subject in self._subjects:
            subject.on_event(event)

    def on_command(self, members: Mapping[str, Any]) -> None:
        """Take note of a request that was sent, which may have begun or changed something.

        Parameters:
            members: the request.
        """
        if _is_hmp_migration(members):
            self._migration.begin()
            return
        try:
            ending = ending_of(members)
        except RequestError:
            return
        if isinstance(ending, MigrationEnding):
            self._migration.begin()
        elif isinstance(ending, JobsEnding):
            self._jobs.news = True

    def hear_of_migration(self) -> None:
        """Take note that there is a migration, whoever began it."""
        self._migration.begin()

    def expect_news(self) -> None:
        """Ask about everything at the next poll."""
        for subject in self._subjects:
            subject.news = True

    def seconds_until_due(self, moment: float, *, running: bool) -> float | None:
        """Say when the machine is to be asked.

        Parameters:
            moment: the time in seconds, by the clock that :meth:`poll` goes by.
            running: whether the machine runs, and so answers without effort.

        Returns:
            In how many seconds; ``None`` as long as nothing more is heard.
        """
        if self._unanswered or not self._wanted():
            return None
        return max(0.0, self._asked_at + self._interval(running=running) - moment)

    def poll(self, moment: float) -> Sequence[str]:
        """Return the commands, without arguments, that are to be sent now.

        Each answer is to be given to :meth:`on_answer`.
        """
        wanted = self._wanted()
        self._unanswered = dict(wanted)
        self._asked_at = moment
        return [question for question, _ in wanted]

    def on_answer(self, question: str, answer: Answer, moment: float) -> None:
        """Take note of an answer.

        Parameters:
            question: the command.
            answer: what came.
            moment: the time in seconds, by the clock that :meth:`poll` goes by.
        """
        self._unanswered.pop(question).on_answer(question, answer, moment)
        if self.answered:
            done = [(progress.label, progress.done) for progress in self.known]
            self._unmoved = self._unmoved + 1 if done == self._done_before else 0
            self._done_before = done

    def _wanted(self) -> list[tuple[str, Subject]]:
        """Return what is to be asked: what only stands has no part in the pace of what moves."""
        pace = self._pace
        return [
            (question, subject)
            for subject in self._subjects
            if subject.news or subject.pace is pace is not Pace.RESTING
            for question in subject.questions
        ]

    @property
    def _pace(self) -> Pace:
        paces = {subject.pace for subject in self._subjects}
        return next(pace for pace in Pace if pace in paces)

    def _interval(self, *, running: bool) -> float:
        least = RUNNING_SECONDS if running else STOPPED_SECONDS
        if any(subject.news for subject in self._subjects):
            return least
        if self._pace is Pace.STANDING:
            return STANDING_SECONDS
        # Eight times doubled it is far beyond the limit.
        unmoved = RUNNING_SECONDS * 2.0 ** min(self._unmoved, 8)
        return max(least, min(UNMOVED_SECONDS, unmoved))


def _is_hmp_migration(members: Mapping[str, Any]) -> bool:
    match members:
        case {
            "execute": "human-monitor-command",
            "arguments": {"command-line": str(line)},
        }:
            return line.lstrip().startswith("migrate")
    return False
