from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.client.waiting import ending_of
from qmpshell.client.waiting.ending import Ending, Failure, Outcome, When
from qmpshell.progress import Progress
from qmpshell.protocol import Event, Return
from tests.client.waiting.feeding import (
    REPLY,
    Step,
    answer,
    asked,
    event,
    feed,
    jobs,
    refusal,
    status,
)

MIRROR = {"execute": "blockdev-mirror", "arguments": {"job-id": "j", "device": "d"}}
STREAM = {"execute": "block-stream", "arguments": {"device": "d"}}
CREATE = {"execute": "blockdev-create", "arguments": {"job-id": "j"}}
COMPLETE = {"execute": "job-complete", "arguments": {"id": "j"}}
CANCEL = {"execute": "block-job-cancel", "arguments": {"device": "j"}}
JOB_CANCEL = {"execute": "job-cancel", "arguments": {"id": "j"}}
FINALIZE = {"execute": "job-finalize", "arguments": {"id": "j"}}

READY = event("BLOCK_JOB_READY", device="j", type="mirror")
PENDING = event("BLOCK_JOB_PENDING", id="j", type="mirror")
COMPLETED = event("BLOCK_JOB_COMPLETED", device="j", type="mirror")
CANCELLED = event("BLOCK_JOB_CANCELLED", device="j", type="mirror")
BROKEN = event("BLOCK_JOB_COMPLETED", device="j", type="mirror", error="No space")

BEGIN = (status("created"), status("running"))
WIND_UP = (status("waiting"), status("pending"))
GONE = (status("concluded"), status("null"))

SUCCESS = Outcome()
NO_SPACE = Outcome(Failure("JobFailed", "j: No space"))
WAS_CANCELLED = Outcome(Failure("JobCancelled", "job j was cancelled"))
NO_REASON = Outcome(Failure("JobFailed", "j: no reason was given"))
IS_PENDING = Outcome(remark="job j is pending: job-finalize id=j ends it")


@pytest.mark.parametrize(
    ("command", "steps", "outcome"),
    [
        # A mirror is done when it is ready, whether that came before the reply or after.
        (MIRROR, (*BEGIN, status("ready"), READY, REPLY), SUCCESS),
        (MIRROR, (*BEGIN, REPLY, status("ready")), SUCCESS),
        (MIRROR, (REPLY, READY), SUCCESS),
        (MIRROR, (*BEGIN, REPLY, jobs(("j", "ready"))), SUCCESS),
        (MIRROR, (*BEGIN, REPLY, jobs(("j", "standby"))), SUCCESS),
        (MIRROR, (*BEGIN, REPLY, jobs(("j", "running"))), None),
        # Jobs that dismiss themselves.
        (MIRROR, (*BEGIN, REPLY, status("aborting"), BROKEN, *GONE), NO_SPACE),
        (MIRROR, (*BEGIN, status("aborting"), BROKEN, *GONE, REPLY), NO_SPACE),
        (MIRROR, (*BEGIN, REPLY, status("aborting"), CANCELLED, *GONE), WAS_CANCELLED),
        (STREAM, (status("created", "d"), REPLY, status("null", "d")), SUCCESS),
        (COMPLETE, (REPLY, *WIND_UP, COMPLETED, *GONE), SUCCESS),
        (COMPLETE, (*WIND_UP, COMPLETED, *GONE, REPLY), SUCCESS),
        (COMPLETE, (REPLY, READY), None),
        (COMPLETE, (REPLY, *WIND_UP, COMPLETED), None),
        (COMPLETE, (REPLY, *WIND_UP, COMPLETED, jobs()), SUCCESS),
        (COMPLETE, (REPLY, BROKEN, jobs()), NO_SPACE),
        # An answer from before the end says nothing.
        (COMPLETE, (REPLY, BROKEN, jobs(("j", "ready"))), None),
        (COMPLETE, (REPLY, BROKEN, jobs(("j", "ready")), jobs()), NO_SPACE),
        # Jobs that stay: what they are told not to, or don't by themselves.
        (FINALIZE, (COMPLETED, status("concluded"), REPLY), None),
        (FINALIZE, (COMPLETED, status("concluded"), REPLY, jobs(("j", "concluded"))), SUCCESS),
        (CREATE, (*BEGIN, status("aborting"), status("concluded"), REPLY), None),
        (CREATE, (REPLY, status("concluded"), jobs(("j", "concluded"))), None),
        (CREATE, (REPLY, status("concluded"), jobs(("j", "concluded")), answer({})), SUCCESS),
        (CREATE, (REPLY, status("concluded"), jobs(("j", "concluded")), refusal()), SUCCESS),
        (
            CREATE,
            (REPLY, status("concluded"), jobs(("j", "concluded"), error="No space"), answer({})),
            NO_SPACE,
        ),
        # Somebody else was faster.
        (CREATE, (REPLY, status("concluded"), jobs(("j", "concluded")), status("null")), SUCCESS),
        (CREATE, (REPLY, status("aborting"), *GONE), NO_REASON),
        (CREATE, (REPLY, status("concluded"), jobs()), SUCCESS),
        # Nearly every job passes through pending; few stay there.
        (MIRROR, (*BEGIN, REPLY, *WIND_UP), None),
        (MIRROR, (*BEGIN, REPLY, *WIND_UP, jobs(("j", "pending"))), IS_PENDING),
        (MIRROR, (*BEGIN, REPLY, *WIND_UP, jobs(("j", "running"))), None),
        (COMPLETE, (REPLY, *WIND_UP, PENDING), IS_PENDING),
        (FINALIZE, (PENDING, REPLY, jobs(("j", "pending"))), None),
        # Who cancels a job wants it cancelled; a mirror that was ready just ends.
        (CANCEL, (REPLY, status("aborting"), CANCELLED, *GONE), SUCCESS),
        (CANCEL, (status("aborting"), CANCELLED, *GONE, REPLY), SUCCESS),
        (CANCEL, (REPLY, *WIND_UP, COMPLETED, *GONE), SUCCESS),
        (CANCEL, (REPLY, status("aborting"), BROKEN, *GONE), NO_SPACE),
        (CANCEL, (REPLY, *WIND_UP, PENDING), IS_PENDING),
        (
            JOB_CANCEL,
            (REPLY, status("concluded"), jobs(("j", "concluded"), error="Operation canceled")),
            SUCCESS,
        ),
        # Another job, and one before that had the same id.
        (MIRROR, (status("null"), *BEGIN, REPLY), None),
        (MIRROR, (READY, *BEGIN, REPLY), None),
        (COMPLETE, (REPLY, status("null", "other"), event("BLOCK_JOB_READY", device="k")), None),
        # A server before 3.0 has no query-jobs and no JOB_STATUS_CHANGE.
        (COMPLETE, (REPLY, COMPLETED, refusal()), SUCCESS),
        (COMPLETE, (REPLY, BROKEN, refusal()), NO_SPACE),
        (MIRROR, (REPLY, refusal(), READY), SUCCESS),
        (COMPLETE, (REPLY, refusal(), BROKEN), NO_SPACE),
        # Nothing can be said of a job that nobody has heard of.
        (
            COMPLETE,
            (REPLY, jobs()),
            Outcome(Failure("JobFailed", "job j is gone, and nothing told how it ended")),
        ),
    ],
)
def test_what_becomes_of_a_job(
    command: dict[str, Any], steps: tuple[Step, ...], outcome: Outcome | None
) -> None:
    assert feed(ending_of(command), *steps) == outcome


class Life(NamedTuple):
    """A job's events as QEMU 7.2 sends them, each with what it lists behind it."""

    command: dict[str, Any]
    events: tuple[tuple[Event, Any], ...]
    outcome: Outcome


def _listed(state: str, **more: Any) -> Any:
    return [{"id": "j", "status": state, **more}]


_END = (
    (status("waiting"), _listed("waiting")),
    (status("pending"), []),
    (COMPLETED, []),
    (status("concluded"), []),
    (status("null"), []),
)
_BEGUN = ((status("created"), _listed("running")), (status("running"), _listed("running")))
_ABORT = (
    (status("aborting"), []),
    (BROKEN, []),
    (status("concluded"), []),
    (status("null"), []),
)
_PAUSES = (
    (status("paused"), _listed("running")),
    (status("running"), _listed("running")),
)
_MIRRORED = ((status("ready"), _listed("ready")), (READY, _listed("ready")))
LIVES = [
    Life(MIRROR, (*_BEGUN, *_PAUSES, *_MIRRORED), SUCCESS),
    Life(MIRROR, (*_BEGUN, *_PAUSES, *_ABORT), NO_SPACE),
    Life(MIRROR, (*_BEGUN, *_END), SUCCESS),
    Life(COMPLETE, (*_PAUSES, *_END), SUCCESS),
    Life(COMPLETE, _ABORT, NO_SPACE),
    Life(
        CREATE,
        (
            *_BEGUN,
            (status("aborting"), _listed("concluded", error="No space")),
            (status("concluded"), _listed("concluded", error="No space")),
        ),
        NO_SPACE,
    ),
    Life(
        CREATE,
        (*_BEGUN, *_END[:2], (status("concluded"), _listed("concluded"))),
        SUCCESS,
    ),
]


@given(st.sampled_from(LIVES), st.data())
def test_the_order_of_reply_events_and_answers_does_not_matter(
    life: Life, data: st.DataObject
) -> None:
    """But that a job is made before the reply, and an answer never runs ahead of events."""
    ending = ending_of(life.command)
    begun = len(_BEGUN) if life.events[: len(_BEGUN)] == _BEGUN else 0
    reply_after = data.draw(st.integers(begun, len(life.events)))
    dismissed = False
    for number in range(len(life.events) + 1):
        if number == reply_after:
            ending.on_reply({})
        if number >= reply_after:
            listed = life.events[number - 1][1] if number else _listed("ready")
            # Nobody may have looked, one may have, or several.
            for _ in range(data.draw(st.integers(0, 2))):
                if ending.question and not (number < len(life.events) and not listed):
                    dismissed |= ending.question.members["execute"] == "job-dismiss"
                    ending.on_answer(ending.question, Return(listed, None, {}))
        if number < len(life.events):
            ending.on_event(life.events[number][0])
    _answer_what_is_urgent(ending, life.events[-1][1])
    assert ending.outcome == life.outcome


def _answer_what_is_urgent(ending: Ending, listed: Any) -> None:
    while ending.outcome is None:
        assert ending.question is not None
        assert ending.question.when is When.NOW
        ending.on_answer(ending.question, Return(listed, None, {}))


def test_nothing_is_asked_before_the_reply_and_little_without_need() -> None:
    ending = ending_of(CREATE)
    assert ending.question is None
    feed(ending, *BEGIN, REPLY)
    assert asked(ending.question) == ("query-jobs", "FOR_PROGRESS")
    feed(ending, status("concluded"))
    assert asked(ending.question) == ("query-jobs", "NOW")
    feed(ending, jobs(("j", "concluded")))
    assert asked(ending.question) == ("job-dismiss", "NOW")
    assert ending.question
    assert ending.question.members["arguments"] == {"id": "j"}


@pytest.mark.parametrize(
    ("made", "waited_for"),
    [
        (("d",), "d"),
        ((), "d"),
        # The node that was named is below the device that the job is called like.
        (("drive0",), "drive0"),
        (("somebody-elses", "drive0"), "drive0"),
        (("d", "somebody-elses"), "d"),
    ],
)
def test_a_job_without_an_id_is_the_one_that_was_made(
    made: tuple[str, ...], waited_for: str
) -> None:
    ending = ending_of(STREAM)
    feed(ending, *(status("created", id_) for id_ in made), REPLY, status("null", waited_for))
    assert ending.outcome == SUCCESS
    assert waited_for in ending.meanwhile


def _backup(**data: Any) -> dict[str, Any]:
    return {"type": "blockdev-backup", "data": data}


def _transaction(*actions: Any) -> dict[str, Any]:
    return {"execute": "transaction", "arguments": {"actions": list(actions)}}


BOTH = _transaction(_backup(**{"job-id": "a"}), {"type": "abort"}, _backup(device="b"))
MADE = (status("created", "a"), status("created", "b"), REPLY)


def _cancelled(id_: str) -> tuple[Event, Event]:
    return event("BLOCK_JOB_CANCELLED", device=id_), status("null", id_)


def _failed(id_: str) -> tuple[Event, Event]:
    return event("BLOCK_JOB_COMPLETED", device=id_, error="No space"), status("null", id_)


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ((status("null", "a"),), None),
        ((status("null", "a"), status("null", "b")), SUCCESS),
        ((*_failed("a"), status("null", "b")), Outcome(Failure("JobFailed", "a: No space"))),
        # The one that failed, and not the one that was cancelled for it, is the reason.
        ((*_cancelled("b"), *_failed("a")), Outcome(Failure("JobFailed", "a: No space"))),
        (
            (*_failed("a"), *_failed("b")),
            Outcome(Failure("JobFailed", "a: No space; b: No space")),
        ),
        (
            (*_cancelled("a"), *_cancelled("b")),
            Outcome(Failure("JobCancelled", "job a was cancelled; job b was cancelled")),
        ),
        (
            (event("BLOCK_JOB_PENDING", id="a"), status("pending", "b"), jobs(("b", "pending"))),
            Outcome(
                remark="job a is pending: job-finalize id=a ends it;"
                " job b is pending: job-finalize id=b ends it"
            ),
        ),
    ],
)
def test_a_transaction_ends_with_all_of_its_jobs(
    steps: tuple[Step, ...], outcome: Outcome | None
) -> None:
    assert feed(ending_of(BOTH), *MADE, *steps) == outcome


def test_progress_of_one_job_and_of_several() -> None:
    ending = ending_of(BOTH)
    assert ending.progress is None
    feed(ending, *MADE)
    assert ending.progress is None
    numbers = {"current-progress": 10, "total-progress": 40, "type": "backup"}
    feed(ending, jobs(("a", "running"), ("b", "running"), **numbers))
    assert ending.progress == Progress("2 jobs", "running", 20, 80, in_bytes=True)
    one = ending_of(CREATE)
    feed(one, *BEGIN, REPLY, jobs(("j", "paused"), **{**numbers, "type": "create"}))
    assert one.progress == Progress("j", "paused", 10, 40)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "status", "device", "error", "type", "current-progress"]), inner
        )
    ),
    max_leaves=8,
)


@given(
    st.sampled_from([MIRROR, CREATE, CANCEL, BOTH]),
    st.lists(
        st.tuples(
            st.sampled_from(["JOB_STATUS_CHANGE", "BLOCK_JOB_COMPLETED", "BLOCK_JOB_PENDING"]),
            json_values,
        )
    ),
    json_values,
)
def test_whatever_a_server_says_is_borne(
    command: dict[str, Any], events: list[tuple[str, Any]], listed: Any
) -> None:
    ending = ending_of(command)
    said = [Event(name, data if isinstance(data, dict) else {}, None, {}) for name, data in events]
    feed(ending, *said, REPLY, *said, answer(listed))
    assert ending.progress is None or ending.progress.label
