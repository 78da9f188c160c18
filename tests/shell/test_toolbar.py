"""What goes on in the machine, on the bottom line of a terminal."""

import contextlib
import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

import qmpshell
from qmpshell.address import UnixAddress
from qmpshell.client.activity import Activity
from qmpshell.render import columns
from qmpshell.shell.bar import Bar
from qmpshell.shell.event_log import EventLog
from qmpshell.shell.toolbar import Toolbar
from qmpshell.simulator import Simulator
from qmpshell.simulator.faults import HOSTILE, Faults
from tests.client.waiting.feeding import jobs, status
from tests.real_qemu import RealQEMU
from tests.real_storage_daemon import RealStorageDaemon
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"
RUNNING = "web1 running>"
DEMO = "demo prelaunch>"

MIB = 2**20


def open_shell(socket: str, *options: str, **terminal: int) -> Terminal:
    return Terminal(["qmp-shell", *options, socket], **terminal)


def add_nodes(machine: qmpshell.Client, **sizes: int) -> None:
    for name, size in sizes.items():
        node = {"driver": "null-co", "node-name": name, "size": size, "read-zeroes": True}
        machine.execute("blockdev-add", node)


def mirror(source: str, target: str, speed: int) -> dict[str, object]:
    names = {"job-id": f"to-{target}", "device": source, "target": target}
    return {**names, "sync": "full", "speed": speed}


def percents(terminal: Terminal, name: str) -> Iterator[int]:
    """Wait for one percentage of a bar after the other, each time for another one."""
    seen = -1

    def moved() -> bool:
        nonlocal seen
        found = re.search(rf"\b{name} [█░]+ (\d+) %", terminal.bottom_line)
        before, seen = seen, int(found[1]) if found else seen
        return seen != before

    while True:
        terminal.wait(moved)
        yield seen


def colours(terminal: Terminal, character: str) -> set[str]:
    """Return what a character of the bottom line is drawn with: there, that is the background."""
    rows = terminal.screen.buffer.values()
    cells = [row[column] for row in rows for column in range(terminal.screen.columns)]
    return {cell.bg for cell in cells if cell.data == character and cell.reverse}


def sent(log: Path, command: str) -> list[datetime]:
    """Return when a command was sent."""
    # The last line may not have been written to its end.
    lines = (json.loads(line) for line in log.read_text().split("\n")[:-1])
    return [
        datetime.fromisoformat(line["time"])
        for line in lines
        if line["direction"] == "sent" and line["message"].get("execute") == command
    ]


def test_a_job_on_a_machine_that_stands_still(qemu: RealQEMU, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        qmpshell.connect(qemu.sockets[1]) as other,
        open_shell(qemu.socket, "-l", str(log), "-v") as terminal,
    ):
        add_nodes(other, a=512 * MIB, b=512 * MIB)
        terminal.wait_for_last_line(PAUSED)
        terminal.wait(lambda: len(sent(log, "query-jobs")) == 1)
        terminal.wait(lambda: terminal.bottom_line.endswith("prelaunch"))
        other.execute("blockdev-mirror", mirror("a", "b", speed=16 * MIB))
        bar = percents(terminal, "to-b")
        first, second, third = next(bar), next(bar), next(bar)
        assert first < second < third
        # A bar of a few per cent isn't as long as a character.
        terminal.wait(lambda: colours(terminal, "█") == {"green"})
        # What is typed has its room, its signature on the left.
        terminal.type("set_link ")
        terminal.wait(lambda: terminal.bottom_line.startswith("set_link name=STRING up=BOOL "))
        next(bar)
        terminal.press("\x03", PAUSED)
        other.execute("job-cancel", id="to-b")
        terminal.wait(lambda: terminal.bottom_line.endswith("prelaunch"))
        asked = sent(log, "query-jobs")
        assert '{"name": "web1"}' in terminal.run("query-name", PAUSED)
        assert sent(log, "query-jobs") == asked
        # Those after the first are at least a second apart; a running machine's would be 0.25.
        gaps = [(after - before).total_seconds() for before, after in itertools.pairwise(asked)]
        assert min(gaps) > 0.5
        assert len(gaps) >= 3
        assert not [line for line in terminal.lines if "query-jobs" in line]


def test_a_migration_that_is_begun_here(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    uri = f"unix:{tmp_path}/migration"
    with (
        RealQEMU(tmp_path) as here,
        RealQEMU(tmp_path / "there", "-incoming", uri),
        open_shell(here.socket) as terminal,
        qmpshell.connect(here.sockets[1]) as other,
    ):
        other.execute("migrate-set-parameters", {"max-bandwidth": 50_000})
        other.execute("cont")
        terminal.wait_for_last_line(RUNNING)
        terminal.type(f"migrate uri={uri}\r")
        bar = percents(terminal, "migration")
        first, second = next(bar), next(bar)
        assert first < second
        other.execute("migrate-set-parameters", {"max-bandwidth": 0})
        terminal.wait_for_last_line("web1 postmigrate>")
        terminal.wait(lambda: terminal.bottom_line.endswith("postmigrate"))


def test_the_state_after_a_migration_of_another_client(tmp_path: Path) -> None:
    """No event tells that it is over; the run state is asked for until it is another."""
    (tmp_path / "there").mkdir()
    uri = f"unix:{tmp_path}/migration"
    with (
        RealQEMU(tmp_path) as here,
        RealQEMU(tmp_path / "there", "-incoming", uri),
        open_shell(here.socket) as terminal,
        qmpshell.connect(here.sockets[1]) as other,
    ):
        other.execute("cont")
        terminal.wait_for_last_line(RUNNING)
        other.execute("migrate", uri=uri)
        terminal.wait_for_last_line("web1 postmigrate>")


def test_a_migration_that_fails_later_is_not_forgotten(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.run("migrate uri=tcp:127.0.0.1:1", PAUSED)
        terminal.wait(lambda: terminal.bottom_line.endswith("migration failed"))
        _, reason = terminal.run("/jobs", PAUSED)
        assert "Failed to connect to '127.0.0.1:1'" in reason


def test_what_runs_already_and_what_comes_besides(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.sockets[1]) as other:
        add_nodes(other, **dict.fromkeys("abcdef", 512 * MIB))
        other.execute("blockdev-mirror", mirror("a", "b", speed=1))
        with open_shell(qemu.socket, columns=120) as terminal:
            terminal.wait(lambda: "to-b ░" in terminal.bottom_line)
            other.execute("blockdev-mirror", mirror("c", "d", speed=0))
            terminal.wait(lambda: terminal.bottom_line.endswith("to-d ready"))
            other.execute("blockdev-backup", mirror("e", "f", speed=1))
            terminal.wait(lambda: terminal.bottom_line.endswith("+1 job"))
            # Nothing but what matters most is left on a narrow one.
            assert "prelaunch" in terminal.bottom_line
        with open_shell(qemu.socket, columns=20, lines=5) as terminal:
            terminal.wait(lambda: terminal.bottom_line.endswith("3 jobs"))


def test_an_error_that_stops_a_job_is_told(qemu: RealQEMU) -> None:
    full = {"event": "none", "iotype": "write-zeroes", "errno": 28, "immediately": True}
    with (
        open_shell(qemu.socket) as terminal,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        add_nodes(other, a=64 * MIB, b=64 * MIB)
        node = {"driver": "blkdebug", "node-name": "c", "image": "b", "inject-error": [full]}
        other.execute("blockdev-add", node)
        other.execute("blockdev-mirror", {**mirror("a", "c", 0), "on-target-error": "enospc"})
        terminal.wait(lambda: "to-c paused" in terminal.bottom_line)
        terminal.type("/jobs\r")
        terminal.wait_for("  no space left")
        terminal.wait_for("  job-resume id=to-c")
        terminal.press("q", PAUSED)


def asked_for(simulator: Simulator, *commands: str) -> list[str]:
    return [r["execute"] for r in simulator.received if r.get("execute") in commands]


def test_nothing_is_asked_while_nothing_runs(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate()
    questions = ("query-jobs", "query-migrate", "query-block-jobs")
    with open_shell(simulator.path) as terminal:
        terminal.wait(lambda: len(asked_for(simulator, *questions)) == 2)
        terminal.wait_for_last_line(DEMO)
        for name in ("STOP", "DEVICE_DELETED", "BLOCK_IO_ERROR"):
            simulator.emit(name)
        terminal.wait_for("BLOCK_IO_ERROR")
        terminal.run("query-name", DEMO)
        assert len(asked_for(simulator, *questions)) == 2


@pytest.mark.parametrize("missing", ["query-jobs", "query-migrate"])
def test_an_old_server_is_asked_once(simulate: Callable[..., Simulator], missing: str) -> None:
    simulator = simulate(faults=Faults(errors={missing: ("CommandNotFound", "no")}))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.wait(lambda: len(asked_for(simulator, "query-jobs", "query-migrate")) == 2)
        assert terminal.run("/jobs", DEMO) == ["no jobs, and no migration"]
        simulator.emit("JOB_STATUS_CHANGE", {"id": "x", "status": "running"})
        terminal.wait_for("JOB_STATUS_CHANGE")
        terminal.run("/jobs", DEMO) if missing == "query-migrate" else None
        assert asked_for(simulator, missing) == [missing]


def test_a_storage_daemon_has_jobs_and_no_migration(tmp_path: Path) -> None:
    with RealStorageDaemon(tmp_path) as daemon, open_shell(daemon.socket) as terminal:
        terminal.wait_for_last_line("QEMU>")
        create = {"driver": "file", "filename": "/nowhere/x", "size": MIB}
        arguments = {"job-id": "c0", "options": create}
        terminal.run(json.dumps({"execute": "blockdev-create", "arguments": arguments}), "QEMU>")
        terminal.wait(lambda: terminal.bottom_line.endswith("c0 failed"))


def test_hostile_names_never_reach_the_terminal(simulate: Callable[..., Simulator]) -> None:
    text = {"id": f"j{HOSTILE}", "status": f"s{HOSTILE}", "type": f"t{HOSTILE}"}
    numbers = {"current-progress": 1, "total-progress": 2**70}
    job = {**text, **numbers, "error": f"e{HOSTILE}"}
    migration = {"status": f"m{HOSTILE}", "error-desc": f"d{HOSTILE}"}
    faults = Faults(values={"query-jobs": [job], "query-migrate": migration})
    with open_shell(simulate(faults=faults).path, columns=300) as terminal:
        terminal.wait(lambda: "m\\u001b" in terminal.bottom_line)
        terminal.type("/jobs\r")
        terminal.wait_for("  e\\u001b[31mred")
        terminal.wait_for("  d\\u001b[31mred")
        terminal.press("q", DEMO)
    for hostile in ("\x1b[31mred", "\x1b]0;title", "\x9b2J", "\u202e", "\u2066"):
        assert hostile.encode() not in terminal.raw


def test_late_replies_to_what_is_asked_disturb_no_command(
    simulate: Callable[..., Simulator],
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-jobs"})))
    with open_shell(simulator.path, "-v") as terminal:
        terminal.wait(lambda: asked_for(simulator, "query-jobs"))
        terminal.wait_for_last_line(DEMO)
        terminal.type("query-name\r")
        terminal.wait_for('-> {"execute": "query-name"')
        simulator.release()
        terminal.wait_for('\n{"name": "demo"}')
        terminal.wait_for_last_line(DEMO)
        *_, said = terminal.run("device_del nope", DEMO)
        assert said == "DeviceNotFound: Device 'nope' not found"


ADDRESS = "/var/lib/qemu/web1.sock"


@pytest.fixture
def toolbar() -> Toolbar:
    """The bottom line of a machine with a mirror and a backup."""
    activity = Activity()
    listed = jobs(
        ("mirror0", "running"), ("b1", "running"), **{"current-progress": 7, "total-progress": 10}
    )
    activity.on_event(status("created", "mirror0"))
    activity.poll(0)
    activity.on_answer("query-jobs", listed, 0)
    return toolbar_of(activity, "running")


def toolbar_of(activity: Activity | None, state: str) -> Toolbar:
    with contextlib.closing(open("/dev/null", "w", encoding="utf-8")) as stream:
        printer = SimpleNamespace(bar=Bar(stream, None))
    return Toolbar(
        SimpleNamespace(
            client=SimpleNamespace(server_name="QEMU 10.0.2", closed=False),
            machine=SimpleNamespace(state=state),
            events=EventLog(),
            connection=SimpleNamespace(address=UnixAddress(ADDRESS)),
            activity=activity,
            overdue=SimpleNamespace(first=None),
            printer=printer,
        )
    )


HINT = "Ctrl-C clears this; Enter runs it when all is closed"


@pytest.mark.parametrize(
    ("width", "typed", "shown"),
    [
        (120, "", f" {ADDRESS} QEMU 10.0.2 running mirror0 █…░ 70 % b1 █…░ 70 % "),
        (80, "", " …/web1.sock QEMU 10.0.2 running mirror0 █…░ 70 % b1 █…░ 70 % "),
        (60, "", " running mirror0 █…░ 70 % b1 █…░ 70 % "),
        (40, "", " mirror0 █…░ 70 % b1 █…░ 70 % "),
        (30, "", " mirror0 █…░ 70 % +1 job "),
        (20, "", " running 2 jobs "),
        (
            120,
            "set_link ",
            "set_link name=STRING up=BOOL QEMU 10.0.2 running mirror0 █…░ 70 % b1 █…░ 70 % ",
        ),
        (80, "set_link ", "set_link name=STRING up=BOOL QEMU 10.0.2 running mirror0 70 % +1 job "),
        (40, "set_link ", "set_link name=STRING up=BOOL 2 jobs "),
        (30, "set_link ", "set_link name=STRING up=BOOL "),
        (140, "(\n", f" {HINT} QEMU 10.0.2 running mirror0 █…░ 70 % b1 █…░ 70 % "),
        (30, "(\n", " Ctrl-C clears this; Enter ru…"),
    ],
)
def test_what_matters_least_goes_first(
    toolbar: Toolbar, width: int, typed: str, shown: str
) -> None:
    line = "".join(text for _, text in toolbar.write(typed, width, fake_signature))
    line = re.sub("█+", "█…", re.sub("░+", "░", line))
    assert re.sub(" +", " ", line) == shown


def fake_signature(text: str, room: int) -> list[tuple[str, str]]:
    signed = text.startswith("set_link")
    return [("", "set_link name=STRING up=BOOL".ljust(room)[:room])] if signed else []


@pytest.mark.parametrize("typed", ["", "set_link ", "(\n"])
def test_it_is_as_wide_as_the_terminal(toolbar: Toolbar, typed: str) -> None:
    for width in range(1, 200):
        pieces = toolbar.write(typed, width, fake_signature)
        assert sum(columns(text) for _, text in pieces) == width
        assert len(typed) == 0 or pieces[0][1][: min(30, width)].strip()
