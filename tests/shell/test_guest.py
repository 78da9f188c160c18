"""A guest's agent at the prompt: a real qemu-ga in a real terminal, whose guest is this host."""

import contextlib
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.agents import OldAgent, RealAgent
from tests.client.agent.test_connecting import answer, guest_port
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = f"{platform.node()} agent>"


@contextlib.contextmanager
def shell(path: str, *options: str, prompt: str = PROMPT) -> Iterator[Terminal]:
    with Terminal(["qmp-shell", "--agent", *options, path]) as terminal:
        terminal.wait_for_last_line(prompt)
        yield terminal


def test_a_session(agent: RealAgent) -> None:
    with shell(agent.path) as terminal:
        assert terminal.lines[0].startswith("Guest agent ")
        assert terminal.lines[0].endswith(". Tab completes, /help helps, Ctrl-D leaves.")
        assert terminal.run("guest-ping", PROMPT) == ["{}"]
        assert terminal.run("guest-get-host-name", PROMPT) == [
            f'{{"host-name": "{platform.node()}"}}'
        ]
        terminal.wait(lambda: "guest agent " in terminal.bottom_line)
        # A long address has only its end shown.
        assert agent.path[-20:] in terminal.bottom_line
        assert terminal.run('{"execute": "guest-sync", "arguments": {"id": 7}}', PROMPT) == ["7"]
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0


def test_mistakes_are_marked_before_anything_is_sent(agent: RealAgent) -> None:
    with shell(agent.path) as terminal:
        margin = " " * (len(PROMPT) + 1)
        assert terminal.run("guest-pig", PROMPT) == [
            f"{margin}^^^^^^^^^ no such command; nearest: guest-ping, guest-info"
        ]
        assert terminal.run("guest-shutdown mode=now", PROMPT) == [
            f"{margin}                    ^^^ expected: halt, powerdown or reboot"
        ]


def test_commands_arguments_and_values_are_completed(tmp_path: Path) -> None:
    with RealAgent(tmp_path, "-b", "guest-get-disks") as agent, shell(agent.path) as terminal:
        terminal.type("guest-get-dis")
        terminal.wait_for("guest-get-disks")
        terminal.wait_for("disabled")
        terminal.type("\x15guest-exec ")
        terminal.wait(lambda: "path=STRING" in terminal.bottom_line)
        terminal.wait(lambda: terminal.bottom_line_mark == "path=STRING")
        terminal.type("cap")
        terminal.wait(lambda: "capture-output=" in terminal.lines[-1])
        terminal.type("\x15guest-shutdown mode=po")
        terminal.wait_for("powerdown")
        terminal.type("\x15/g")
        terminal.wait_for("copy a file from the guest")
        assert "/events" not in terminal.text


def test_what_ends_the_guest_is_asked_about(agent: RealAgent) -> None:
    with shell(agent.path) as terminal:
        terminal.type("guest-shutdown mode=reboot\r")
        terminal.wait_for(f"shuts down the guest of {platform.node()}: really? [y/N]")
        assert terminal.press("n\r", PROMPT)[-1] == "not sent"


def test_programs_are_run(agent: RealAgent, folder: Path) -> None:
    with shell(agent.path) as terminal:
        assert terminal.run("/run echo 'a  b' [c", PROMPT) == ["a  b [c"]
        line = "/run sh -c 'echo out; echo err >&2; exit 3'"
        assert terminal.run(line, PROMPT) == ["out", "err", "sh ended with status 3"]
        assert terminal.run("/run printf '\\033[31m\\n'", PROMPT) == ["\\u001b[31m"]
        assert terminal.run("/run seq 1000 | tail -n 1", PROMPT) == ["1000"]
        assert terminal.run("/run seq 3 > numbers", PROMPT) == []
        assert Path("numbers").read_text() == "1\n2\n3\n"
        assert terminal.run("/run --input numbers wc -l", PROMPT) == ["3"]
        said = "".join(terminal.run("/run no-such-program", PROMPT))
        assert "No such file or directory" in said
        assert "prompt itself reads" in terminal.run("/run --input - cat", PROMPT)[0]


def test_ctrl_c_gives_up_waiting_for_a_program_and_stays_in_step(agent: RealAgent) -> None:
    with shell(agent.path) as terminal:
        terminal.type("/run sleep 60\r")
        terminal.wait_for("sleep runs as process")
        terminal.type("\x03")
        terminal.wait_for("gave up waiting; sleep runs on in the guest as process")
        terminal.wait_for_last_line(PROMPT)
        assert terminal.lines[-3] == "^C"
        pid = terminal.lines[-2].rpartition(" ")[2]
        assert terminal.run(f"/run kill {pid}", PROMPT) == []
        assert terminal.run("/run echo x", PROMPT) == ["x"]


def test_files_are_copied(agent: RealAgent, folder: Path) -> None:
    Path("here").write_bytes(os.urandom(5_000_000))
    there = folder / "there"
    with shell(agent.path) as terminal:
        assert terminal.run(f"/put here {there}", PROMPT) == [f"saved {there} in the guest"]
        assert terminal.run(f"/put here {there}", PROMPT)[0].startswith(f"{there}: there is one")
        assert terminal.run(f"/get {there} back", PROMPT) == ["saved back (5,000,000 bytes)"]
        assert "--overwrite" in terminal.run(f"/get {there} back", PROMPT)[0]
        assert terminal.run("/get /etc/hostname -", PROMPT) == [platform.node()]
    assert Path("back").read_bytes() == Path("here").read_bytes()
    assert sorted(os.listdir()) == ["back", "here", "there"]


def test_ctrl_c_ends_a_copy_and_leaves_nothing(agent: RealAgent, folder: Path) -> None:
    Path("big").touch()
    os.truncate("big", 2 * 10**9)
    with shell(agent.path) as terminal:
        for line, name in ((f"/put big {folder}/there", "big"), (f"/get {folder}/big copy", "big")):
            terminal.type(line + "\r")
            terminal.wait(lambda name=name: f"{name} ░" in terminal.lines[-1])
            terminal.type("\x03")
            terminal.wait_for("gave up; there is no half file")
            terminal.wait_for_last_line(PROMPT)
            assert terminal.run("guest-ping", PROMPT) == ["{}"]
    assert os.listdir() == ["big"]
    assert not any(str(folder) in path for path in agent.open_files())


def test_an_agent_that_dies_and_comes_back(agent: RealAgent, tmp_path: Path) -> None:
    with shell(agent.path) as terminal:
        agent.kill()
        terminal.wait_for("the connection ended")
        terminal.wait_for_last_line(f"{platform.node()} agent disconnected>")
        assert terminal.run("/run ls", f"{platform.node()} agent disconnected>") == [
            "not connected; /reconnect, or Ctrl-D"
        ]
        os.unlink(agent.path)
        with RealAgent(Path(agent.path).parent):
            terminal.run("/reconnect", PROMPT)
            assert terminal.run("guest-ping", PROMPT) == ["{}"]


def test_a_guest_without_an_agent_is_waited_for(tmp_path: Path) -> None:
    path = f"{tmp_path}/port"
    with (
        RealQEMU(tmp_path, *guest_port(path)),
        Terminal(
            ["qmp-shell", "--agent", "--connect-timeout", "0.3", path], columns=250
        ) as terminal,
    ):
        terminal.wait_until_ended()
        assert "the agent isn't running in web1: install and start qemu-" in terminal.text


def test_what_belongs_to_a_monitor_and_what_to_an_agent(agent: RealAgent, qemu: RealQEMU) -> None:
    with shell(agent.path) as terminal:
        for command in ("events", "hmp", "jobs", "keys", "screen", "type"):
            (said,) = terminal.run(f"/{command}", PROMPT)
            assert said.endswith(f"/{command} is for QEMU's monitor, and this is a guest's agent")
        helped = terminal.run("/help", PROMPT)
        assert any(line.startswith("/run COMMAND") for line in helped)
        assert not any(line.startswith("/screen") for line in helped)
    prompt = "web1 prelaunch>"
    with Terminal(["qmp-shell", qemu.socket]) as terminal:
        terminal.wait_for_last_line(prompt)
        (said,) = terminal.run("/run ls", prompt)
        assert said.endswith("/run needs the guest's agent: qmp-shell --agent ADDRESS")
        assert not any(line.startswith("/run") for line in terminal.run("/help", prompt))


def test_help_knows_what_no_agent_tells(agent: RealAgent) -> None:
    with shell(agent.path) as terminal:
        said = terminal.run("/help guest-exec-status", PROMPT)
        assert said[0] == "guest-exec-status pid=INT"
        assert (
            "  Tells whether a program that guest-exec started has ended, how, and what it"
            in (said[2])
        )
        assert terminal.run("/search crypted", PROMPT) == [
            "crypted                               argument of guest-set-user-password"
        ]


def test_an_old_agent_that_refuses_ids(tmp_path: Path) -> None:
    prompt = "guest agent>"
    with OldAgent(tmp_path, answer) as old, shell(old.path, prompt=prompt) as terminal:
        assert terminal.run("guest-ping", prompt) == ["{}"]
        assert terminal.run("guest-vanish", prompt) == ["{}"]
        assert terminal.run("guest-ping", prompt) == ["{}"]


def test_passwords_and_programs_with_them_are_not_kept(agent: RealAgent, home: Path) -> None:
    with shell(agent.path) as terminal:
        terminal.run(
            "guest-set-user-password username=nobody-here password=c2VjcmV0 crypted=x", PROMPT
        )
        terminal.run("/run echo --password c2VjcmV0", PROMPT)
        terminal.run("/run echo kept", PROMPT)
    kept = (home / ".local/state/qmpshell/history").read_text()
    assert "c2VjcmV0" not in kept
    assert "/run echo kept" in kept


def test_what_is_frozen_enables_fewer_commands(tmp_path: Path) -> None:
    frozen = False

    def freezing(request: dict[str, Any]) -> Any:
        nonlocal frozen
        match request["execute"]:
            case "guest-fsfreeze-freeze" | "guest-fsfreeze-thaw" as command:
                frozen = command == "guest-fsfreeze-freeze"
                return {"return": 1}
            case "guest-info":
                names = ("guest-exec", "guest-fsfreeze-freeze", "guest-fsfreeze-thaw")
                commands = [
                    {"name": name, "enabled": "freeze" in name or not frozen} for name in names
                ]
                return {"return": {"version": "7.2.0", "supported_commands": commands}}
        return {"return": {}}

    prompt = "guest agent>"
    with (
        OldAgent(tmp_path, freezing, takes_ids=True) as agent,
        shell(agent.path, prompt=prompt) as terminal,
    ):
        for command, disabled in (("freeze", True), ("thaw", False)):
            assert terminal.run(f"guest-fsfreeze-{command}", prompt) == ["1"]
            helped = terminal.run("/help guest-exec", prompt)
            assert any("disabled in this guest" in line for line in helped) is disabled


def test_an_agent_is_waited_for(tmp_path: Path) -> None:
    path = str(tmp_path / "agent")
    with Terminal(["qmp-shell", "--agent", "--reconnect", path]) as terminal:
        terminal.wait_for_last_line("guest agent waiting>")
        assert not any(
            line.startswith("/screen") for line in terminal.run("/help", "guest agent waiting>")
        )
        with RealAgent(tmp_path):
            terminal.wait_for_last_line(PROMPT)
            terminal.wait_for("connected: guest agent ")
            # What is told of it draws the prompt again.
            terminal.type("/run echo x\r")
            terminal.wait(lambda: "x" in terminal.lines)
