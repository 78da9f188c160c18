"""``/source``: a file's lines at the prompt."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

PROMPT = "web1 prelaunch>"
DEMO = "demo prelaunch>"


@pytest.fixture(autouse=True)
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the shell is started."""
    folder = home / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def open_shell(socket: str, *options: str, **terminal: int) -> Terminal:
    terminal_ = Terminal(["qmp-shell", *options, socket], **terminal)
    terminal_.wait(lambda: terminal_.lines and terminal_.lines[-1].endswith("prelaunch>"))
    return terminal_


def test_lines_comments_json_and_transactions(qemu: RealQEMU, folder: Path) -> None:
    (folder / "my disks.qmp").write_text(
        "\ufeff# two of them\n"
        "blockdev-add driver=null-co node-name=disk0 size=1M\n"
        '{"execute": "blockdev-add",\n'
        ' "arguments": {"driver": "null-co", "node-name": "disk1"}}\n'
        "\n"
        "transaction(\n"
        "  block-dirty-bitmap-add node=disk0 name=b\n"
        "  # and so on\n"
        "  block-dirty-bitmap-add node=disk0 name=c\n"
        ")\n"
        "query-named-block-nodes --select length(@)\n"
        "_ --select 'sort([].\"node-name\")'"
    )
    with open_shell(qemu.socket) as terminal:
        assert terminal.run('/source "my disks.qmp"', PROMPT) == [
            *["{}", "{}", "{}", "2"],
            '["disk0", "disk1"]',
        ]


def test_it_stops_at_the_first_failure_and_says_where(qemu: RealQEMU, folder: Path) -> None:
    (folder / "wrong.qmp").write_text("query-name\n\nset_link  x up=maybe\nquery-name\n")
    (folder / "gone.qmp").write_text("query-name\ndevice_del id=nope\nquery-name\n")
    with open_shell(qemu.socket) as terminal:
        name, line, carets = terminal.run("/source wrong.qmp", PROMPT)
        assert name == '{"name": "web1"}'
        assert line == "wrong.qmp:3: set_link  x up=maybe"
        assert carets.startswith(" " * line.index("maybe") + "^^^^^ a boolean is expected")
        assert terminal.run("/source gone.qmp", PROMPT) == [
            '{"name": "web1"}',
            "gone.qmp:2: DeviceNotFound: Device 'nope' not found",
        ]
        assert terminal.run("/source nowhere.qmp", PROMPT) == [
            "nowhere.qmp can't be read: No such file or directory"
        ]
        assert terminal.run("/source .", PROMPT) == [". can't be read: Is a directory"]
        assert "one file is expected" in terminal.run("/source", PROMPT)[0]
        assert "one file is expected" in terminal.run("/source a b", PROMPT)[0]


def test_files_in_files(qemu: RealQEMU, folder: Path) -> None:
    (folder / "outer.qmp").write_text("/source inner.qmp\nquery-kvm\n")
    (folder / "inner.qmp").write_text("query-name\n/nope\nquery-kvm\n")
    (folder / "loop.qmp").write_text("/source ./loop.qmp\n")
    (folder / "leave.qmp").write_text("/source exit.qmp\nquery-kvm\n")
    (folder / "exit.qmp").write_text("/exit\nquery-kvm\n")
    with open_shell(qemu.socket) as terminal:
        name, line, carets = terminal.run("/source outer.qmp", PROMPT)
        assert name == '{"name": "web1"}'
        assert line == "inner.qmp:2: /nope"
        assert "no such command" in carets
        assert terminal.run("/source loop.qmp", PROMPT) == [
            "./loop.qmp:1: nested over 16 files deep; does one of them run itself?"
        ]
        terminal.type("/source leave.qmp\r")
        assert terminal.wait_until_ended() == 0
        assert "enabled" not in terminal.text


def test_nobody_is_asked_and_no_secret_is_kept(qemu: RealQEMU, folder: Path, home: Path) -> None:
    (folder / "reset.qmp").write_text("object-add secret s data=hunter2\nsystem_reset\n")
    with open_shell(qemu.socket) as terminal:
        shown = terminal.run("/source reset.qmp", PROMPT)
        assert [line for line in shown if "RESET" not in line] == ["{}", "{}"]
        terminal.type("system_reset\r")
        terminal.wait_for("really? [y/N]")
    history = (home / ".local/state/qmpshell/history").read_text()
    assert "+/source reset.qmp" in history
    assert "hunter2" not in history


def test_ctrl_c_ends_it_and_the_connection_is_in_step(
    simulate: Callable[..., Simulator], folder: Path
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    (folder / "slow.qmp").write_text("query-name\nquery-block\nquery-kvm\n")
    with open_shell(simulator.path) as terminal:
        terminal.type("/source slow.qmp\r")
        simulator.wait_for("query-block")
        terminal.type("\x03")
        terminal.wait_for("slow.qmp:2: gave up waiting; a reply that still comes is dropped")
        terminal.wait_for_last_line(DEMO)
        simulator.release()
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']
        assert "enabled" not in terminal.text


def test_each_reply_has_its_time(qemu: RealQEMU, folder: Path) -> None:
    (folder / "names.qmp").write_text("query-name\nquery-name\n")
    with open_shell(qemu.socket) as terminal:
        terminal.run("/timing on", PROMPT)
        shown = terminal.run("/source names.qmp", PROMPT)
        assert [line.endswith(" ms") for line in shown] == [False, True] * 2


def test_in_hmp_they_are_hmp(qemu: RealQEMU, folder: Path) -> None:
    (folder / "name.hmp").write_text("info name\n/timing off\ninfo uuid\n")
    with open_shell(qemu.socket, "-H") as terminal:
        name, timing, uuid = terminal.run("/source name.hmp", "web1 hmp prelaunch>")
        assert (name, timing, uuid[:8]) == ("web1", "timing is off", "00000000")


def test_what_the_prompt_can_do_a_file_can(qemu: RealQEMU, folder: Path) -> None:
    (folder / "all.qmp").write_text("query-name\n/save name.json\n!cat name.json\n")
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("/source ~/work/all.qmp", PROMPT) == [
            '{"name": "web1"}',
            "saved name.json",
            '{"name": "web1"}',
        ]
        terminal.type("/source a\t")
        terminal.wait_for(f"{PROMPT} /source all.qmp")
