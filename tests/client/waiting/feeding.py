"""Feeds an ending with what a server says, in the order in which it says it."""

from typing import Any

from qmpshell.client.waiting.ending import Ending, Outcome, Question
from qmpshell.protocol import ErrorReply, Event, Return

Answer = Return | ErrorReply

#: The command's own reply, among other steps.
REPLY = "the reply"

Step = Event | Answer | str


def event(name: str, **data: Any) -> Event:
    return Event(name, data, None, {})


def status(state: str, id_: str = "j") -> Event:
    return event("JOB_STATUS_CHANGE", id=id_, status=state)


def answer(value: Any) -> Answer:
    return Return(value, None, {})


def refusal(error_class: str = "CommandNotFound", desc: str = "no") -> Answer:
    return ErrorReply(error_class, desc, None, {})


def jobs(*listed: tuple[str, str], **more: Any) -> Answer:
    """What ``query-jobs`` answers, from ids and states."""
    return answer([{"id": id_, "status": state, **more} for id_, state in listed])


def feed(ending: Ending, *steps: Step) -> Outcome | None:
    for step in steps:
        if isinstance(step, Event):
            ending.on_event(step)
        elif step is REPLY:
            ending.on_reply({})
        else:
            assert isinstance(step, Return | ErrorReply)
            question = ending.question
            assert question is not None, "nothing was asked"
            ending.on_answer(question, step)
    return ending.outcome


def asked(question: Question | None) -> tuple[str, str] | None:
    """What is asked, and when."""
    return question and (question.members["execute"], question.when.name)
