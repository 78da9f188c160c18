"""The names of things that a machine has now: asked once, remembered, and forgotten in time.

Nobody waits on the machine for longer than a frame. What it doesn't say by then is there
when it has come.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from qmpshell.client.client import Client
from qmpshell.client.names.harmless import harmless_types
from qmpshell.client.names.source import (
    OWN_DESCRIPTORS,
    Names,
    Question,
    Source,
    ask,
    children,
)
from qmpshell.client.names.twin import Twin, find_binary
from qmpshell.errors import Error, TimedOut
from qmpshell.protocol import ErrorReply, Event, Return

#: How long a keystroke may wait for the machine, in seconds.
FRAME_SECONDS = 0.016

#: After so many seconds the machine is asked again: another client may have changed it.
FRESH_SECONDS = 0.1

#: Events after which names may be others.
_CHANGES = frozenset(
    {
        "BLOCK_EXPORT_DELETED",
        "BLOCK_JOB_CANCELLED",
        "BLOCK_JOB_COMPLETED",
        "DEVICE_DELETED",
        "DEVICE_TRAY_MOVED",
        "JOB_STATUS_CHANGE",
        "NETDEV_STREAM_CONNECTED",
        "NETDEV_STREAM_DISCONNECTED",
        "RESET",
    }
)

#: Commands that change nothing begin so.
_READING = (
    "query-",
    "guest-get-",
    "qom-get",
    "qom-list",
    "device-list-",
    "trace-event-get",
    "x-query-",
)

_PRESENT = ask("qom-list", path="/machine/peripheral")


class LiveNames:
    """What a machine says when it is asked for names.

    Parameters:
        client: the connection; its greeting has been read.
        came: is called when an answer came that a caller didn't wait for.
        patience: how long a question may wait for its answer, in seconds; a frame when
            left out.
        with_twin: whether a second QEMU may be started for what could end the first;
            without one there are no names then.

    Attributes:
        twin: the second QEMU that is being asked, for an event loop to watch: call
            :meth:`read_twin` when it is readable.
    """

    def __init__(
        self,
        client: Client,
        came: Callable[[], None],
        *,
        patience: float | None = None,
        with_twin: bool = True,
    ) -> None:
        self.twin: Twin | None = None
        self._client = client
        self._came = came
        self._patience = FRAME_SECONDS if patience is None else patience
        self._with_twin = with_twin
        self._answers: dict[Question, tuple[float, Any]] = {
            OWN_DESCRIPTORS: (0.0, client.descriptor_names)
        }
        self._asked: set[Question] = set()
        self._missed: set[Question] = set()
        self._changes = 0

    def close(self) -> None:
        """Let go of a twin that still runs."""
        if self.twin:
            self.twin.close()
            self.twin = None

    def names(self, sources: Sequence[Source]) -> tuple[Names, bool]:
        """Return the names that are known, having asked for what isn't.

        Parameters:
            sources: what knows them.

        Returns:
            The names, and whether they are all: if not, ``came`` is called later.
        """
        self._take_twin()
        self._ask(source.question for source in sources)
        found: Names = []
        complete = True
        for source in sources:
            if source.question in self._answers:
                found += sorted(source.read(self._answers[source.question][1]), key=_rank)
            else:
                complete = False
        return list(dict(reversed(found)).items())[::-1], complete

    def known(self, sources: Sequence[Source]) -> Names:
        """Return all the names that there are, if that is known without risk to the machine.

        Parameters:
            sources: what knows them. The machine is asked at most for what is harmless.

        Returns:
            The names; none when they aren't all known now.
        """
        if any(not self._is_harmless(source.question) for source in sources):
            return []
        names, complete = self.names(sources)
        return names if complete else []

    def on_event(self, event: Event) -> None:
        """Take note of an event after which names may be others."""
        if event.name in _CHANGES:
            self._forget()

    def on_command(self, name: str) -> None:
        """Take note of a command that was sent, after which names may be others."""
        if not name.startswith(_READING):
            self._forget()

    def read_twin(self) -> None:
        """Take in what the twin has said, without blocking."""
        if self._take_twin():
            self._came()

    def _take_twin(self) -> bool:
        twin = self.twin
        if twin is None or not twin.read_available():
            return False
        self.close()
        self._answers[twin.question] = (time.monotonic(), twin.answer)
        return True

    def _forget(self) -> None:
        self._changes += 1
        self._answers = {q: answer for q, answer in self._answers.items() if q.lasting}

    def _ask(self, questions: Iterable[Question]) -> None:
        """Ask what isn't known, unless the machine still owes an answer; wait a little."""
        if self._asked or self._client.closed:
            self._missed |= self._asked
            return
        with contextlib.suppress(Error):
            for question in questions:
                if not self._is_fresh(question) and self._client.has_room:
                    self._ask_safely(question)
            self._client.wait(lambda: not self._asked, timeout=self._patience)
        self._missed |= self._asked

    def _is_fresh(self, question: Question) -> bool:
        if question not in self._answers:
            return False
        came, _ = self._answers[question]
        return question.lasting or time.monotonic() < came + FRESH_SECONDS

    def _ask_safely(self, question: Question) -> None:
        """Ask the machine, or its twin where the question could end the machine."""
        if question.command != "device-list-properties":
            self._submit(question)
            return
        driver = dict(question.arguments).get("typename")
        if driver in harmless_types() or driver in self._present_types():
            self._submit(question)
        elif self._with_twin and (binary := find_binary(self._client)):
            self._ask_twin(binary, question)
        else:
            self._answers[question] = (time.monotonic(), None)

    def _is_harmless(self, question: Question) -> bool:
        """Say whether it takes no twin to answer."""
        return (
            question.command != "device-list-properties"
            or question in self._answers
            or dict(question.arguments).get("typename") in harmless_types()
        )

    def _ask_twin(self, binary: str, question: Question) -> None:
        if self.twin and self.twin.question == question:
            return
        self.close()
        self.twin = Twin(binary, question, self._client.greeting)

    def _present_types(self) -> set[str]:
        """Return the types of the devices that were added to the machine, if it says so now."""
        self._submit(_PRESENT)
        with contextlib.suppress(TimedOut):
            self._client.wait(lambda: not self._asked, timeout=self._patience)
        _, answer = self._answers.get(_PRESENT, (0.0, None))
        return {type_ for _, type_ in children()(answer)}

    def _submit(self, question: Question) -> None:
        changes = self._changes

        def take(reply: Return | ErrorReply) -> None:
            answer = reply.value if isinstance(reply, Return) else None
            # What was asked before a change is shown, and asked again.
            came = time.monotonic() if changes == self._changes else 0.0
            self._answers[question] = (came, answer)
            self._asked.discard(question)
            if question in self._missed:
                self._missed.discard(question)
                if not self._asked:
                    self._came()

        self._asked.add(question)
        self._client.submit(question.members, on_reply=take)


def _rank(name: tuple[str, str]) -> tuple[bool, bool, list[str]]:
    """Put names in order: made-up ones and experimental ones last, and 10 behind 9."""
    parts = re.split(r"([0-9]+)", name[0])
    natural = [part.zfill(20) if part.isdecimal() else part.lower() for part in parts]
    return name[0].startswith("#"), name[0].startswith(("x-", "legacy-")), natural
