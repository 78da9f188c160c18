"""A command that hangs in QEMU: it is given up, freed out of band, and all is in step again."""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import qmpshell
from qmpshell.client.client import MOST_IN_FLIGHT
from qmpshell.errors import TimedOut
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.overdue import Late
from qmpshell.shell.printer import Printer
from qmpshell.shell.rescue import offers, rescue, tell
from qmpshell.shell.session import Session
from tests.real_nbd import RealNBD
from tests.real_qemu import RealQEMU
from tests.terminal import PATIENCE, Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "web1 prelaunch>"
OPEN_REMOTE = {"driver": "qcow2", "node-name": "disk", "file": "remote"}
HANGS = "blockdev-add driver=qcow2 node-name=disk file=remote"
YANK = 'yank instances=[{"node-name": "remote", "type": "block-node"}] --oob'
GIVEN_UP = ["^C", "gave up waiting; a reply that still comes is dropped"]
OFFERED = [
    "blockdev-add still runs in QEMU, and others wait for it; what may free it:",
    f"/rescue 1  {YANK}",
]


@pytest.fixture
def qemu_and_silence(qemu: RealQEMU, tmp_path: Path) -> Iterator[RealQEMU]:
    """A QEMU with a node on an NBD server that has fallen silent: to read from it hangs."""
    with RealNBD(tmp_path) as nbd:
        with qmpshell.connect(qemu.sockets[1]) as client:
            server = {"type": "unix", "path": nbd.socket}
            client.execute("blockdev-add", {"node-name": "remote"}, driver="nbd", server=server)
        nbd.fall_silent()
        yield qemu


def give_up(terminal: Terminal, line: str, count: int = 1) -> list[str]:
    """Run a line, and press Ctrl-C when it has been sent; return what is said then."""
    terminal.type(line + "\r")
    sent = f'-> {{"execute": "{line.split()[0]}"'
    terminal.wait(lambda: terminal.text.count(sent) == count)
    terminal.press("\x03", PROMPT)
    said = terminal.lines[:-1]
    return said[len(said) - said[::-1].index("^C") - 1 :]


def test_what_hangs_is_freed_by_the_line_that_is_offered(qemu_and_silence: RealQEMU) -> None:
    with Terminal(["qmp-shell", "-v", qemu_and_silence.socket], columns=160) as terminal:
        terminal.wait_for_last_line(PROMPT)
        assert give_up(terminal, HANGS) == [*GIVEN_UP, *OFFERED]
        terminal.wait(lambda: "blockdev-add unanswered" in terminal.bottom_line)
        assert give_up(terminal, "query-status") == [*GIVEN_UP, *OFFERED]
        assert "blockdev-add hasn't been answered for " in terminal.text
        said, offered = terminal.run("/rescue", PROMPT)
        assert said.startswith("blockdev-add hasn't been answered for ")
        assert offered == OFFERED[1]
        (said,) = terminal.run("/rescue 2", PROMPT)
        assert said.endswith("^ a number from 1 to 1 is expected")
        assert terminal.run("/rescue 1", PROMPT)[0] == YANK
        terminal.wait_for("blockdev-add, given up, has ended after ")
        terminal.wait_for("s: GenericError: Could not read qcow2 header: Input/output error")
        terminal.wait_for("query-status, given up, has ended after ")
        terminal.wait(lambda: "unanswered" not in terminal.bottom_line)
        assert terminal.run("query-name", PROMPT)[-1] == '{"name": "web1"}'


def test_however_many_lines_wait_it_can_be_freed(qemu_and_silence: RealQEMU) -> None:
    with Terminal(["qmp-shell", "-v", qemu_and_silence.socket], columns=160) as terminal:
        terminal.wait_for_last_line(PROMPT)
        give_up(terminal, HANGS)
        for count in range(1, MOST_IN_FLIGHT):
            give_up(terminal, "query-name", count)
        # What the prompt itself would like to know must not take the last places.
        terminal.type("blockdev-del node-name=rem\t")
        terminal.wait_for("blockdev-del node-name=rem")
        terminal.press("\x03", PROMPT)
        *_, said = terminal.run("query-name", PROMPT)
        assert said.startswith(f"not sent: {MOST_IN_FLIGHT} commands wait in QEMU")
        terminal.run(YANK, PROMPT)
        terminal.wait(lambda: terminal.text.count("query-name, given up, has ended") == count)
        assert terminal.run("query-name", PROMPT)[-1] == '{"name": "web1"}'


def test_where_there_is_nothing_to_cut_it_says_what_overtakes(
    qemu: RealQEMU, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qmpshell.shell.overdue.LONG_SECONDS", 0)
    monkeypatch.setenv("COLUMNS", "120")
    printer = Printer(sys.stdout, None)
    with (
        qmpshell.connect(qemu.socket) as client,
        contextlib.closing(Session(lambda: client, printer, ShellOptions())) as session,
    ):
        session.connection.begin()
        client.wait(lambda: session.server.complete, timeout=PATIENCE)
        rescue(session, "")
        those = "migrate-pause, migrate-recover, query-yank, yank"
        nothing = f"nothing to yank; with --oob, these overtake others: {those}\n"
        assert capsys.readouterr().out == nothing
        late, _ = session.overdue.sending({"execute": "pmemsave"})
        session.overdue.add(late)
        tell(session)
        assert capsys.readouterr().out == (
            f"pmemsave still runs in QEMU, and others wait for it\n{nothing}"
        )


def test_from_python(qemu_and_silence: RealQEMU) -> None:
    with qmpshell.connect(qemu_and_silence.socket) as machine:
        with pytest.raises(TimedOut, match="blockdev-add: no reply"):
            machine.execute("blockdev-add", OPEN_REMOTE, timeout=0.1)
        instances = machine.execute("query-yank", oob=True)
        remote = [entry for entry in instances if entry["type"] == "block-node"]
        assert machine.execute("yank", instances=remote, oob=True) == {}
        assert machine.execute("query-name") == {"name": "web1"}


def test_without_out_of_band_that_is_said(simulate: Any) -> None:
    with Terminal(["qmp-shell", "-N", str(simulate().path)]) as terminal:
        terminal.wait_for_last_line("QEMU>")
        said = "nothing goes out of band here, so nothing can overtake it"
        assert terminal.run("/rescue", "QEMU>") == [said]
        *_, said = terminal.run("query-yank --oob", "QEMU>")
        assert "^^^^^ nothing can go out of band here" in said


MONITOR = {"type": "chardev", "id": "compat_monitor0"}
SERIAL = {"type": "chardev", "id": "serial0"}
NODES = [{"type": "block-node", "node-name": name} for name in ("a", "b")]


def yank(instance: str) -> str:
    return f"yank instances=[{instance}] --oob"


@pytest.mark.parametrize(
    ("instances", "arguments", "lines"),
    [
        ([], {}, []),
        ([MONITOR, {"type": "new"}, {}], {}, []),
        (
            [SERIAL, *NODES],
            {"node-name": "disk", "file": {"driver": "raw", "file": "b"}},
            [
                yank('{"node-name": "b", "type": "block-node"}'),
                yank('{"node-name": "a", "type": "block-node"}'),
                yank('{"id": "serial0", "type": "chardev"}'),
            ],
        ),
        (
            [{"type": "migration"}],
            None,
            ["migrate-pause --oob", yank('{"type": "migration"}')],
        ),
    ],
)
def test_what_is_offered(
    instances: list[Mapping[str, str]], arguments: dict[str, Any] | None, lines: list[str]
) -> None:
    members = {"execute": "blockdev-add", "arguments": arguments}
    assert offers(instances, Late(members, 0.0)) == lines
    assert len(offers(instances, None)) == len(lines)
