"""Waits over a client: sends, hears, asks what an ending wants asked, and keeps the time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from qmpshell.client.client import SECONDS_PER_BYTE, Client
from qmpshell.client.deadline import Deadline
from qmpshell.client.exchange import OnReply
from qmpshell.client.waiting.ending import Answer, Ending, Question, When
from qmpshell.client.waiting.rate import Rate
from qmpshell.errors import CommandError, ConnectionLost, OutcomeError, TimedOut
from qmpshell.named_tuple import NamedTuple
from qmpshell.progress import Progress
from qmpshell.protocol import ErrorReply, Request, Return

OnProgress = Callable[[Progress], None]

#: How often something is asked that no event tells, and progress is shown, in seconds.
TICK_SECONDS = 0.25


class Done(NamedTuple):
    """A command that is done.

    Attributes:
        reply: its reply.
        remark: what else a person should know; mostly nothing.
    """

    reply: Return
    remark: str


def request_and_wait(
    client: Client,
    members: Mapping[str, Any],
    ending: Ending,
    *,
    timeout: float | None = None,
    on_sent: Callable[[Request], None] | None = None,
    on_late: OnReply | None = None,
    on_progress: OnProgress | None = None,
) -> Done:
    """Send a request, and return when it is done and not only accepted.

    Parameters:
        client: the connection. Events go where they went before.
        members: the request.
        ending: what ends it, from :func:`ending_of`. It knows what goes on, should the
            waiting end before.
        timeout: how long the reply and the end may take together, in seconds; ``None``
            without an end.
        on_sent: is given the request as it went out.
        on_late: is given the reply if it comes after it was given up.
        on_progress: is given the progress, about four times a second.

    Raises:
        CommandError: the server answered with an error.
        OutcomeError: it was accepted, and what it began failed.
        RequestError: the request can't be sent.
        TimedOut: the reply or the end didn't come in time.
        ConnectionLost: the connection ended, and that wasn't what was waited for.
        KeyboardInterrupt: the client's interrupt was set.
    """
    waiting = _Waiting(client, ending, on_progress)
    with client.listening(ending.on_event):
        request = client.submit(members, on_reply=waiting.take_reply)
        if on_sent:
            on_sent(request)
        stretch = len(request.data) * SECONDS_PER_BYTE
        deadline = Deadline(None if timeout is None else timeout + stretch)
        try:
            waiting.run(deadline)
        except TimedOut:
            name = members.get("execute", "the command")
            raise TimedOut(f"{name}: {waiting.what_is_missing(timeout)}") from None
        except ConnectionLost:
            if waiting.failed or not ending.on_connection_end():
                raise
        finally:
            client.give_up(request, on_late)
            waiting.give_up_question()
    reply = waiting.reply or Return({}, request.id, {"return": {}, "id": request.id})
    if isinstance(reply, ErrorReply):
        raise CommandError(reply.error_class, reply.desc, reply.members)
    outcome = ending.outcome
    if outcome and outcome.failure:
        raise OutcomeError(outcome.failure.kind, outcome.failure.desc, reply.members)
    return Done(reply, outcome.remark if outcome else "")


class _Waiting:
    def __init__(self, client: Client, ending: Ending, on_progress: OnProgress | None) -> None:
        self.reply: Answer | None = None
        self._client = client
        self._ending = ending
        self._on_progress = on_progress
        self._rate = Rate()
        self._asked: Request | None = None

    @property
    def failed(self) -> bool:
        """Whether the server has refused the command."""
        return isinstance(self.reply, ErrorReply)

    @property
    def _done(self) -> bool:
        return self.failed or (self.reply is not None and self._ending.outcome is not None)

    def take_reply(self, reply: Answer) -> None:
        """Take note of the command's reply."""
        self.reply = reply
        if isinstance(reply, Return):
            self._ending.on_reply(reply.value)

    def run(self, deadline: Deadline) -> None:
        """Wait until it is done."""
        while not self._done:
            # An answer that always leads to a question must not keep the end from coming.
            if deadline.passed:
                raise TimedOut
            if self._wants_answer_now():
                self._ask_now()
            remaining = deadline.remaining
            tick = TICK_SECONDS if remaining is None else min(TICK_SECONDS, remaining)
            try:
                self._client.wait(lambda: self._done or self._wants_answer_now(), timeout=tick)
            except TimedOut:
                self._on_tick()

    def what_is_missing(self, timeout: float | None) -> str:
        """Say for a person what didn't come in time."""
        if self.reply is None:
            return f"no reply in {timeout:g} s; it may still be running"
        return f"not done in {timeout:g} s; {self._ending.meanwhile}"

    def give_up_question(self) -> None:
        """Drop the answer that is still to come, if there is one."""
        if self._asked:
            self._client.give_up(self._asked)

    def _wants_answer_now(self) -> bool:
        if self._asked is not None:
            return False
        question = self._ending.question
        return question is not None and question.when is When.NOW

    def _on_tick(self) -> None:
        question = self._ending.question
        wanted = question is not None and (
            question.when is not When.FOR_PROGRESS or self._on_progress is not None
        )
        if wanted and self._asked is None:
            self._ask()
        else:
            self._show_progress()

    def _ask_now(self) -> None:
        # What says it unasked may have come already.
        self._client.read_available()
        if not self._done and self._wants_answer_now():
            self._ask()

    def _ask(self) -> None:
        question = self._ending.question
        assert question is not None
        self._asked = self._client.submit(
            question.members, on_reply=lambda answer: self._take_answer(question, answer)
        )

    def _take_answer(self, question: Question, answer: Answer) -> None:
        self._asked = None
        self._ending.on_answer(question, answer)
        self._show_progress()

    def _show_progress(self) -> None:
        progress = self._ending.progress
        if self._on_progress and progress:
            self._on_progress(self._rate.complete(progress, time.monotonic()))
