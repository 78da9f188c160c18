"""The end of what changes whether the machine runs, or whether there still is one."""

from __future__ import annotations

from typing import Any

from qmpshell.client.waiting.ending import SUCCESS, Answer, Ending, Question, When
from qmpshell.client.waiting.reading import members_of
from qmpshell.progress import Progress
from qmpshell.protocol import Event, Return

_STATUS: dict[str, Any] = {"execute": "query-status"}


class RunningEnding(Ending):
    """Ends when the machine runs, or stands still.

    Where it did already there is no event, but the machine can be asked.

    Parameters:
        event: what says so.
        running: whether it is to run.
    """

    def __init__(self, event: str, *, running: bool) -> None:
        self._event = event
        self._running = running
        self._replied = False
        self._asked = False

    @property
    def question(self) -> Question | None:
        """Ask whether it runs."""
        when = When.REGULARLY if self._asked else When.NOW
        return Question(_STATUS, when) if self._replied else None

    @property
    def progress(self) -> Progress | None:
        """What is waited for."""
        return Progress("the machine", f"waiting for {self._event}")

    def on_event(self, event: Event) -> None:
        """Take note of an event."""
        if event.name == self._event:
            self.outcome = SUCCESS

    def on_reply(self, value: Any) -> None:
        """Begin to ask."""
        self._replied = True

    def on_answer(self, question: Question, answer: Answer) -> None:
        """Take note of whether it runs."""
        self._asked = True
        if members_of(answer).get("running") is self._running:
            self.outcome = SUCCESS


class ResetEnding(Ending):
    """Ends when the machine has been reset, or shut down as ``-no-reboot`` wants it."""

    @property
    def progress(self) -> Progress | None:
        """What is waited for."""
        return Progress("the machine", "waiting for RESET")

    def on_event(self, event: Event) -> None:
        """Take note of an event."""
        if event.name in ("RESET", "SHUTDOWN"):
            self.outcome = SUCCESS

    def on_connection_end(self) -> bool:
        """Say whether it was shut down."""
        return self.outcome is not None


class ShutdownEnding(Ending):
    """Ends when the machine has shut down, and QEMU with it, unless it is to stay.

    QEMU tells of the shutdown before it ends. One that still answers then stays there with
    the machine (``-no-shutdown``); one that ends has let go of its images.

    Parameters:
        silently: a QEMU that ends without a word has done what it was told.
    """

    meanwhile = "the machine may still shut down: SHUTDOWN tells it"

    def __init__(self, *, silently: bool) -> None:
        self._silently = silently
        self._shut_down = False

    @property
    def question(self) -> Question | None:
        """Ask whether QEMU is still there."""
        return Question(_STATUS, When.NOW) if self._shut_down else None

    @property
    def progress(self) -> Progress | None:
        """What is waited for."""
        what = "QEMU" if self._silently else "the guest"
        return Progress("the machine", f"waiting for {what} to shut down")

    def on_event(self, event: Event) -> None:
        """Take note of an event."""
        self._shut_down = self._shut_down or event.name == "SHUTDOWN"

    def on_answer(self, question: Question, answer: Answer) -> None:
        """Take note that QEMU stays."""
        if isinstance(answer, Return):
            self.outcome = SUCCESS

    def on_connection_end(self) -> bool:
        """Say whether it ended as it was told to."""
        return self._silently or self._shut_down
