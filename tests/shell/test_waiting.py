"""``--wait`` at the prompt, on a terminal."""

from collections.abc import Callable

import pytest

import qmpshell
from qmpshell.simulator import Simulator
from qmpshell.simulator.faults import HOSTILE, Faults
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"
DEMO = "demo prelaunch>"

MIB = 2**20


def open_shell(socket: str, *options: str, **terminal: int) -> Terminal:
    return Terminal(["qmp-shell", *options, socket], **terminal)


def add_nodes(machine: qmpshell.Client, **sizes: int) -> None:
    for name, size in sizes.items():
        node = {"driver": "null-co", "node-name": name, "size": size, "read-zeroes": True}
        machine.execute("blockdev-add", node)


def test_a_job_has_a_bar_with_events_above_it_until_it_is_done(qemu: RealQEMU) -> None:
    mirror = "blockdev-mirror job-id=mirror0 device=a target=b sync=full speed=1 --wait"
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=64 * MIB, b=64 * MIB)
        terminal.wait_for_last_line(PAUSED)
        terminal.type(mirror + "\r")
        terminal.wait(lambda: terminal.lines[-1].startswith("mirror0 "))
        terminal.wait(lambda: "░" in terminal.lines[-1])
        other.execute("system_reset")
        terminal.wait(lambda: any("  RESET  " in line for line in terminal.lines))
        terminal.wait(lambda: terminal.lines[-1].startswith("mirror0 "))
        other.execute("block-job-set-speed", device="mirror0", speed=0)
        terminal.wait_for("BLOCK_JOB_READY")
        terminal.wait_for_last_line(PAUSED)
        assert not [line for line in terminal.lines if "░" in line or "█" in line]
        assert "{}" in terminal.lines
        assert "{}" in terminal.run("job-complete mirror0 --wait", PAUSED)
        assert other.execute("query-jobs") == []


def test_a_failure_and_a_refusal(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=MIB, small=MIB // 2)
        terminal.wait_for_last_line(PAUSED)
        line = "blockdev-mirror job-id=m device=a target=small sync=full --wait"
        error = "JobFailed: m: Source and target image have different sizes"
        assert error in terminal.run(line, PAUSED)
        shown = terminal.run("query-name --wait", PAUSED)
        assert shown[0].index("^^^^^^ query-name can't be waited for") == len(
            f"{PAUSED} query-name "
        )


def test_a_migration_that_fails(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        shown = terminal.run("migrate uri=tcp:127.0.0.1:1 --wait", PAUSED)
        assert shown[-1].startswith("MigrationFailed: Failed to connect to '127.0.0.1:1'")


def test_quit_is_waited_for(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        shown = terminal.run("quit --wait --yes", PAUSED.replace("prelaunch", "disconnected"))
        assert shown[-2] == "{}"
        assert shown[-1].startswith("the machine has shut down, and the connection ended")
    qemu.wait_until_ended()


def test_ctrl_c_gives_up_waiting_and_says_how_to_look(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=64 * MIB, b=64 * MIB)
        terminal.wait_for_last_line(PAUSED)
        terminal.type("blockdev-backup job-id=b0 device=a target=b sync=full speed=1 --wait\r")
        terminal.wait(lambda: "░" in terminal.lines[-1])
        shown = terminal.press("\x03", PAUSED)
        assert shown == [
            "gave up waiting; job b0 goes on: query-jobs shows it, job-cancel id=b0 ends it"
        ]
        assert terminal.lines[-3] == "^C"
        assert [job["id"] for job in other.execute("query-jobs")] == ["b0"]
        assert "{}" in terminal.run("job-cancel b0 --wait", PAUSED)
        assert other.execute("query-jobs") == []


def test_a_time_limit(simulate: Callable[..., Simulator]) -> None:
    with open_shell(simulate().path) as terminal:
        terminal.wait_for_last_line(DEMO)
        assert terminal.run("device_del net0 --wait --timeout 2", DEMO) == [
            "device_del: not done in 2 s;"
            " the guest may still let go of net0: DEVICE_DELETED tells it"
        ]


def test_the_exchange_and_a_remark(qemu: RealQEMU) -> None:
    line = "blockdev-backup job-id=p device=a target=b sync=full auto-finalize=off --wait"
    with open_shell(qemu.socket, "-v") as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, a=MIB, b=MIB)
        terminal.wait_for_last_line(PAUSED)
        *_, remark, received, reply = terminal.run(line, PAUSED)
        assert remark == "job p is pending: job-finalize id=p ends it"
        assert received.startswith('<- {"return": {}, "id": ')
        assert reply == "{}"


def test_the_option_completes(simulate: Callable[..., Simulator]) -> None:
    with open_shell(simulate().path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("stop --wa")
        terminal.wait_for("until it is really done")
        terminal.type("\t")
        terminal.wait_for(f"{DEMO} stop --wait")
        terminal.type("\r")
        terminal.wait_for("{}")


def test_hostile_names_never_reach_the_terminal(simulate: Callable[..., Simulator]) -> None:
    listed = {"id": "b0", "status": f"s{HOSTILE}", "type": f"t{HOSTILE}"}
    numbers = {"current-progress": 1, "total-progress": 2}
    simulator = simulate(
        faults=Faults(
            values={
                "block-stream": {},
                "query-jobs": [{**listed, **numbers}],
                "migrate": {},
                "query-migrate": {"status": f"m{HOSTILE}", "error-desc": f"e{HOSTILE}"},
            }
        )
    )
    with open_shell(simulator.path, columns=200) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.run("migrate uri=unix:/x --wait", DEMO)
        terminal.type("block-stream job-id=b0 device=scratch --wait\r")
        terminal.wait(lambda: terminal.lines[-1].startswith("b0 s\\u001b"))
        terminal.press("\x03", DEMO)
        assert "e\\u001b[31mred" in terminal.text
    for hostile in ("\x1b[31mred", "\x1b]0;title", "\x9b2J", "\u202e", "\u2066"):
        assert hostile.encode() not in terminal.raw
