"""What ends a command: the values, and what all of them have in common."""

from __future__ import annotations

import enum
from typing import Any

from qmpshell.named_tuple import NamedTuple
from qmpshell.progress import Progress
from qmpshell.protocol import ErrorReply, Event, Return

Answer = Return | ErrorReply


class Failure(NamedTuple):
    """Why what a command began came to no good.

    Attributes:
        kind: in the manner of QMP's error classes, such as ``JobFailed``.
        desc: the reason; the server's own where it gave one.
    """

    kind: str
    desc: str


class Outcome(NamedTuple):
    """What became of a command.

    Attributes:
        failure: why it failed; ``None`` when it didn't.
        remark: what else a person should know; mostly nothing.
    """

    failure: Failure | None = None
    remark: str = ""


SUCCESS = Outcome()


class When(enum.Enum):
    """When something is to be asked, the most urgent first."""

    NOW = "nothing can be said before the answer is there"
    REGULARLY = "a few times a second, as no event tells"
    FOR_PROGRESS = "a few times a second, if somebody looks at the progress"


class Question(NamedTuple):
    """What the server is to be asked.

    Attributes:
        members: the request.
        when: when it is to be sent.
    """

    members: dict[str, Any]
    when: When


class Ending:
    """What ends one command, and what is known of it so far.

    It hears of every event from before the command is sent, as some come before the reply.

    Attributes:
        outcome: what became of the command; ``None`` until that is known. It counts once
            there is a reply.
        meanwhile: what a person should know who doesn't wait any longer.
    """

    outcome: Outcome | None = None
    meanwhile = "it may still come to its end"

    @property
    def question(self) -> Question | None:
        """What is to be asked next; ``None`` when there is nothing to ask."""
        return None

    @property
    def progress(self) -> Progress | None:
        """How far it is; ``None`` when there is nothing to show yet."""
        return None

    def on_event(self, event: Event) -> None:
        """Take note of an event."""

    def on_reply(self, value: Any) -> None:
        """Take note of the command's reply, which is no error."""

    def on_answer(self, question: Question, answer: Answer) -> None:
        """Take note of the answer to a question."""

    def on_connection_end(self) -> bool:
        """Say whether the connection's end is what was waited for."""
        return False
