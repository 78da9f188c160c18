"""Arguments are checked from the schema, and refused in QEMU's words (recorded from 7.2)."""

import pytest

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.checker import Checker
from qmpshell.simulator.clock import ManualClock, Timetable
from qmpshell.simulator.commands import perform
from qmpshell.simulator.commands.table import HANDLERS
from qmpshell.simulator.machine import Machine

REFUSED = [
    ("qom-list", {}, "Parameter 'path' is missing"),
    ("qom-list", {"zz": 1}, "Parameter 'path' is missing"),
    ("qom-list", {"path": "/machine", "zz": 1}, "Parameter 'zz' is unexpected"),
    ("qom-list", {"path": 5}, "Invalid parameter type for 'path', expected: string"),
    (
        "query-named-block-nodes",
        {"flat": 1},
        "Invalid parameter type for 'flat', expected: boolean",
    ),
    ("balloon", {"value": 1.0}, "Invalid parameter type for 'value', expected: integer"),
    ("balloon", {"value": True}, "Invalid parameter type for 'value', expected: integer"),
    ("balloon", {"value": 2**64}, "Invalid parameter type for 'value', expected: integer"),
    ("set-action", {"reboot": "bogus"}, "Parameter 'reboot' does not accept value 'bogus'"),
    ("set-action", {"reboot": 5}, "Invalid parameter type for 'reboot', expected: string"),
    ("blockdev-add", {"driver": "bogus"}, "Parameter 'driver' does not accept value 'bogus'"),
    ("blockdev-add", {"driver": "qcow2"}, "Parameter 'file' is missing"),
    (
        "blockdev-add",
        {"driver": "qcow2", "file": {"driver": "file"}},
        "Parameter 'file.filename' is missing",
    ),
    (
        "blockdev-add",
        {"driver": "qcow2", "file": {"driver": "file", "filename": "x", "bogus": 1}},
        "Parameter 'file.bogus' is unexpected",
    ),
    (
        "blockdev-add",
        {"driver": "qcow2", "file": {"driver": "bogus"}},
        "Parameter 'driver' does not accept value 'bogus'",
    ),
    (
        "blockdev-add",
        {"driver": "qcow2", "file": 5},
        "Invalid parameter type for 'file', expected: BlockdevRef",
    ),
    (
        "blockdev-add",
        {"driver": "quorum", "children": [{"driver": "file"}], "vote-threshold": 1},
        "Parameter 'children[0].filename' is missing",
    ),
    (
        "blockdev-add",
        {"driver": "quorum", "children": [5], "vote-threshold": 1},
        "Invalid parameter type for 'null', expected: BlockdevRef",
    ),
    (
        "send-key",
        {"keys": [{"type": "qcode", "data": "bogus"}]},
        "Parameter 'data' does not accept value 'bogus'",
    ),
    ("send-key", {"keys": [{"type": "qcode"}]}, "Parameter 'keys[0].data' is missing"),
    ("send-key", {"keys": [{"data": "a"}]}, "Parameter 'keys[0].type' is missing"),
    (
        "send-key",
        {"keys": [{"type": "number", "data": "a"}]},
        "Invalid parameter type for 'keys[0].data', expected: integer",
    ),
    ("send-key", {"keys": [5]}, "Invalid parameter type for 'keys[0]', expected: object"),
    ("send-key", {"keys": {}}, "Invalid parameter type for 'keys', expected: array"),
    (
        "migrate-set-capabilities",
        {"capabilities": [{"capability": "events"}]},
        "Parameter 'capabilities[0].state' is missing",
    ),
    ("qom-set", {"path": "/", "property": "a"}, "Parameter 'value' is missing"),
    (
        "blockdev-add",
        {"driver": "qcow2", "file": "f", "backing": 5},
        "Invalid parameter type for 'backing', expected: BlockdevRefOrNull",
    ),
    (
        "block-dirty-bitmap-merge",
        {"node": "n", "target": "t", "bitmaps": [5]},
        "Invalid parameter type for 'null', expected: BlockDirtyBitmapOrStr",
    ),
    (
        "migrate-set-parameters",
        {"tls-creds": 5},
        "Invalid parameter type for 'tls-creds', expected: StrOrNull",
    ),
    (
        "blockdev-add",
        {"driver": "qcow2", "file": "f", "overlap-check": 5},
        "Invalid parameter type for 'overlap-check', expected: Qcow2OverlapChecks",
    ),
]

ALLOWED = [
    ("blockdev-add", {"driver": "qcow2", "file": "f", "backing": None}),
    ("blockdev-add", {"driver": "qcow2", "file": "f", "overlap-check": "all"}),
    ("migrate-set-parameters", {"tls-creds": None}),
    ("device_add", {"driver": "e1000", "anything": {"at": "all"}}),
    ("qom-set", {"path": "/", "property": "a", "value": [None]}),
    ("balloon", {"value": 2**63}),
]


@pytest.fixture(scope="module")
def checker():
    return Checker(recorded.schema())


@pytest.mark.parametrize(("command", "arguments", "desc"), REFUSED)
def test_what_the_schema_does_not_allow(checker, command, arguments, desc):
    with pytest.raises(CommandError) as raised:
        checker.check_arguments(command, arguments)
    assert (raised.value.error_class, raised.value.desc) == ("GenericError", desc)


@pytest.mark.parametrize(("command", "arguments"), ALLOWED)
def test_what_the_schema_allows(checker, command, arguments):
    checker.check_arguments(command, arguments)


def test_only_commands_are_commands(checker):
    assert checker.command("query-name")["meta-type"] == "command"
    assert checker.command("SHUTDOWN") is None
    assert checker.command("nosuch") is None


def answers_without_arguments(checker):
    for name in sorted({*HANDLERS, *recorded.answers()}):
        entry = checker.command(name)
        assert entry is not None, f"{name} is no command of QEMU 10.0"
        members = checker._entries[entry["arg-type"]]["members"]
        if all("default" in member for member in members):
            yield name


def test_answers_and_events_are_what_the_schema_promises(checker):
    events = []

    def emit(name, data):
        checker.check_event(name, data)
        events.append(name)

    checked = []
    machine = Machine("s", "demo", recorded.greeting(), Timetable(ManualClock()), emit)
    perform(machine, "object-add", {"qom-type": "iothread", "id": "io"})
    perform(machine, "device_add", {"driver": "virtio-balloon-pci", "id": "b"})
    perform(machine, "block-dirty-bitmap-add", {"node": "scratch", "name": "b"})
    perform(
        machine, "blockdev-snapshot-sync", {"node-name": "scratch", "snapshot-file": "/overlay"}
    )
    perform(machine, "blockdev-add", {"driver": "null-co", "node-name": "copy"})
    perform(
        machine,
        "blockdev-backup",
        {"device": "scratch", "target": "copy", "sync": "full", "job-id": "j"},
    )
    for name in answers_without_arguments(checker):
        if name != "system_wakeup":
            checker.check_answer(name, perform(machine, name, {}))
            checked.append(name)
    assert len(checked) > 50
    assert {"RESUME", "STOP", "RESET", "POWERDOWN", "SHUTDOWN", "JOB_STATUS_CHANGE"} <= set(events)


def test_an_answer_that_the_schema_does_not_promise_is_found(checker):
    with pytest.raises(CommandError, match=r"return\.name"):
        checker.check_answer("query-name", {"name": 5})
    with pytest.raises(CommandError, match=r"data\.guest"):
        checker.check_event("SHUTDOWN", {"reason": "host-signal"})
