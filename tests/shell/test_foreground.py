"""Another program on our terminal, and the terminal after it."""

import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from qmpshell.errors import UsageError
from qmpshell.shell.foreground import run_in_foreground, status_text
from tests.terminal import Terminal


@pytest.mark.parametrize(
    ("command", "status", "text"),
    [
        ("exit 0", 0, "status 0"),
        ("exit 3", 3, "status 3"),
        (["false"], 1, "status 1"),
        ("kill -KILL $$", -9, "SIGKILL"),
        ("kill -40 $$", -40, "signal 40"),
        ("no-such-program-anywhere 2>/dev/null", 127, "status 127"),
    ],
)
def test_the_status(command: str | list[str], status: int, text: str) -> None:
    assert run_in_foreground(command) == status
    assert status_text(status) == text


def test_what_it_is_given(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert run_in_foreground(f"cat > {copy}", given=b"\0\xff\n" * 100_000) == 0
    assert copy.read_bytes() == b"\0\xff\n" * 100_000
    assert run_in_foreground(["tee", str(copy)], given=b"") == 0
    assert copy.read_bytes() == b""
    assert run_in_foreground("true", given=bytes(1_000_000)) == 0


def test_its_environment(tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    assert run_in_foreground(f"printf %s $WORD > {shown}", env={"WORD": "w"}) == 0
    assert shown.read_text() == "w"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["no-such-program"], "no-such-program can't be run: No such file or directory"),
        (["\x1b"], r"\u001b can't be run: No such file or directory"),
        (["a\0b"], r"a\u0000b can't be run: embedded null byte"),
        ("true \0", r"true \u0000 can't be run: embedded null byte"),
    ],
)
def test_what_cannot_be_run(command: str | list[str], reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        run_in_foreground(command)
    assert str(caught.value) == reason


def test_the_signals_are_as_they_were() -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTTOU)]
    run_in_foreground("true")
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTTOU)] == handlers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_our_own_end_while_a_program_begins(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    begun = []

    class Begun(subprocess.Popen):
        def __init__(self, *arguments: Any, **parameters: Any) -> None:
            super().__init__(*arguments, **parameters)
            begun.append(self)
            signal.raise_signal(number)

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    monkeypatch.setattr(subprocess, "Popen", Begun)
    before = signal.signal(number, end)
    try:
        with pytest.raises(SystemExit):
            run_in_foreground(["sleep", "1000"])
        (program,) = begun
        assert program.poll() is not None
        assert signal.getsignal(number) is end
    finally:
        signal.signal(number, before)
        for program in begun:
            program.kill()


def running(command: str | list[str], *behind: str) -> Terminal:
    """Run a command in the foreground of a terminal, and then further steps of Python."""
    steps = [
        "import os, subprocess, sys",
        "from qmpshell.shell.foreground import run_in_foreground, status_text",
        f"print(status_text(run_in_foreground({command!r})))",
        *behind,
    ]
    return Terminal([sys.executable, "-c", "\n".join(steps)])


def test_the_terminal_is_as_it_was() -> None:
    with running("stty raw -echo; exit 5", "subprocess.run(['stty', '-a'])") as terminal:
        terminal.wait_until_ended()
        assert "status 5" in terminal.text
        assert " icanon " in terminal.text
        assert " echo " in terminal.text


@pytest.mark.parametrize(("key", "name"), [("\x03", "SIGINT"), ("\x1c", "SIGQUIT")])
def test_keys_end_the_program_alone(key: str, name: str) -> None:
    command = ["sh", "-c", "ulimit -c 0; echo begun; exec sleep 1000"]
    with running(command, "print('we run on')") as terminal:
        terminal.wait_for("begun")
        terminal.type(key)
        assert terminal.wait_until_ended() == 0
        assert name in terminal.text
        assert "we run on" in terminal.text


def test_a_shell_that_took_the_terminal_and_was_killed() -> None:
    command = ["bash", "--norc", "-i", "-c", "set -m; kill -KILL $$"]
    behind = "assert os.tcgetpgrp(0) == os.getpgrp(); print(sys.stdin.readline())"
    with running(command, behind) as terminal:
        terminal.wait_for("SIGKILL")
        terminal.type("still ours\r")
        assert terminal.wait_until_ended() == 0
        assert terminal.lines.count("still ours") == 2


@pytest.mark.parametrize("text", ["", "x", "x" * 99, "x" * 100, "x\\n", "\\033[31mx"])
def test_what_follows_begins_a_line(text: str) -> None:
    with running(["printf", text]) as terminal:
        assert terminal.wait_until_ended() == 0
        shown = "x" * text.count("x")
        assert terminal.lines == ([shown] if shown else []) + ["status 0"]


def test_our_own_end_is_the_programs_as_well() -> None:
    steps = [
        "import signal, sys",
        "from qmpshell.shell.foreground import run_in_foreground",
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))",
        "run_in_foreground('stty -echo; echo pid $$ runs; exec sleep 1000')",
    ]
    script = f'{sys.executable} -c "$0"; echo status $?; stty -a'
    with Terminal(["sh", "-c", script, "\n".join(steps)]) as terminal:
        terminal.wait_for(" runs")
        pid = int(terminal.lines[0].split()[1])
        terminal.signal_children(signal.SIGTERM)
        terminal.wait_for("status 143")
        terminal.wait_for(" echo ")
        assert not Path(f"/proc/{pid}").exists()
