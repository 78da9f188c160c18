"""The end of jobs: of the one that a command begins or ends, or of a transaction's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from qmpshell.client.waiting.job import Aim, Job
from qmpshell.client.waiting.reading import count
from qmpshell.progress import Progress
from qmpshell.protocol import Event, Return

#: The jobs whose progress is in bytes; that of others is in steps of their own.
IN_BYTES = {"backup", "commit", "mirror", "stream"}

#: A transaction's actions that begin a job.
JOB_ACTIONS = frozenset({"blockdev-backup", "drive-backup"})


class JobsEnding(Ending):
    """Ends when each of the jobs has come as far as the command brings it.

    Parameters:
        ids: the jobs' ids, where the command gives them.
        aim: how far they are to come.
        unnamed: for each job that the command begins without giving its id, what it is
            called by default: like the block device.
    """

    def __init__(self, ids: Iterable[str], aim: Aim, unnamed: Iterable[str] = ()) -> None:
        self._aim = aim
        self._ids = list(ids)
        self._unnamed = list(unnamed)
        self._early: list[Event] = []
        self._jobs: list[Job] = []
        self._replied = False
        self._listing = True

    @property
    def meanwhile(self) -> str:  # type: ignore[override]
        """How to look for the jobs, and how to end them."""
        ids = [job.id for job in self._jobs] or self._ids
        if len(ids) != 1:
            return "the jobs go on: query-jobs shows them, job-cancel ends one"
        return f"job {ids[0]} goes on: query-jobs shows it, job-cancel id={ids[0]} ends it"

    @property
    def question(self) -> Question | None:
        """Ask how the jobs are, or dismiss one that nothing else does."""
        for job in self._jobs:
            if job.to_be_dismissed:
                dismissal = {"execute": "job-dismiss", "arguments": {"id": job.id}}
                return Question(dismissal, When.NOW)
        if not self._replied or not self._listing:
            return None
        wanted = {job.when for job in self._jobs}
        first = next(when for when in When if when in wanted)
        return Question({"execute": "query-jobs"}, first)

    @property
    def progress(self) -> Progress | None:
        """All of the jobs together."""
        listed = [job.listed for job in self._jobs if job.listed]
        if not listed:
            return None
        states = {str(job["status"]) for job in listed}
        return Progress(
            self._jobs[0].id if len(self._jobs) == 1 else f"{len(self._jobs)} jobs",
            states.pop() if len(states) == 1 else "",
            sum(count(job.get("current-progress")) for job in listed),
            sum(count(job.get("total-progress")) for job in listed),
            in_bytes=all(job.get("type") in IN_BYTES for job in listed),
        )

    def on_event(self, event: Event) -> None:
        """Take note of an event; before the reply it isn't known which jobs they are."""
        if not self._replied:
            if "JOB" in event.name:
                self._early.append(event)
            return
        self._tell_jobs([event])

    def on_reply(self, value: Any) -> None:
        """Find out which jobs they are, and what has become of them already."""
        self._replied = True
        self._jobs = [Job(id_, self._aim) for id_ in (*self._ids, *self._ids_of_unnamed())]
        early, self._early = self._early, []
        self._tell_jobs(early)

    def on_answer(self, question: Question, answer: Answer) -> None:
        """Take note of the list of jobs, or that one is dismissed, or was by somebody else."""
        if question.members["execute"] == "job-dismiss":
            for job in self._jobs:
                if job.id == question.members["arguments"]["id"]:
                    job.to_be_dismissed = False
        elif isinstance(answer, Return) and isinstance(answer.value, list):
            for job in self._jobs:
                job.on_list(answer.value)
        else:
            self._listing = False
        self._conclude()

    def _tell_jobs(self, events: Iterable[Event]) -> None:
        for event in events:
            for job in self._jobs:
                job.on_event(event)
        self._conclude()

    def _ids_of_unnamed(self) -> list[str]:
        """The server says that a job was made before it replies to what made it."""
        made = [
            event.data["id"]
            for event in self._early
            if event.name == "JOB_STATUS_CHANGE"
            and event.data.get("status") == "created"
            and isinstance(event.data.get("id"), str)
            and event.data["id"] not in self._ids
        ]
        ids = []
        for default in self._unnamed:
            # What was made last, right before the reply, was made by this command.
            id_ = default if default in made or not made else made[-1]
            made = [other for other in made if other != id_]
            ids.append(id_)
        return ids

    def _conclude(self) -> None:
        for job in self._jobs:
            if not self._listing:
                job.on_no_list()
        if any(job.outcome is None or job.to_be_dismissed for job in self._jobs):
            return
        self.outcome = joint_outcome(job.outcome for job in self._jobs if job.outcome)


def joint_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """Say what became of a command that began several jobs.

    When one fails, QEMU may cancel the others for it: then that one is the reason.
    """
    outcomes = list(outcomes)
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    reasons = [failure for failure in failures if failure.kind != "JobCancelled"] or failures
    if reasons:
        desc = "; ".join(failure.desc for failure in reasons)
        return Outcome(Failure(reasons[0].kind, desc))
    remarks = [outcome.remark for outcome in outcomes if outcome.remark]
    return Outcome(remark="; ".join(remarks)) if remarks else SUCCESS


def job_actions(arguments: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a transaction's actions are given that begin a job."""
    found: list[Mapping[str, Any]] = []
    actions = arguments.get("actions")
    for action in actions if isinstance(actions, list) else []:
        match action:
            case {"type": str(kind), "data": dict(data)} if kind in JOB_ACTIONS:
                found.append(data)
    return found
