"""``--wait`` without a prompt, on a real QEMU: what is printed, and the status."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.simulator import Simulator
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")

MIRROR = ("blockdev-mirror", "job-id=m", "device=a", "sync=full", "--wait")


def add_nodes(qemu: RealQEMU, **sizes: str) -> None:
    lines = (
        f"blockdev-add driver=null-co node-name={name} size={size} read-zeroes=on\n"
        for name, size in sizes.items()
    )
    assert run("qmp-shell", qemu.socket, lines="".join(lines)).status == 0


def test_a_mirror_ends_when_it_is_ready_and_its_completion_at_its_end(qemu: RealQEMU) -> None:
    add_nodes(qemu, a="1M", b="1M")
    outcome = run("qmp-shell", qemu.socket, *MIRROR, "target=b")
    assert (outcome.status, outcome.out, outcome.err) == (0, "{}\n", "")
    jobs = json.loads(run("qmp-shell", qemu.socket, "query-jobs").out)
    assert [job["status"] for job in jobs] == ["ready"]
    outcome = run("qmp-shell", qemu.socket, "job-complete", "m", "--wait")
    assert (outcome.status, outcome.out, outcome.err) == (0, "{}\n", "")
    assert run("qmp-shell", qemu.socket, "query-jobs").out == "[]\n"


def test_a_job_that_fails_is_a_failure_with_its_own_error(qemu: RealQEMU) -> None:
    add_nodes(qemu, a="1M", small="512K")
    outcome = run("qmp-shell", qemu.socket, *MIRROR, "target=small")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        "qmp-shell: JobFailed: m: Source and target image have different sizes\n"
    )


def test_a_job_that_is_pending_is_told(qemu: RealQEMU) -> None:
    add_nodes(qemu, a="1M", b="1M")
    line = "blockdev-backup job-id=m device=a target=b sync=full auto-finalize=off --wait\n"
    outcome = run("qmp-shell", qemu.socket, lines=line)
    assert (outcome.status, outcome.out) == (0, "{}\n")
    assert outcome.err == "qmp-shell: job m is pending: job-finalize id=m ends it\n"


def test_lines_one_after_the_other(qemu: RealQEMU) -> None:
    add_nodes(qemu, a="1M", b="1M", c="1M", d="1M")
    lines = (
        "transaction(\n"
        "blockdev-backup job-id=one device=a target=b sync=full\n"
        "blockdev-backup job-id=two device=c target=d sync=full\n"
        ") --wait\n"
        "query-jobs\n"
        "stop --wait\n"
        "query-name --wait\n"
        "query-name\n"
    )
    outcome = run("qmp-shell", qemu.socket, lines=lines)
    assert (outcome.status, outcome.out) == (2, "{}\n[]\n{}\n")
    line, carets = outcome.err.splitlines()
    assert line == "qmp-shell: line 7: query-name --wait"
    assert carets.index("^^^^^^ query-name can't be waited for") == line.index("--wait")


def test_a_device_is_gone(tmp_path: Path) -> None:
    with RealQEMU(tmp_path, "-usb") as qemu:
        run("qmp-shell", qemu.socket, "device_add", "usb-tablet", "id=tab")
        outcome = run("qmp-shell", qemu.socket, "device_del", "tab", "--wait")
        assert (outcome.status, outcome.out, outcome.err) == (0, "{}\n", "")
        assert run("qmp-shell", qemu.socket, "device_del", "tab", "--wait").status == 1


def test_a_migration_to_where_nobody_listens(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, "migrate", "uri=tcp:127.0.0.1:1", "--wait")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        "qmp-shell: MigrationFailed: Failed to connect to '127.0.0.1:1': Connection refused\n"
    )


def test_quit_and_a_time_limit(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, "system_powerdown", "--wait", "--timeout", "1")
    assert outcome.status == 4
    assert outcome.err == (
        "qmp-shell: system_powerdown: not done in 1 s;"
        " the machine may still shut down: SHUTDOWN tells it\n"
    )
    outcome = run("qmp-shell", qemu.socket, "quit", "--wait")
    assert (outcome.status, outcome.out, outcome.err) == (0, "{}\n", "")
    qemu.wait_until_ended()


@pytest.mark.parametrize(
    "line", ["query-name --wait", "nope --wait", "query-name --wait --dry-run"]
)
def test_what_cannot_be_waited_for_is_refused_before_anything_is_sent(
    simulate: Simulate, line: str
) -> None:
    simulator = simulate()
    outcome = run("qmp-shell", simulator.path, *line.split())
    assert outcome.status == 2
    assert "can't be waited for; what can be: block-commit, " in outcome.err
    assert outcome.err.endswith("x-blockdev-amend\n")
    assert [request["execute"] for request in simulator.received] == ["qmp_capabilities"]


def test_a_dry_run_waits_for_nothing(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, "stop", "--wait", "--dry-run")
    assert outcome.out == '{"execute": "stop"}\n'


def test_ctrl_c_ends_a_script_and_a_lost_connection_is_told(simulate: Simulate) -> None:
    simulator = simulate()
    command = ["qmp-shell", simulator.path, "device_del", "net0", "--wait"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    simulator.wait_for("device_del")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 130
    simulator.received.clear()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    simulator.wait_for("device_del")
    simulator.drop_client()
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (4, b"")
    assert err == b"qmp-shell: the connection ended: the server closed it\n"


def test_a_migration_shows_its_progress_on_a_terminal_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    uri = f"unix:{tmp_path}/migration"
    slow, fast = {"max-bandwidth": 10_000}, {"max-bandwidth": 2**30}
    with (
        RealQEMU(tmp_path) as here,
        RealQEMU(tmp_path / "there", "-incoming", uri),
        qmpshell.connect(here.sockets[1]) as other,
    ):
        other.execute("migrate-set-parameters", slow)
        command = f"qmp-shell {here.socket} migrate uri={uri} --wait; echo status $?"
        with Terminal(["sh", "-c", command]) as terminal:
            terminal.wait(lambda: "░" in terminal.text and " % " in terminal.text)
            assert terminal.lines[-1].startswith("migration ")
            other.execute("migrate-set-parameters", fast)
            terminal.wait_for_last_line("status 0")
            assert terminal.lines == ["{}", "status 0"]
        assert other.execute("query-migrate")["status"] == "completed"


def test_a_bar_goes_to_standard_error_and_the_reply_to_standard_output(
    qemu: RealQEMU, tmp_path: Path
) -> None:
    add_nodes(qemu, a="64M", b="64M")
    out = tmp_path / "out"
    with qmpshell.connect(qemu.sockets[1]) as other:
        command = f"qmp-shell {qemu.socket} {' '.join(MIRROR)} target=b speed=1 >{out}; echo $?"
        with Terminal(["sh", "-c", command], columns=60) as terminal:
            terminal.wait(lambda: "m ░" in terminal.text or "m █" in terminal.text)
            other.execute("block-job-set-speed", device="m", speed=0)
            terminal.wait_for_last_line("0")
            assert terminal.lines == ["0"]
    assert out.read_text() == "{}\n"


def test_an_interrupt_takes_the_bar_away(simulate: Simulate) -> None:
    command = f"qmp-shell {simulate().path} device_del net0 --wait; echo status $?"
    with Terminal(["sh", "-c", f"trap : INT; {command}"]) as terminal:
        terminal.wait_for("net0 waiting for the guest")
        terminal.type("\x03")
        terminal.wait_for_last_line("status 130")
        assert terminal.lines == ["status 130"]
