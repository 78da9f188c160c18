"""What ends the commands that have no jobs."""

from typing import Any

import pytest

from qmpshell.client.waiting import ending_of
from qmpshell.client.waiting.ending import Failure, Outcome
from qmpshell.client.waiting.table import ENDINGS
from qmpshell.errors import RequestError
from qmpshell.progress import Progress
from tests.client.waiting.feeding import REPLY, Step, answer, asked, event, feed, refusal

SUCCESS = Outcome()
PERIPHERAL = "/machine/peripheral"


@pytest.mark.parametrize("members", [{"execute": name} for name in ("query-status", "nope")])
def test_what_cannot_be_waited_for_is_refused_with_what_can(members: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="can't be waited for; what can be: block-commit, "):
        ending_of(members)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"execute": 5},
        {"exec-oob": "quit"},
        {"execute": "transaction", "arguments": {"actions": [{"type": "abort", "data": {}}]}},
        {"execute": "transaction", "arguments": {"actions": 5}},
    ],
)
def test_what_makes_no_sense_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        ending_of(members)


@pytest.mark.parametrize("name", [name for name in ENDINGS if name != "transaction"])
@pytest.mark.parametrize("arguments", [{}, {"id": 5, "job-id": [], "detach": "x"}, 5])
def test_arguments_that_the_server_will_refuse_do_no_harm(name: str, arguments: Any) -> None:
    ending = ending_of({"execute": name, "arguments": arguments})
    assert ending.outcome is None
    assert ending.question is None
    assert "\n" not in ending.meanwhile


def _deleted(path: str, **data: str) -> Any:
    return event("DEVICE_DELETED", path=path, **data)


@pytest.mark.parametrize(
    ("name", "path", "device", "ends"),
    [
        ("n", f"{PERIPHERAL}/n", "n", True),
        # A part of it goes first.
        ("n", f"{PERIPHERAL}/n/virtio-backend", None, False),
        (f"{PERIPHERAL}/n", f"{PERIPHERAL}/n/virtio-backend", None, False),
        (f"{PERIPHERAL}/n", f"{PERIPHERAL}/n", "n", True),
        ("//machine/peripheral//n/", f"{PERIPHERAL}/n", "n", True),
        ("/machine/peripheral-anon/device[1]", "/machine/peripheral-anon/device[1]", None, True),
        ("n", f"{PERIPHERAL}/nn", "nn", False),
        ("n", "/machine/peripheral-anon/device[0]", None, False),
    ],
)
def test_a_device_ends_with_its_own_event(
    name: str, path: str, device: str | None, ends: bool
) -> None:
    for steps in ((REPLY, 1), (1, REPLY)):
        ending = ending_of({"execute": "device_del", "arguments": {"id": name}})
        deleted = _deleted(path, **({"device": device} if device else {}))
        outcome = feed(ending, *(deleted if step == 1 else REPLY for step in steps))
        assert outcome == (SUCCESS if ends else None)


@pytest.mark.parametrize(
    ("refusing", "desc"),
    [
        (event("DEVICE_UNPLUG_GUEST_ERROR", device="n", path="p"), ""),
        (event("DEVICE_UNPLUG_GUEST_ERROR", path=f"{PERIPHERAL}/n"), ""),
        (event("MEM_UNPLUG_ERROR", device="n", msg="in use"), ": in use"),
    ],
)
def test_a_guest_may_refuse_to_let_go_of_a_device(refusing: Any, desc: str) -> None:
    ending = ending_of({"execute": "device_del", "arguments": {"id": "n"}})
    other = event("DEVICE_UNPLUG_GUEST_ERROR", device="o", path=f"{PERIPHERAL}/o")
    assert feed(ending, REPLY, other) is None
    failure = Failure("DeviceUnplugRefused", f"the guest refuses to let go of n{desc}")
    assert feed(ending, refusing) == Outcome(failure)


def _migration(status: str | None = None, **more: Any) -> Any:
    return answer({"status": status, **more} if status else {})


def _failed(kind: str, desc: str) -> Outcome:
    return Outcome(Failure(kind, desc))


@pytest.mark.parametrize(
    ("command", "steps", "outcome"),
    [
        ("migrate", (_migration(), _migration("setup"), _migration("active")), None),
        ("migrate", (_migration("completed"),), SUCCESS),
        ("migrate", (_migration("colo"),), SUCCESS),
        (
            "migrate",
            (_migration("failed", **{"error-desc": "Connection refused"}),),
            _failed("MigrationFailed", "Connection refused"),
        ),
        (
            "migrate",
            (_migration("failed"),),
            _failed("MigrationFailed", "failed, and no reason was given"),
        ),
        ("migrate", (_migration("cancelling"),), None),
        (
            "migrate",
            (_migration("cancelled"),),
            _failed("MigrationCancelled", "the migration was cancelled"),
        ),
        (
            "migrate",
            (_migration("postcopy-paused"),),
            _failed(
                "MigrationPaused",
                "postcopy lost its connection: migrate resume=true goes on with it",
            ),
        ),
        (
            "migrate",
            (_migration("pre-switchover"),),
            Outcome(remark="the migration stands before its switchover: migrate-continue"),
        ),
        ("migrate-continue", (_migration("pre-switchover"), _migration("device")), None),
        ("migrate-continue", (_migration("completed"),), SUCCESS),
        ("migrate-incoming", (_migration(), _migration("active")), None),
        ("migrate-incoming", (_migration("completed"),), SUCCESS),
        ("migrate_cancel", (_migration("cancelling"), _migration("pre-switchover")), None),
        ("migrate_cancel", (_migration("cancelled"),), SUCCESS),
        ("migrate_cancel", (_migration("completed"),), SUCCESS),
        ("migrate_cancel", (_migration(),), SUCCESS),
        ("migrate", (refusal("CommandNotFound", "no"),), _failed("CommandNotFound", "no")),
    ],
)
def test_what_becomes_of_a_migration(
    command: str, steps: tuple[Step, ...], outcome: Outcome | None
) -> None:
    assert feed(ending_of({"execute": command}), REPLY, *steps) == outcome


def test_a_migration_is_asked_for_regularly_and_at_once_when_an_event_tells_news() -> None:
    ending = ending_of({"execute": "migrate"})
    assert ending.question is None
    feed(ending, event("MIGRATION", status="setup"), REPLY)
    assert asked(ending.question) == ("query-migrate", "NOW")
    feed(ending, _migration("setup"))
    assert asked(ending.question) == ("query-migrate", "REGULARLY")
    feed(ending, event("MIGRATION", status="failed"))
    assert asked(ending.question) == ("query-migrate", "NOW")


@pytest.mark.parametrize(
    ("answered", "progress"),
    [
        ({"status": "setup"}, Progress("migration", "setup")),
        (
            {"status": "active", "ram": {"total": 100, "remaining": 25, "mbps": 0}},
            Progress("migration", "", 75, 100, in_bytes=True),
        ),
        (
            {"status": "device", "ram": {"total": 100, "remaining": 50_000_000, "mbps": 8.0}},
            Progress("migration", "device", 0, 100, in_bytes=True, rate=1e6, seconds_left=50.0),
        ),
        (
            {"status": "active", "ram": {"total": "x", "remaining": None, "mbps": float("nan")}},
            Progress("migration", "", 0, 0, in_bytes=True),
        ),
        ({"status": "active", "ram": 5}, Progress("migration", "active")),
    ],
)
def test_progress_of_a_migration(answered: dict[str, Any], progress: Progress) -> None:
    ending = ending_of({"execute": "migrate"})
    feed(ending, REPLY, answer(answered))
    assert ending.progress == progress


RUNS = answer({"status": "running", "running": True})
STANDS = answer({"status": "prelaunch", "running": False})


@pytest.mark.parametrize(
    ("command", "steps", "outcome"),
    [
        ("stop", (event("STOP"), REPLY), SUCCESS),
        ("stop", (REPLY, event("STOP")), SUCCESS),
        ("stop", (REPLY, STANDS), SUCCESS),
        ("stop", (REPLY, RUNS, event("RESUME")), None),
        ("cont", (event("RESUME"), REPLY), SUCCESS),
        ("cont", (REPLY, RUNS), SUCCESS),
        ("cont", (REPLY, STANDS, event("STOP")), None),
        ("cont", (REPLY, refusal(), answer([])), None),
        ("system_reset", (event("RESET"), REPLY), SUCCESS),
        ("system_reset", (REPLY, event("STOP")), None),
        # Under -no-reboot.
        ("system_reset", (event("SHUTDOWN"), REPLY), SUCCESS),
        ("system_powerdown", (event("POWERDOWN"), REPLY), None),
        ("system_powerdown", (REPLY, event("SHUTDOWN")), None),
        # Under -no-shutdown.
        ("system_powerdown", (REPLY, event("SHUTDOWN"), STANDS), SUCCESS),
        ("quit", (event("SHUTDOWN"), REPLY), None),
        ("quit", (event("SHUTDOWN"), REPLY, refusal()), None),
    ],
)
def test_what_becomes_of_a_machine(
    command: str, steps: tuple[Step, ...], outcome: Outcome | None
) -> None:
    assert feed(ending_of({"execute": command}), *steps) == outcome


@pytest.mark.parametrize(
    ("command", "steps", "ends"),
    [
        ("quit", (), True),
        ("quit", (event("SHUTDOWN"), REPLY), True),
        ("system_powerdown", (REPLY,), False),
        ("system_powerdown", (REPLY, event("SHUTDOWN")), True),
        ("system_reset", (REPLY,), False),
        ("system_reset", (event("SHUTDOWN"),), True),
        ("stop", (event("STOP"), REPLY), False),
        ("migrate", (REPLY,), False),
    ],
)
def test_whether_the_connections_end_is_what_was_waited_for(
    command: str, steps: tuple[Step, ...], ends: bool
) -> None:
    ending = ending_of({"execute": command})
    feed(ending, *steps)
    assert ending.on_connection_end() is ends


DUMPED = event("DUMP_COMPLETED", result={"status": "completed"})


@pytest.mark.parametrize(
    ("detach", "steps", "outcome"),
    [
        (False, (DUMPED, REPLY), SUCCESS),
        (False, (REPLY,), SUCCESS),
        (True, (REPLY,), None),
        (True, (REPLY, DUMPED), SUCCESS),
        (True, (DUMPED, REPLY), SUCCESS),
        (True, (REPLY, answer({"status": "completed", "completed": 5, "total": 5})), None),
        (
            True,
            (REPLY, event("DUMP_COMPLETED", error="No space")),
            Outcome(Failure("DumpFailed", "No space")),
        ),
    ],
)
def test_what_becomes_of_a_dump(
    detach: bool, steps: tuple[Step, ...], outcome: Outcome | None
) -> None:
    command = {"execute": "dump-guest-memory", "arguments": {"detach": detach}}
    assert feed(ending_of(command), *steps) == outcome


def test_progress_of_a_dump() -> None:
    ending = ending_of({"execute": "dump-guest-memory", "arguments": {"detach": True}})
    feed(ending, REPLY, answer({"status": "active", "completed": 5, "total": 50}))
    assert ending.progress == Progress("dump", done=5, total=50, in_bytes=True)
    assert asked(ending.question) == ("query-dump", "FOR_PROGRESS")
