"""When a machine is asked how far its jobs and its migration are, with a clock of the test's."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.client.activity import Activity
from qmpshell.client.activity.activity import (
    RUNNING_SECONDS,
    STANDING_SECONDS,
    STOPPED_SECONDS,
    UNMOVED_SECONDS,
)
from qmpshell.protocol import ErrorReply, Event, Return
from tests.client.waiting.feeding import answer, event, jobs, refusal, status

BOTH = ["query-migrate", "query-jobs"]
MIGRATE = {"execute": "migrate", "arguments": {"uri": "tcp:x:1"}}


class Machine:
    """A machine that is asked whenever that is due, and answers as the test says."""

    def __init__(self, *, running: bool = True) -> None:
        self.activity = Activity()
        self.running = running
        self.now = 100.0
        self.answers: dict[str, Return | ErrorReply] = {
            "query-jobs": answer([]),
            "query-block-jobs": answer([]),
            "query-migrate": answer({}),
        }

    def due(self) -> float | None:
        return self.activity.seconds_until_due(self.now, running=self.running)

    def poll(self) -> list[str]:
        """Ask what is due, when it is due; return what was asked."""
        seconds = self.due()
        if seconds is None:
            return []
        self.now += seconds
        asked = list(self.activity.poll(self.now))
        for question in asked:
            self.activity.on_answer(question, self.answers[question], self.now)
        return asked

    def job(self, state: str, done: int = 0, **more: Any) -> None:
        """From now on, there is this job."""
        job = {"type": "mirror", "current-progress": done, "total-progress": 1000, **more}
        self.answers["query-jobs"] = jobs(("j", state), **job)

    def migration(self, state: str, **more: Any) -> None:
        self.answers["query-migrate"] = answer({"status": state, **more})

    def shown(self) -> list[tuple[str, str]]:
        return [(p.label, p.status) for p in self.activity.worth_a_look]


@pytest.fixture
def machine() -> Machine:
    """A machine on which nothing goes on, and that has said so."""
    machine = Machine()
    assert machine.poll() == BOTH
    return machine


def test_what_runs_already_is_asked_for_and_then_nothing(machine: Machine) -> None:
    assert machine.due() is None
    for name in ("STOP", "RESUME", "DEVICE_DELETED", "BLOCK_IO_ERROR"):
        machine.activity.on_event(event(name))
    machine.activity.on_command({"execute": "query-status"})
    machine.activity.on_command({"execute": "migrate-set-parameters", "arguments": {}})
    machine.activity.on_command({"exec-oob": "migrate-pause"})
    assert machine.due() is None


@pytest.mark.parametrize(
    ("running", "seconds"), [(True, RUNNING_SECONDS), (False, STOPPED_SECONDS)]
)
def test_what_moves_is_asked_for_regularly(machine: Machine, running: bool, seconds: float) -> None:
    machine.running = running
    machine.now += 10
    machine.activity.on_event(status("created"))
    assert machine.due() == 0
    for done in range(1, 20):
        machine.job("running", done)
        assert machine.poll() == ["query-jobs"]
        assert machine.due() == pytest.approx(seconds)


@pytest.mark.parametrize("running", [True, False])
def test_events_make_it_no_faster(machine: Machine, running: bool) -> None:
    machine.running = running
    machine.job("running", 1)
    asked_at = machine.now
    for _ in range(50):
        machine.activity.on_event(status("paused"))
        machine.activity.on_event(status("running"))
        machine.poll()
        least = RUNNING_SECONDS if running else STOPPED_SECONDS
        assert machine.now - asked_at == pytest.approx(least)
        asked_at = machine.now


def test_the_less_it_moves_the_less_it_is_asked_for(machine: Machine) -> None:
    machine.job("running", 1)
    machine.activity.on_event(status("created"))
    machine.poll()
    intervals = []
    for _ in range(8):
        intervals.append(machine.due())
        machine.poll()
    assert intervals == [0.25, 0.5, 1, *[UNMOVED_SECONDS] * 5]
    machine.job("running", 2)
    machine.poll()
    assert machine.due() == RUNNING_SECONDS


def test_nothing_is_asked_before_the_answer_is_there(machine: Machine) -> None:
    machine.now += 10
    machine.activity.on_event(status("created"))
    assert list(machine.activity.poll(machine.now)) == ["query-jobs"]
    machine.now += 1000
    machine.activity.on_event(status("running"))
    machine.activity.on_command(MIGRATE)
    assert not machine.activity.answered
    assert machine.due() is None
    machine.activity.on_answer("query-jobs", jobs(("j", "running")), machine.now)
    assert machine.due() == 0


def test_when_the_last_has_ended_nothing_more_is_asked(machine: Machine) -> None:
    machine.job("running", 1)
    machine.activity.on_event(status("created"))
    machine.poll()
    for state in ("waiting", "pending", "concluded"):
        machine.activity.on_event(status(state))
    assert machine.due() is not None
    machine.activity.on_event(status("null"))
    assert machine.due() is None
    assert machine.activity.known == []


def test_an_end_before_the_first_answer_hides_no_other_job() -> None:
    machine = Machine()
    machine.activity.on_event(status("null", "other"))
    machine.job("running", 1)
    assert machine.poll() == BOTH
    assert machine.shown() == [("j", "running")]


@pytest.mark.parametrize("state", ["ready", "standby", "paused", "undefined"])
def test_a_job_that_waits_for_somebody_is_seldom_looked_at(machine: Machine, state: str) -> None:
    machine.job(state, 1000)
    machine.activity.on_event(status(state))
    machine.poll()
    for _ in range(3):
        assert machine.due() == STANDING_SECONDS
        assert "query-jobs" in machine.poll()


@pytest.mark.parametrize("state", ["pending", "concluded"])
def test_a_job_that_has_ended_is_not_looked_at_again(machine: Machine, state: str) -> None:
    machine.job(state, 1000, error="No space")
    machine.activity.on_event(status(state))
    machine.poll()
    assert machine.due() is None
    assert machine.activity.resting
    assert machine.activity.worth_a_look[0].error == "No space"


def test_what_stops_a_job_is_asked_for_only_then(machine: Machine) -> None:
    io_status = {"device": "j", "io-status": "nospace", "status": "paused"}
    machine.answers["query-block-jobs"] = answer([io_status])
    machine.job("running", 5)
    machine.activity.on_event(status("running"))
    assert machine.poll() == ["query-jobs"]
    machine.job("paused", 5)
    machine.activity.on_event(status("paused"))
    machine.activity.on_event(event("BLOCK_JOB_ERROR", device="j"))
    assert machine.poll() == ["query-jobs", "query-block-jobs"]
    assert machine.activity.known[0].error == "no space left"
    machine.job("running", 6)
    machine.activity.on_event(status("running"))
    machine.poll()
    assert machine.activity.known[0].error == ""


def test_a_migration_is_begun_by_our_own_command_and_polled(machine: Machine) -> None:
    machine.now += 10
    machine.activity.on_command(MIGRATE)
    machine.migration("active", ram={"total": 100, "remaining": 40, "mbps": 8})
    assert machine.due() == 0
    assert machine.poll() == ["query-migrate"]
    assert machine.activity.known[0].share == 0.6
    assert machine.due() == RUNNING_SECONDS
    machine.migration("completed")
    machine.poll()
    assert machine.due() is None
    assert machine.shown() == []
    assert [p.status for p in machine.activity.known] == ["completed"]


@pytest.mark.parametrize("line", ["migrate -d tcp:x:1", " migrate_cancel"])
def test_a_migration_that_hmp_begins(machine: Machine, line: str) -> None:
    request = {"execute": "human-monitor-command", "arguments": {"command-line": line}}
    machine.activity.on_command(request)
    assert machine.poll() == ["query-migrate"]


def test_a_migration_that_the_run_state_tells_of(machine: Machine) -> None:
    machine.now += 10
    machine.activity.hear_of_migration()
    assert machine.due() == 0
    assert machine.poll() == ["query-migrate"]
    assert machine.due() is None


def test_a_migration_with_its_event(machine: Machine) -> None:
    machine.activity.on_event(event("MIGRATION", status="setup"))
    machine.migration("pre-switchover")
    assert machine.poll() == ["query-migrate"]
    assert machine.due() == STANDING_SECONDS


@pytest.mark.parametrize("ours", [True, False])
def test_a_failed_migration_is_shown_unasked_if_it_failed_here(
    machine: Machine, ours: bool
) -> None:
    if ours:
        machine.activity.on_command(MIGRATE)
    machine.activity.expect_news()
    machine.migration("failed", **{"error-desc": "Connection refused"})
    machine.poll()
    assert machine.activity.known[0].error == "Connection refused"
    assert machine.shown() == ([("migration", "failed")] if ours else [])
    assert machine.due() is None


def test_what_only_stands_is_not_asked_for_as_often_as_what_moves(machine: Machine) -> None:
    machine.job("ready", 1000)
    machine.activity.on_event(status("ready"))
    machine.activity.on_command(MIGRATE)
    machine.migration("active")
    assert machine.poll() == BOTH
    assert machine.poll() == ["query-migrate"]


def test_those_that_move_come_first_and_of_those_the_furthest(machine: Machine) -> None:
    states = [("c", "concluded", 9), ("a", "running", 1), ("r", "ready", 9), ("b", "running", 5)]
    listed = [
        {"id": id_, "status": state, "current-progress": done, "total-progress": 9}
        for id_, state, done in states
    ]
    machine.answers["query-jobs"] = answer(listed)
    machine.activity.expect_news()
    machine.migration("active")
    machine.poll()
    assert [name for name, _ in machine.shown()] == ["migration", "b", "a", "r", "c"]


@pytest.mark.parametrize("missing", ["query-jobs", "query-migrate"])
def test_a_server_without_a_command_is_not_asked_again(missing: str) -> None:
    machine = Machine()
    machine.answers[missing] = refusal()
    machine.poll()
    machine.activity.on_event(status("created"))
    machine.activity.on_event(event("BLOCK_JOB_READY", device="j"))
    machine.activity.on_command(MIGRATE)
    machine.activity.expect_news()
    for _ in range(5):
        assert missing not in machine.poll()


def test_a_server_that_can_not_answer_now_is_asked_when_there_is_news() -> None:
    machine = Machine()
    machine.answers["query-jobs"] = refusal("GenericError", "permitted only after")
    machine.poll()
    assert machine.due() is None
    machine.activity.on_event(status("created"))
    assert machine.poll() == ["query-jobs"]


def test_another_job_of_the_same_name_begins_anew(machine: Machine) -> None:
    machine.job("running", 500)
    machine.activity.on_event(status("running"))
    machine.poll()
    machine.job("running", 900)
    machine.poll()
    assert machine.activity.known[0].rate
    machine.activity.on_event(status("null"))
    machine.activity.on_event(status("created"))
    assert machine.activity.known[0].done == 0
    machine.job("running", 950)
    machine.poll()
    assert machine.activity.known[0].rate is None


MEMBERS = [
    *("id", "status", "type", "error", "ram", "total", "remaining", "mbps", "io-status"),
    *("device", "error-desc", "current-progress", "total-progress"),
]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(MEMBERS),
            inner | st.sampled_from(["running", "paused", "active", "failed"]),
        )
    ),
    max_leaves=12,
)
events = st.builds(
    Event,
    st.sampled_from(["JOB_STATUS_CHANGE", "BLOCK_JOB_READY", "MIGRATION", "STOP"]),
    st.dictionaries(st.sampled_from(["id", "status"]), values),
    st.none(),
    st.just({}),
)


@given(st.lists(events | st.builds(answer, values)), st.booleans())
def test_any_events_and_answers(steps: list[Event | Return | ErrorReply], running: bool) -> None:
    machine = Machine(running=running)
    for step in steps:
        if isinstance(step, Event):
            machine.activity.on_event(step)
        else:
            machine.answers = dict.fromkeys(machine.answers, step)
            machine.poll()
        for progress in machine.activity.worth_a_look:
            assert 0 <= progress.share <= 1
