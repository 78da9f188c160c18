"""Block nodes, and jobs whose time the test moves."""

import pytest

MIB = 2**20
GIB = 2**30


def progress(wire):
    return {job["id"]: (job["status"], job["current-progress"]) for job in wire.do("query-jobs")}


def events(wire, count):
    told = [wire.event() for _ in range(count)]
    return [(e["event"], e["data"].get("status")) for e in told]


@pytest.fixture
def target(wire):
    wire.do("blockdev-add", driver="null-co", size=GIB, **{"node-name": "t"})
    return "t"


def mirror(wire, **more):
    arguments = {"device": "scratch", "target": "t", "sync": "full", "job-id": "mir", **more}
    return wire.ask("blockdev-mirror", **arguments)


def backup(wire, **more):
    arguments = {"device": "scratch", "target": "t", "sync": "full", "job-id": "k", **more}
    return wire.ask("blockdev-backup", **arguments)


def test_a_mirror_runs_gets_ready_and_is_completed(wire, simulator, target):
    assert mirror(wire, speed=100 * MIB) == {"return": {}}
    assert events(wire, 2) == [
        ("JOB_STATUS_CHANGE", "created"),
        ("JOB_STATUS_CHANGE", "running"),
    ]
    simulator.advance(1)
    assert progress(wire) == {"mir": ("running", 100 * MIB)}
    simulator.advance(4)
    assert progress(wire) == {"mir": ("running", 500 * MIB)}
    assert wire.refused("job-complete", id="mir") == (
        "GenericError: Job 'mir' in state 'running' cannot accept command verb 'complete'"
    )
    simulator.advance(10)
    assert wire.event()["data"] == {"status": "ready", "id": "mir"}
    ready = wire.event()
    assert ready["event"] == "BLOCK_JOB_READY"
    assert ready["data"] == {
        "device": "mir",
        "len": GIB,
        "offset": GIB,
        "speed": 100 * MIB,
        "type": "mirror",
    }
    assert ready["timestamp"] == {"seconds": 1795350730 + 10, "microseconds": 240000}
    (listed,) = wire.do("query-block-jobs")
    assert (listed["ready"], listed["offset"]) == (True, GIB)
    wire.do("job-complete", id="mir")
    assert events(wire, 5) == [
        ("JOB_STATUS_CHANGE", "waiting"),
        ("JOB_STATUS_CHANGE", "pending"),
        ("BLOCK_JOB_COMPLETED", None),
        ("JOB_STATUS_CHANGE", "concluded"),
        ("JOB_STATUS_CHANGE", "null"),
    ]
    assert progress(wire) == {}
    assert wire.do("query-block")[0]["inserted"]["node-name"] == "t", "the disk uses the copy"


def test_a_mirror_that_is_ready_and_cancelled_has_not_failed(wire, simulator, target):
    mirror(wire)
    simulator.advance(60)
    events(wire, 4)
    wire.do("block-job-cancel", device="mir")
    assert ("BLOCK_JOB_COMPLETED", None) in events(wire, 5)
    assert wire.do("query-block")[0]["inserted"]["node-name"] == "scratch"


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("job-cancel", {"id": "mir"}), ("block-job-cancel", {"device": "mir", "force": True})],
)
def test_a_job_is_cancelled_by_force(wire, simulator, target, command, arguments):
    mirror(wire)
    simulator.advance(60)
    events(wire, 4)
    wire.do(command, **arguments)
    assert events(wire, 4) == [
        ("JOB_STATUS_CHANGE", "aborting"),
        ("BLOCK_JOB_CANCELLED", None),
        ("JOB_STATUS_CHANGE", "concluded"),
        ("JOB_STATUS_CHANGE", "null"),
    ]


def test_a_job_rests_while_it_is_paused(wire, simulator, target):
    mirror(wire, speed=MIB)
    simulator.advance(1)
    wire.do("job-pause", id="mir")
    assert wire.refused("job-pause", id="mir") == "GenericError: Job is already paused"
    simulator.advance(10_000)
    assert progress(wire) == {"mir": ("paused", MIB)}
    wire.do("job-resume", id="mir")
    assert wire.refused("job-resume", id="mir") == (
        "GenericError: Can't resume a job that was not paused"
    )
    simulator.advance(1)
    assert progress(wire) == {"mir": ("running", 2 * MIB)}
    wire.do("block-job-set-speed", device="mir", speed=10 * MIB)
    simulator.advance(1)
    assert progress(wire) == {"mir": ("running", 12 * MIB)}
    simulator.advance(101.1)
    assert progress(wire)["mir"][0] == "running"
    simulator.advance(0.2)
    assert progress(wire)["mir"][0] == "ready"


def test_a_job_waits_to_be_finalized_and_dismissed(wire, simulator, target):
    backup(wire, **{"auto-finalize": False, "auto-dismiss": False})
    simulator.advance(60)
    assert events(wire, 5)[2:] == [
        ("JOB_STATUS_CHANGE", "waiting"),
        ("JOB_STATUS_CHANGE", "pending"),
        ("BLOCK_JOB_PENDING", None),
    ]
    assert progress(wire) == {"k": ("pending", GIB)}
    wire.do("job-finalize", id="k")
    assert progress(wire) == {"k": ("concluded", GIB)}
    wire.do("job-dismiss", id="k")
    assert progress(wire) == {}
    assert events(wire, 3) == [
        ("BLOCK_JOB_COMPLETED", None),
        ("JOB_STATUS_CHANGE", "concluded"),
        ("JOB_STATUS_CHANGE", "null"),
    ]


def test_a_cancelled_job_keeps_its_error_until_it_is_dismissed(wire, simulator, target):
    backup(wire, speed=MIB, **{"auto-dismiss": False})
    simulator.advance(1)
    wire.do("job-cancel", id="k")
    (job,) = wire.do("query-jobs")
    assert (job["status"], job["error"]) == ("concluded", "Operation canceled")
    assert job["current-progress"] == MIB


def test_create_fails_in_its_job_and_not_in_its_reply(wire):
    options = {"driver": "qcow2", "file": "nosuchnode", "size": 8388608}
    wire.do("blockdev-create", options=options, **{"job-id": "create3"})
    assert [status for _, status in events(wire, 4)] == [
        "created",
        "running",
        "aborting",
        "concluded",
    ]
    (job,) = wire.do("query-jobs")
    assert job["error"] == "Cannot find device='nosuchnode' nor node-name='nosuchnode'"
    assert wire.do("query-block-jobs") == []


def test_create_ends_well_and_waits_to_be_dismissed(wire):
    options = {"driver": "file", "filename": "/new", "size": 0}
    wire.do("blockdev-create", options=options, **{"job-id": "c"})
    statuses = ["created", "running", "waiting", "pending", "concluded"]
    assert [status for _, status in events(wire, 5)] == statuses
    assert progress(wire) == {"c": ("concluded", 1)}
    wire.do("job-dismiss", id="c")
    assert progress(wire) == {}


def test_an_overlay_is_streamed_and_committed(wire, simulator):
    wire.do(
        "blockdev-snapshot-sync",
        **{"node-name": "scratch", "snapshot-file": "/o", "snapshot-node-name": "over"},
    )
    inserted = wire.do("query-block")[0]["inserted"]
    assert (inserted["node-name"], inserted["backing_file_depth"]) == ("over", 1)
    wire.do("block-commit", device="over", **{"job-id": "c"})
    simulator.advance(60)
    wire.do("job-complete", id="c")
    assert wire.do("query-block")[0]["inserted"]["node-name"] == "scratch"
    wire.do("block-stream", device="over", **{"job-id": "s"})
    simulator.advance(60)
    wire.do("blockdev-del", **{"node-name": "over"})
    assert wire.refused("block-commit", device="scratch", **{"job-id": "c"}) == (
        "GenericError: cannot commit an image into itself"
    )


def test_drive_mirror_makes_its_target(wire, simulator):
    wire.do("drive-mirror", device="disk0", target="/m.raw", sync="full", **{"job-id": "dm"})
    nodes = {n["file"]: n["node-name"] for n in wire.do("query-named-block-nodes")}
    assert nodes["/m.raw"].startswith("#block")


def test_nodes_come_and_go(wire):
    wire.do("blockdev-add", driver="file", filename="/d", **{"node-name": "f"})
    wire.do("blockdev-add", driver="qcow2", file="f", **{"node-name": "q"})
    names = [node["node-name"] for node in wire.do("query-named-block-nodes", flat=True)]
    assert names == ["q", "f", "scratch"]
    assert wire.refused("blockdev-del", **{"node-name": "f"}) == "GenericError: Node f is in use"
    wire.do("device_add", driver="virtio-blk-pci", id="d", drive="q")
    assert [disk["qdev"] for disk in wire.do("query-block")] == ["disk0", "d"]
    assert wire.refused("blockdev-del", **{"node-name": "q"}) == "GenericError: Node q is in use"
    wire.do("device_del", id="d")
    wire.do("system_reset")
    wire.do("blockdev-del", **{"node-name": "q"})
    wire.do("blockdev-del", **{"node-name": "f"})
    assert len(wire.do("query-named-block-nodes")) == 1


def test_a_transaction_is_done_as_a_whole_or_not_at_all(wire):
    def add(name):
        return {"type": "block-dirty-bitmap-add", "data": {"node": "scratch", "name": name}}

    def bitmaps():
        (node,) = wire.do("query-named-block-nodes")
        return [bitmap["name"] for bitmap in node.get("dirty-bitmaps", [])]

    wire.do("transaction", actions=[add("a"), add("b")])
    assert bitmaps() == ["a", "b"]
    assert wire.refused("transaction", actions=[add("c"), add("a")]) == (
        "GenericError: Bitmap already exists: a"
    )
    assert wire.refused("transaction", actions=[add("d"), {"type": "abort", "data": {}}]) == (
        "GenericError: Transaction aborted using Abort action"
    )
    assert bitmaps() == ["a", "b"]
    wire.do("block-dirty-bitmap-remove", node="scratch", name="a")
    assert bitmaps() == ["b"]


REFUSED = [
    ("job-cancel", {"id": "x"}, "GenericError: Job not found"),
    ("block-job-cancel", {"device": "x"}, "DeviceNotActive: Block job 'x' not found"),
    ("block-job-dismiss", {"id": "x"}, "DeviceNotActive: Block job 'x' not found"),
    (
        "blockdev-add",
        {"driver": "null-co"},
        "GenericError: 'node-name' must be specified for the root node",
    ),
    (
        "blockdev-add",
        {"driver": "null-co", "node-name": "scratch"},
        "GenericError: Duplicate nodes with node-name='scratch'",
    ),
    (
        "blockdev-add",
        {"driver": "null-co", "node-name": "5x"},
        "GenericError: Invalid node-name: '5x'",
    ),
    (
        "blockdev-add",
        {"driver": "raw", "node-name": "r", "file": "nope"},
        "GenericError: Cannot find device='nope' nor node-name='nope'",
    ),
    (
        "blockdev-del",
        {"node-name": "nope"},
        "GenericError: Failed to find node with node-name='nope'",
    ),
    (
        "blockdev-mirror",
        {"device": "scratch", "target": "scratch", "sync": "full"},
        "GenericError: Can't mirror node into itself",
    ),
    (
        "block-stream",
        {"device": "scratch"},
        "GenericError: Invalid job ID ''",
    ),
    (
        "block_resize",
        {"node-name": "nope", "size": 5},
        "GenericError: Cannot find device='' nor node-name='nope'",
    ),
    (
        "block-dirty-bitmap-remove",
        {"node": "scratch", "name": "c"},
        "GenericError: Dirty bitmap 'c' not found",
    ),
]


@pytest.mark.parametrize(("command", "arguments", "error"), REFUSED)
def test_refusals_in_qemus_words(wire, command, arguments, error):
    assert wire.refused(command, **arguments) == error


def test_a_speed_below_nothing_is_refused(wire, target):
    error = "Parameter 'speed' expects a non-negative value"
    assert mirror(wire, speed=-1)["error"]["desc"] == error
    assert progress(wire) == {}
    mirror(wire, speed=1)
    assert wire.refused("block-job-set-speed", device="mir", speed=-1).endswith(error)


def test_a_node_that_a_job_uses_is_busy(wire, target):
    backup(wire, speed=1)
    assert backup(wire, **{"job-id": "l"})["error"]["desc"] == (
        "Node 'scratch' is busy: block device is in use by block job: backup"
    )
    assert wire.refused("blockdev-del", **{"node-name": "t"}) == "GenericError: Node t is in use"
