"""The jobs of a machine: ``query-jobs`` tells how far they are, events what becomes of them.

Each step in a job's life has its ``JOB_STATUS_CHANGE`` (since QEMU 3.0, like ``query-jobs``),
up to the status ``null`` when it is gone: so between two steps there is only progress to ask
for, and after the last there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from qmpshell.client.activity.subject import Pace, Subject
from qmpshell.client.waiting.jobs import IN_BYTES
from qmpshell.client.waiting.rate import Rate
from qmpshell.client.waiting.reading import count
from qmpshell.progress import Progress
from qmpshell.protocol import Event

JOBS = "query-jobs"
BLOCK_JOBS = "query-block-jobs"

#: What a job does in each status (``JobStatus`` in QEMU's qapi/job.json).
_PACES = {
    "created": Pace.MOVING,
    "running": Pace.MOVING,
    "waiting": Pace.MOVING,
    "aborting": Pace.MOVING,
    "pending": Pace.RESTING,
    "concluded": Pace.RESTING,
}

#: A job that was paused may have been so by an error, which only ``query-block-jobs`` tells.
_MAY_BE_STUCK = ("paused", "standby")

_IO_STATUS = {"failed": "I/O error", "nospace": "no space left"}

#: A server that has more of them than this means no good.
_MOST = 1000


class Jobs(Subject):
    """The jobs that there are, those that have ended and stay included."""

    def __init__(self) -> None:
        super().__init__()
        self._jobs: dict[str, Progress] = {}
        self._rates: dict[str, Rate] = {}
        self._listed = False

    @property
    def questions(self) -> Sequence[str]:
        """Ask for the jobs; about one that stands, there may be more to learn."""
        stuck = any(job.status in _MAY_BE_STUCK for job in self.known)
        wanted = (JOBS, BLOCK_JOBS) if stuck else (JOBS,)
        return [question for question in wanted if self.may_ask(question)]

    @property
    def pace(self) -> Pace:
        """That of the job which makes the most progress."""
        paces = {_pace_of(job) for job in self.known}
        return next((pace for pace in Pace if pace in paces), Pace.RESTING)

    @property
    def worth_a_look(self) -> list[Progress]:
        """All of them, those first that make progress, and of those the furthest."""
        paces = list(Pace)
        return sorted(self.known, key=lambda job: (paces.index(_pace_of(job)), -job.share))

    def on_event(self, event: Event) -> None:
        """Take note of a step in a job's life."""
        match event.name, event.data:
            case "JOB_STATUS_CHANGE", {"id": str(id_), "status": "null"}:
                self._jobs.pop(id_, None)
                self._rates.pop(id_, None)
                # There are no others than those that were listed or have told of themselves.
                self.news = self.news and not (self._listed and not self._jobs)
            case "JOB_STATUS_CHANGE", {"id": str(id_), "status": str(status)}:
                self._on_status(id_, status)
            case str(name), _ if name.startswith("BLOCK_JOB_"):
                self.news = self.news or bool(self._jobs)
        self.known = list(self._jobs.values())

    def _on_status(self, id_: str, status: str) -> None:
        if status == "created":
            self._jobs.pop(id_, None)
            self._rates.pop(id_, None)
        if id_ in self._jobs or len(self._jobs) < _MOST:
            self._jobs[id_] = self._jobs.get(id_, Progress(id_))._replace(status=status)
        self.news = True

    def take(self, question: str, value: object, moment: float) -> None:
        """Take note of all the jobs, or of what stops some of them."""
        listed = value if isinstance(value, list) else []
        if question == BLOCK_JOBS:
            self._take_causes(listed)
        else:
            self.news, self._listed = False, True
            self._take_jobs(listed, moment)
        self.known = list(self._jobs.values())

    def _take_jobs(self, listed: Sequence[Any], moment: float) -> None:
        jobs = {}
        for job in islice(listed, _MOST):
            match job:
                case {"id": str(id_), "status": str(status)}:
                    rate = self._rates.setdefault(id_, Rate())
                    jobs[id_] = rate.complete(_progress(id_, status, job), moment)
                    if status in _MAY_BE_STUCK and id_ in self._jobs:
                        jobs[id_] = jobs[id_]._replace(error=self._jobs[id_].error)
        self._jobs = jobs
        self._rates = {id_: rate for id_, rate in self._rates.items() if id_ in jobs}

    def _take_causes(self, listed: Sequence[Any]) -> None:
        for job in listed:
            match job:
                case {"device": str(id_), "io-status": str(status)} if id_ in self._jobs:
                    if self._jobs[id_].status in _MAY_BE_STUCK:
                        error = _IO_STATUS.get(status, "")
                        self._jobs[id_] = self._jobs[id_]._replace(error=error)


def _pace_of(job: Progress) -> Pace:
    return _PACES.get(job.status, Pace.STANDING)


def _progress(id_: str, status: str, job: Mapping[str, Any]) -> Progress:
    type_, error = job.get("type"), job.get("error")
    return Progress(
        id_,
        status,
        count(job.get("current-progress")),
        count(job.get("total-progress")),
        in_bytes=type_ in IN_BYTES,
        type=type_ if isinstance(type_, str) else "",
        error=error if isinstance(error, str) else "",
    )
