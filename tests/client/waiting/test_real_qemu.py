import contextlib
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import qmpshell
from qmpshell.client import Client
from qmpshell.client.waiting import ending_of, request_and_wait
from qmpshell.errors import CommandError, ConnectionLost, OutcomeError, TimedOut
from tests.real_qemu import RealQEMU
from tests.standing_time import let_time_pass_once

MIB = 2**20

#: How long what must come may take, in seconds. Only a failing test waits so long.
PATIENCE = 30.0


def run(machine: Client, command: str, arguments: dict[str, Any] | None = None, **more: Any) -> Any:
    return machine.execute(command, arguments, wait=True, timeout=PATIENCE, **more)


@contextlib.contextmanager
def once_elsewhere(other: Client, event: str, command: str, **arguments: Any) -> Iterator[None]:
    """Let another client give a command when it has heard of an event."""

    def run() -> None:
        other.wait_event(event, timeout=PATIENCE)
        other.execute(command, arguments)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def add_nodes(machine: Client, **sizes: int) -> None:
    for name, size in sizes.items():
        node = {"driver": "null-co", "node-name": name, "size": size, "read-zeroes": True}
        machine.execute("blockdev-add", node)


def mirror(source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"job-id": "j", "device": source, "target": target, "sync": "full"} | {
        name.replace("_", "-"): value for name, value in more.items()
    }


def states(machine: Client) -> list[str]:
    return [job["status"] for job in machine.execute("query-jobs")]


def test_a_mirror_until_it_is_ready_and_to_its_end(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        add_nodes(machine, a=MIB, b=MIB)
        assert run(machine, "blockdev-mirror", mirror("a", "b")) == {}
        assert states(machine) == ["ready"]
        assert run(machine, "job-complete", id="j") == {}
        assert states(machine) == []


@pytest.mark.parametrize("verb", ["job-cancel", "block-job-cancel"])
@pytest.mark.parametrize("speed", [0, 1])
def test_cancelling_a_mirror_that_is_ready_or_on_its_way(
    qemu: RealQEMU, verb: str, speed: int
) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        add_nodes(machine, a=64 * MIB, b=64 * MIB)
        machine.execute("blockdev-mirror", mirror("a", "b", speed=speed), wait=not speed)
        run(machine, verb, {"id" if verb == "job-cancel" else "device": "j"})
        assert states(machine) == []


def test_a_mirror_onto_a_target_that_is_too_small(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        add_nodes(machine, a=MIB, small=MIB // 2)
        for _ in range(20):
            with pytest.raises(OutcomeError, match="JobFailed: j: .*different sizes"):
                run(machine, "blockdev-mirror", mirror("a", "small"))


def test_a_job_that_is_finalized_and_dismissed_by_hand(qemu: RealQEMU) -> None:
    arguments = mirror("a", "b", auto_finalize=False, auto_dismiss=False)
    complete = {"execute": "job-complete", "arguments": {"id": "j"}}
    with qmpshell.connect(qemu.socket) as machine:
        add_nodes(machine, a=MIB, b=MIB)
        run(machine, "blockdev-mirror", arguments)
        done = request_and_wait(machine, complete, ending_of(complete), timeout=PATIENCE)
        assert done.remark == "job j is pending: job-finalize id=j ends it"
        assert states(machine) == ["pending"]
        run(machine, "job-finalize", id="j")
        assert states(machine) == ["concluded"]


def test_a_job_that_is_cancelled_by_somebody_else(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(machine, a=64 * MIB, b=64 * MIB)
        with (
            once_elsewhere(other, "JOB_STATUS_CHANGE", "job-cancel", id="j"),
            pytest.raises(OutcomeError, match="JobCancelled: job j was cancelled"),
        ):
            run(machine, "blockdev-backup", mirror("a", "b", speed=1))


def test_an_image_is_created_and_its_job_dismissed(qemu: RealQEMU, tmp_path: Path) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        for folder, fails in ((tmp_path, False), (tmp_path / "nowhere", True), (tmp_path, False)):
            options = {"driver": "file", "filename": f"{folder}/image", "size": MIB}
            arguments = {"job-id": "c", "options": options}
            if fails:
                with pytest.raises(OutcomeError, match="JobFailed: c: .*No such file"):
                    run(machine, "blockdev-create", arguments)
            else:
                run(machine, "blockdev-create", arguments)
            assert states(machine) == []


@pytest.fixture
def with_image(tmp_path: Path) -> tuple[str, ...]:
    """The options of a QEMU with a disk whose image has one below it."""
    for name, below in (("base", ()), ("top", ("-b", f"{tmp_path}/base", "-F", "qcow2"))):
        command = ["qemu-img", "create", "-q", "-f", "qcow2", *below, f"{tmp_path}/{name}"]
        subprocess.run([*command, *(() if below else ("16M",))], check=True)
    return (
        *("-drive", f"if=none,id=drive0,format=qcow2,file={tmp_path}/top,node-name=top"),
        *("-device", "virtio-blk-pci,drive=drive0"),
    )


def test_snapshots_and_amending(tmp_path: Path, with_image: tuple[str, ...]) -> None:
    snapshot = {"job-id": "s", "tag": "t", "devices": ["top"]}
    amend = {"job-id": "s", "node-name": "top", "options": {"driver": "qcow2"}}
    with RealQEMU(tmp_path, *with_image) as qemu, qmpshell.connect(qemu.socket) as machine:
        run(machine, "snapshot-save", {**snapshot, "vmstate": "top"})
        run(machine, "snapshot-load", {**snapshot, "vmstate": "top"})
        run(machine, "snapshot-delete", snapshot)
        with pytest.raises(OutcomeError, match="JobFailed: s: Snapshot 't' does not exist"):
            run(machine, "snapshot-load", {**snapshot, "vmstate": "top"})
        run(machine, "x-blockdev-amend", amend)
        assert states(machine) == []


def test_a_job_is_called_like_its_device_unless_it_is_given_an_id(
    tmp_path: Path, with_image: tuple[str, ...]
) -> None:
    with RealQEMU(tmp_path, *with_image) as qemu, qmpshell.connect(qemu.socket) as machine:
        # The job is called drive0, which the node is attached to.
        run(machine, "block-commit", device="top")
        assert [job["id"] for job in machine.execute("query-jobs")] == ["drive0"]
        run(machine, "block-job-complete", device="drive0")
        assert states(machine) == []


def test_a_transactions_jobs(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        add_nodes(machine, a=MIB, b=MIB, c=MIB, d=MIB)
        backups = [
            {"type": "blockdev-backup", "data": mirror(source, target) | {"job-id": f"to-{target}"}}
            for source, target in (("a", "b"), ("c", "d"))
        ]
        run(machine, "transaction", {"actions": backups})
        assert states(machine) == []


def test_a_usb_device_is_gone_at_once(tmp_path: Path) -> None:
    with RealQEMU(tmp_path, "-usb") as qemu, qmpshell.connect(qemu.socket) as machine:
        machine.execute("device_add", driver="usb-tablet", id="tab")
        run(machine, "device_del", id="tab")
        with pytest.raises(CommandError, match="DeviceNotFound"):
            machine.execute("device_del", id="tab")


@pytest.mark.parametrize("name", ["net1", "/machine/peripheral/net1"])
def test_a_pci_device_is_gone_when_the_guest_lets_go(qemu: RealQEMU, name: str) -> None:
    with qmpshell.connect(qemu.sockets[1]) as other:
        asked = False

        def reset(direction: str, members: Mapping[str, Any]) -> None:
            """A reset lets go of it, once it was asked for; here another client's."""
            nonlocal asked
            if asked and direction == "received":
                other.submit({"execute": "system_reset"}, on_reply=lambda _: None)
            asked = members.get("execute") == "device_del"

        with qmpshell.connect(qemu.socket, traffic=reset) as machine:
            machine.execute("device_add", driver="virtio-net-pci", id="net1")
            run(machine, "device_del", id=name)
            with pytest.raises(CommandError, match="DeviceNotFound"):
                machine.execute("device_del", id=name)


def test_stop_cont_and_reset_whether_or_not_they_change_anything(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        for command in ("stop", "cont", "cont", "system_reset", "stop", "stop", "system_reset"):
            assert run(machine, command) == {}


def test_quit_is_done_when_qemu_has_ended(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        assert run(machine, "quit") == {}
        assert machine.closed
    qemu.wait_until_ended()


@pytest.mark.parametrize("stays", [False, True])
def test_a_powerdown_is_done_when_the_machine_has_shut_down(tmp_path: Path, stays: bool) -> None:
    """There is no guest that would do it; whoever does it, the event is the same."""
    options = ("-no-shutdown", "-no-reboot") if stays else ("-no-reboot",)
    with (
        RealQEMU(tmp_path, *options) as qemu,
        qmpshell.connect(qemu.socket) as machine,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        other.execute("cont")
        with once_elsewhere(other, "POWERDOWN", "system_reset"):
            assert run(machine, "system_powerdown") == {}
        assert machine.closed is not stays


def test_a_killed_qemu_is_a_lost_connection(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        machine.listener = lambda event: qemu.kill()
        with pytest.raises(ConnectionLost):
            run(machine, "system_powerdown")


@pytest.mark.parametrize("detach", [False, True])
@pytest.mark.parametrize("fails", [False, True])
def test_a_dump(qemu: RealQEMU, tmp_path: Path, detach: bool, fails: bool) -> None:
    """One for each QEMU: 7.2 tells of the end before it closes the file, even a next one's."""
    file = "/dev/full" if fails else f"{tmp_path}/dump"
    arguments = {"paging": False, "detach": detach, "protocol": f"file:{file}"}
    with qmpshell.connect(qemu.socket) as machine:
        if fails:
            with pytest.raises(CommandError, match="No space left on device"):
                run(machine, "dump-guest-memory", arguments)
        else:
            run(machine, "dump-guest-memory", arguments)
            assert (tmp_path / "dump").stat().st_size > 64 * MIB


@pytest.mark.parametrize("with_events", [False, True])
def test_migrations(tmp_path: Path, with_events: bool) -> None:
    (tmp_path / "there").mkdir()
    uri = f"unix:{tmp_path}/migration"
    with (
        RealQEMU(tmp_path) as here,
        RealQEMU(tmp_path / "there", "-incoming", uri) as there,
        qmpshell.connect(here.socket) as machine,
    ):
        capability = {"capability": "events", "state": with_events}
        machine.execute("migrate-set-capabilities", capabilities=[capability])
        with pytest.raises(OutcomeError, match="MigrationFailed: Failed to connect to"):
            run(machine, "migrate", uri="tcp:127.0.0.1:1")
        assert run(machine, "migrate", uri=uri) == {}
        assert machine.execute("query-migrate")["status"] == "completed"
        assert there.running


def test_a_migration_that_is_cancelled(qemu: RealQEMU, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Mapping[str, Any]] = []
    with (
        qmpshell.connect(qemu.socket, traffic=lambda _, members: told.append(members)) as machine,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        machine.execute("migrate-set-parameters", {"max-bandwidth": 1000})
        told.clear()
        let_time_pass_once(monkeypatch, lambda: any("return" in members for members in told))
        with pytest.raises(TimedOut, match="migrate_cancel ends it"):
            machine.execute("migrate", uri="exec:cat >/dev/null", wait=True, timeout=0.2)
        run(other, "migrate_cancel")
        assert machine.execute("query-migrate")["status"] == "cancelled"
