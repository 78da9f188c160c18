"""``!``: commands of the operating system, on the shell's own terminal."""

import os
from pathlib import Path

import pytest

import qmpshell
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "web1 prelaunch>"


def open_shell(socket: str, *options: str, **terminal: int) -> Terminal:
    terminal_ = Terminal(["qmp-shell", *options, socket], **terminal)
    terminal_.wait(lambda: terminal_.lines and terminal_.lines[-1].endswith("prelaunch>"))
    return terminal_


def test_a_command_and_how_it_ended(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("!printf 'a  b\\n' | tr a-z A-Z", PROMPT) == ["A  B"]
        assert terminal.run("! printf unfinished; exit 3", PROMPT) == [
            "unfinished",
            "! ended with status 3",
        ]
        assert terminal.run("!kill -KILL $$", PROMPT) == ["! ended with SIGKILL"]
        assert terminal.run("!no-such-program 2>/dev/null", PROMPT) == ["! ended with status 127"]
        assert terminal.run("query-name", PROMPT) == ['{"name": "web1"}']


def test_it_reads_from_the_terminal(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.type("!echo begun; read line; echo got $line\r")
        terminal.wait_for("\nbegun")
        terminal.type("one two\r")
        terminal.wait_for("\ngot one two")
        terminal.wait_for_last_line(PROMPT)


def test_ctrl_c_ends_the_command_and_nothing_else(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.type("!echo begun; exec sleep 1000\r")
        terminal.wait_for("\nbegun")
        assert terminal.press("\x03", PROMPT)[-1] == "! ended with SIGINT"
        assert terminal.run("query-name", PROMPT) == ['{"name": "web1"}']


def test_events_wait_until_it_has_ended(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        terminal.type("!echo begun; read line; echo ended\r")
        terminal.wait_for("\nbegun")
        for _ in range(100):
            other.execute("cont")
            other.execute("stop")
        terminal.type("\r")
        terminal.wait(lambda: sum(line.endswith("  STOP") for line in terminal.lines) == 100)
        terminal.wait_for_last_line("web1 paused>")
        behind = terminal.lines[terminal.lines.index("ended") + 1 :]
        names = [line.split()[-1] for line in behind if line.endswith(("STOP", "RESUME"))]
        assert names == ["RESUME", "STOP"] * 100


def test_alone_it_is_the_persons_own_shell(qemu: RealQEMU, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.setenv("PS1", "inner> ")
    with open_shell(qemu.socket) as terminal:
        terminal.type("!\r")
        terminal.wait_for_last_line("inner>")
        terminal.type("echo $((6 * 7)); exit 1\r")
        terminal.wait_for("\n42\n")
        terminal.wait_for_last_line(PROMPT)
        assert terminal.run("query-name", PROMPT) == ['{"name": "web1"}']
    monkeypatch.setenv("SHELL", "/no/such/shell")
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("!", PROMPT) == [
            "/no/such/shell can't be run: No such file or directory"
        ]


def test_in_hmp_and_in_the_history(qemu: RealQEMU, home: Path) -> None:
    with open_shell(qemu.socket, "-H") as terminal:
        prompt = "web1 hmp prelaunch>"
        assert terminal.run("!echo 'set_password vnc' hunter2", prompt) == [
            "set_password vnc hunter2"
        ]
        assert terminal.run("!echo $((6 * 7))", prompt) == ["42"]
    history = (home / ".local/state/qmpshell/history").read_text()
    assert "+!echo $((6 * 7))" in history
    assert "hunter2" not in history


def test_tab_completes_programs_and_paths(
    qemu: RealQEMU, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "bin" / "my-own-program"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ncat "$1"\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:{program.parent}:{os.environ['PATH']}")
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "it's").write_text("found\n")
    with open_shell(qemu.socket) as terminal:
        terminal.type("!my-own-\t")
        terminal.wait_for(f"{PROMPT} !my-own-program")
        terminal.type(" a\\ f\t")
        terminal.wait_for(f"{PROMPT} !my-own-program a\\ folder/")
        terminal.type("i\t")
        terminal.wait_for(f"{PROMPT} !my-own-program a\\ folder/it\\'s")
        assert terminal.press("\r", PROMPT)[-1] == "found"
        terminal.run("query-name", PROMPT)
        terminal.type("/save a\t")
        terminal.wait_for(f'{PROMPT} /save "a folder/')
        terminal.type("i\t")
        terminal.wait_for(f'{PROMPT} /save "a folder/it\'s"')
        assert "there is one already" in terminal.press("\r", PROMPT)[-1]
        terminal.type("/save --output ta")
        terminal.wait(lambda: terminal.lines[-1].strip() == "table")
        terminal.type("\t")
        terminal.wait_for(f"{PROMPT} /save --output table")
