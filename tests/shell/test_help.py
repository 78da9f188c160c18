"""Help, search and the bottom line, as a person sees them."""

import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import qmpshell
from qmpshell.schema import Schema
from qmpshell.shell.help import show_topic
from qmpshell.shell.line_output import LineOutput
from qmpshell.shell.manual_page import installed_manual
from qmpshell.shell.printer import Printer
from qmpshell.shell.search import show_search
from qmpshell.shell.server import Server
from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU
from tests.schema.manuals import BEFORE_10, SINCE_10
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"
DEMO = "demo prelaunch>"
NOT_INSTALLED = "QEMU's manual is not installed here; Debian has it in qemu-system-common"


def open_shell(socket: str, manuals: Path | str = "/nowhere", **terminal: int) -> Terminal:
    return Terminal(
        ["qmp-shell", socket], env={"MANPATH": str(manuals)}, **{"columns": 80, **terminal}
    )


@pytest.fixture
def manuals(tmp_path: Path) -> Path:
    page = tmp_path / "manuals" / "man7" / "qemu-qmp-ref.7.gz"
    page.parent.mkdir(parents=True)
    page.write_bytes(gzip.compress(BEFORE_10.encode()))
    return tmp_path / "manuals"


def test_help_on_commands_and_events_without_the_manual(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        device_add = terminal.run("/help device_add", PAUSED)
        assert device_add[0].startswith("device_add driver=STRING [bus=STRING] [id=STRING] [NAME")
        assert device_add[-5:] == ["", "Returns", "  nothing", "", NOT_INSTALLED]
        migrate = terminal.run("help migrate", PAUSED)
        assert migrate[0].startswith("migrate ")
        assert migrate[-5:-2] == ["Events that follow", "  MIGRATION", "  MIGRATION_PASS"]
        event = terminal.run("/help BLOCK_JOB_COMPLETED", PAUSED)
        assert event[0] == "BLOCK_JOB_COMPLETED, an event"
        assert "  [error=STRING]" in event
        assert "  blockdev-mirror" in event
        blockdev = terminal.run("/help blockdev-add", PAUSED)
        assert blockdev[0].startswith("blockdev-add driver=")
        assert any(line.startswith("  driver=qcow2: file=OBJECT|STRING") for line in blockdev)
        # Nothing was cut at the edge: what is too long goes on further in.
        starts = ("  ", "blockdev-add", "Arguments", "Returns", NOT_INSTALLED)
        assert all(line.startswith(starts) or not line for line in blockdev)


def test_help_with_the_manual(qemu: RealQEMU, manuals: Path) -> None:
    with open_shell(qemu.socket, manuals) as terminal:
        terminal.wait_for_last_line(PAUSED)
        device_add = terminal.run("/help device_add", PAUSED)
        start = device_add.index("QEMU 7.2.99's manual: device_add (command)")
        assert device_add[start + 1 : start + 7] == [
            "  Plugs a thing into the machine's board.",
            "",
            "  Arguments",
            "    driver: string",
            "      which kind of thing",
            "",
        ]
        assert NOT_INSTALLED not in device_add
        event = terminal.run("/help block_job_completed", PAUSED)
        assert "  Tells of a job's end." in event
        assert terminal.run("/help x-thing", PAUSED) == [
            "QEMU 7.2.99's manual: x-Thing (enum)",
            "  Things.",
        ]


def test_help_with_the_manual_that_is_installed(
    qemu: RealQEMU, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MANPATH", raising=False)
    if installed_manual({"PATH": "/usr/bin"}) is None:
        pytest.skip("QEMU's manual is not installed")
    with open_shell(qemu.socket, "") as terminal:
        terminal.wait_for_last_line(PAUSED)
        for topic in ("blockdev-add", "device_add", "migrate", "BLOCK_JOB_COMPLETED"):
            shown = terminal.run(f"/help {topic}", PAUSED)
            title = next(line for line in shown if "'s manual: " in line)
            assert f"'s manual: {topic} (" in title
            assert not any("\\" in line or ".SS" in line for line in shown)


def test_the_installed_manual_has_everything_that_its_qemu_has(qemu: RealQEMU) -> None:
    manual = installed_manual({"PATH": "/usr/bin"})
    with qmpshell.connect(qemu.socket) as client:
        if manual is None or not manual.version.startswith(f"{client.greeting.version[0]}."):
            pytest.skip("the manual of this QEMU is not installed")
        schema = Schema(client.execute("query-qmp-schema"))
    for name in (*schema.commands, *schema.events):
        entry = manual.entry(name)
        assert entry, name
        assert entry.blocks
        assert not any("\\f" in block.text for block in entry.blocks)


def test_what_there_is_no_help_on(qemu: RealQEMU, simulate: Callable[..., Simulator]) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        (first, *_) = terminal.run("/help query-statu", PAUSED)
        assert first.startswith('no help on "query-statu"; nearest: query-status, ')
        assert terminal.run("/help /search", PAUSED) == [
            "/search WORD   find commands, arguments and events by part of a name"
        ]
        assert terminal.run("/help nope", PAUSED) == [
            'no help on "nope"; /search WORD looks into names'
        ]
        assert any(line.startswith("/help [NAME]") for line in terminal.run("/help", PAUSED))
    silent = simulate(faults=Faults(held=frozenset({"query-qmp-schema"})))
    with open_shell(silent.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        shown = " ".join(terminal.run("/help device_add", DEMO))
        assert "no schema of this server is known" in shown
        assert "qemu-system-common" in shown
        assert "no schema of this server is known" in terminal.run("/search x", DEMO)[0]


def test_search(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        found = [line.split(maxsplit=1) for line in terminal.run("/search NODE-NAME", PAUSED)]
        assert ["node-name", "argument of block_resize"] in found
        assert ["node-name", "argument of blockdev-add"] in found
        assert ["node-name", "in the event BLOCK_IO_ERROR"] in found
        found = [line.split(maxsplit=1) for line in terminal.run("/search block-job-", PAUSED)]
        assert ["block-job-cancel", "command"] in found
        found = [line.split(maxsplit=1) for line in terminal.run("/search _job_c", PAUSED)]
        assert ["BLOCK_JOB_COMPLETED", "event"] in found
        found = [
            line.split(maxsplit=1) for line in terminal.run("/search BITMAP dirty add", PAUSED)
        ]
        assert found == [["block-dirty-bitmap-add", "command"]]
        assert terminal.run("/search nosuch", PAUSED) == ['nothing has "nosuch" in its name']
        assert terminal.run("/search", PAUSED) == [
            "/search needs a part of a name, such as /search bitmap"
        ]


def test_where_the_manual_is_looked_for(tmp_path: Path, manuals: Path) -> None:
    own = tmp_path / "qemu" / "share" / "man" / "man7" / "qemu-qmp-ref.7"
    own.parent.mkdir(parents=True)
    own.write_text(SINCE_10)
    by_path = {"PATH": f"relative:{tmp_path}/qemu/bin"}
    assert installed_manual(by_path).version == "10.0.99"
    assert installed_manual({"MANPATH": str(manuals), **by_path}).version == "7.2.99"
    assert installed_manual({"MANPATH": f"/nowhere:{manuals}"}).version == "7.2.99"
    assert installed_manual({"MANPATH": ":/nowhere", **by_path}).version == "10.0.99"
    for number, broken in enumerate((b"", b"no gzip", gzip.compress(SINCE_10.encode())[:-12])):
        page = tmp_path / str(number) / "man7" / "qemu-qmp-ref.7.gz"
        page.parent.mkdir(parents=True)
        page.write_bytes(broken)
        assert installed_manual({"MANPATH": str(tmp_path / str(number))}) is None


def test_the_bottom_line(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        state = r"QEMU \d+\.\d+\.\d+   (paused|prelaunch)"
        # A long address has only its end shown.
        address = rf"(/|…)\S*{re.escape(qemu.socket[-20:])}"
        machine = re.compile(state)
        alone = re.compile(f"{address} +{state}")
        terminal.wait(lambda: alone.fullmatch(terminal.bottom_line))
        terminal.type("set_link ")
        terminal.wait(lambda: terminal.bottom_line.startswith("set_link name=STRING up=BOOL  "))
        assert machine.search(terminal.bottom_line)
        assert terminal.bottom_line_mark == "name=STRING"
        terminal.type("name=x up")
        terminal.wait(lambda: terminal.bottom_line_mark == "up=BOOL")
        terminal.press("\x03", PAUSED)
        terminal.wait(lambda: alone.fullmatch(terminal.bottom_line))
        terminal.type("blockdev-add driver=qcow2 node-name=n backing")
        terminal.wait(lambda: terminal.bottom_line_mark == "[backing=OBJECT|STRING|NULL]")
        terminal.wait(lambda: "…   QEMU" in terminal.bottom_line)
        terminal.press("\x03", PAUSED)
        terminal.type('{"execute": "set_link", "arguments": {"up": ')
        terminal.wait(lambda: terminal.bottom_line_mark == "up=BOOL")
        terminal.press("\x03", PAUSED)
        terminal.type("nosuch x")
        terminal.wait_for_last_line(f"{PAUSED} nosuch x")
        terminal.wait(lambda: alone.fullmatch(terminal.bottom_line))


def test_without_a_schema_there_is_no_signature(simulate: Callable[..., Simulator]) -> None:
    silent = simulate(faults=Faults(held=frozenset({"query-qmp-schema"})))
    with open_shell(silent.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("set_link ")
        terminal.wait_for_last_line(f"{DEMO} set_link")
        assert "set_link" not in terminal.bottom_line


def test_a_hostile_schema_and_manual_harm_no_terminal(
    manuals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "x\x1b[2J\u202e\x07"
    schema = Schema(
        [
            {
                "name": evil,
                "meta-type": "command",
                "arg-type": "o",
                "ret-type": "e",
                "summary": evil,
                "since": evil,
            },
            {"name": "o", "meta-type": "object", "members": [{"name": evil, "type": "e"}]},
            {"name": "e", "meta-type": "enum", "values": [evil], "features": [evil]},
            {"name": "X", "meta-type": "event", "arg-type": "o", "features": [evil]},
        ]
    )
    page = manuals / "man7" / "qemu-qmp-ref.7.gz"
    page.write_bytes(gzip.compress(BEFORE_10.replace("thing", evil).encode()))
    monkeypatch.setenv("MANPATH", str(manuals))
    stream = io.StringIO()
    printer = Printer(stream, None)
    session = SimpleNamespace(
        printer=printer, output=LineOutput(printer, ""), schema=schema, server=Server()
    )
    for topic in (evil, "X", "device_add", f"{evil}{evil}"):
        show_topic(session, topic)
    show_search(session, "x")
    show_search(session, f"y{evil}")
    shown = stream.getvalue()
    assert "\\u001b" in shown
    assert not set(evil[1:]) & set(shown) - set("[2J")
