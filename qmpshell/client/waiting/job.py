"""One job that is waited for: what is known of it, and when that is enough.

A block job mostly dismisses itself, and only its events say how it ended. Other jobs
stay, and only ``query-jobs`` says why one of them failed (tried on 7.2). So an event that
says that a job ended leads to a question, unless it says that the job is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qmpshell.client.waiting.ending import SUCCESS, Failure, Outcome, When
from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import Event


class Aim(NamedTuple):
    """How far a command brings a job.

    Attributes:
        ready: no further than ``ready``, if the job gets there.
        pending: no further than ``pending``, if the job was told to stay there.
        cancelled: that the job is cancelled is what was wanted.
        dismissed: the job is to be dismissed at its end, as nothing else does it.
    """

    ready: bool = False
    pending: bool = False
    cancelled: bool = False
    dismissed: bool = False


class Job:
    """What is known of a job.

    Parameters:
        id_: its id.
        aim: how far it is to come.

    Attributes:
        id: as given.
        outcome: what became of it; ``None`` until that is known.
        listed: how ``query-jobs`` told of it last; empty before it has.
        to_be_dismissed: whether it has ended, and is still to be dismissed.
    """

    def __init__(self, id_: str, aim: Aim) -> None:
        self.id = id_
        self.outcome: Outcome | None = None
        self.listed: Mapping[str, Any] = {}
        self.to_be_dismissed = False
        self._aim = aim
        self._forget()

    def _forget(self) -> None:
        """Forget what was heard of a job that had the same id before."""
        self.outcome = None
        self._error: str | None = None
        self._aborting = False
        self._cancelled = False
        self._ended = False
        self._completed = False
        self._pending = False

    @property
    def when(self) -> When:
        """When ``query-jobs`` is to be asked, as no event said enough."""
        if self.outcome is None and self._ended:
            return When.NOW
        # Nearly every job passes through pending at once, and few stay there.
        return When.REGULARLY if self.outcome is None and self._pending else When.FOR_PROGRESS

    def on_event(self, event: Event) -> None:
        """Take note of an event, whichever job it is about."""
        # Block jobs call their id a device, but for the event of a pending one.
        match event.name, event.data:
            case "JOB_STATUS_CHANGE", {"id": self.id, "status": str(status)}:
                self._on_status(status)
            case "BLOCK_JOB_READY", {"device": self.id}:
                self._on_ready()
            case "BLOCK_JOB_PENDING", {"id": self.id}:
                self._on_pending()
            case "BLOCK_JOB_COMPLETED", {"device": self.id}:
                self._ended = self._completed = True
                self._take_error(event.data.get("error"))
            case "BLOCK_JOB_CANCELLED", {"device": self.id}:
                self._ended = self._cancelled = True

    def on_list(self, jobs: Iterable[Any]) -> None:
        """Take note of what ``query-jobs`` answered."""
        for job in jobs:
            match job:
                case {"id": self.id, "status": str(status)}:
                    self.listed = job
                    self._on_listed(status)
                    return
        self._on_not_listed()

    def on_no_list(self) -> None:
        """Take note that the server knows no ``query-jobs`` (before QEMU 3.0)."""
        if self._ended:
            self._decide()

    def _on_status(self, status: str) -> None:
        match status:
            case "created":
                self._forget()
            case "aborting":
                self._aborting = True
            case "ready":
                self._on_ready()
            case "pending":
                self._pending = self._aim.pending
            case "concluded":
                self._ended = True
            case "null":
                self.to_be_dismissed = False
                self._decide()

    def _on_ready(self) -> None:
        if self._aim.ready and self.outcome is None:
            self.outcome = SUCCESS

    def _on_pending(self) -> None:
        if self._aim.pending and self.outcome is None:
            remark = f"job {self.id} is pending: job-finalize id={self.id} ends it"
            self.outcome = Outcome(remark=remark)

    def _on_listed(self, status: str) -> None:
        self._pending = False
        match status:
            case "ready" | "standby":
                self._on_ready()
            case "pending":
                self._on_pending()
            case "concluded":
                self._take_error(self.listed.get("error"))
                self._decide()
                self.to_be_dismissed = self._aim.dismissed

    def _on_not_listed(self) -> None:
        if self._ended:
            self._decide()
        elif self.outcome is None:
            desc = f"job {self.id} is gone, and nothing told how it ended"
            self.outcome = Outcome(Failure("JobFailed", desc))

    def _take_error(self, error: object) -> None:
        if isinstance(error, str):
            self._error = error

    def _decide(self) -> None:
        """Say what became of it, now that it has ended and all is known of it."""
        if self.outcome is None:
            self.outcome = Outcome(self._failure())

    def _failure(self) -> Failure | None:
        if self._cancelled:
            desc = f"job {self.id} was cancelled"
            return None if self._aim.cancelled else Failure("JobCancelled", desc)
        if self._error is None and not self._aborting:
            return None
        # A job that is no block job tells of its being cancelled like of any error.
        if self._aim.cancelled and not self._completed:
            return None
        reason = "no reason was given" if self._error is None else self._error
        return Failure("JobFailed", f"{self.id}: {reason}")
