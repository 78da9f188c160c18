"""What the jobs and the migration have in common: they are asked about, and move or don't."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from qmpshell.client.waiting.ending import Answer
from qmpshell.progress import Progress
from qmpshell.protocol import ErrorReply, Event


class Pace(enum.Enum):
    """How soon something is to be asked about again, the soonest first."""

    MOVING = "it makes progress"
    STANDING = "it waits for somebody or something"
    RESTING = "nothing becomes of it but by a command"


class Subject:
    """One kind of thing that goes on.

    Attributes:
        news: whether something was heard of it that only an answer can make clear.
        known: how far each such thing is, as far as that is known.
    """

    def __init__(self) -> None:
        # What was there before we came tells nothing of itself.
        self.news = True
        self.known: list[Progress] = []
        self._refused: set[str] = set()

    @property
    def questions(self) -> Sequence[str]:
        """The commands, without arguments, that tell of it."""
        raise NotImplementedError

    @property
    def pace(self) -> Pace:
        """How soon it is to be asked about again."""
        raise NotImplementedError

    @property
    def worth_a_look(self) -> list[Progress]:
        """Those of the known that a person would want to see unasked."""
        return self.known

    def on_event(self, event: Event) -> None:
        """Take note of an event, whatever it is about."""

    def on_answer(self, question: str, answer: Answer, moment: float) -> None:
        """Take note of an answer.

        Parameters:
            question: the command.
            answer: what came; a command that a server doesn't have isn't asked again.
            moment: the time in seconds, by any clock.
        """
        if isinstance(answer, ErrorReply):
            if answer.error_class == "CommandNotFound":
                self._refused.add(question)
            self.take(question, None, moment)
        else:
            self.take(question, answer.value, moment)

    def take(self, question: str, value: object, moment: float) -> None:
        """Take note of what a command returned; ``None`` when it failed."""
        raise NotImplementedError

    def may_ask(self, question: str) -> bool:
        """Say whether the server has the command, as far as that is known."""
        return question not in self._refused
