"""Programs in the guest, on a real agent."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest

import qmpshell
from qmpshell.client.agent.client import AgentClient
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import CommandError, ProtocolError, TimedOut
from tests.agents import OldAgent, RealAgent, when
from tests.standing_time import let_time_pass_once


def test_output_errors_and_status(guest: AgentClient) -> None:
    done = guest.run("sh", "-c", "echo out; echo err >&2; exit 3")
    assert done == (3, None, b"out\n", b"err\n", False)


def test_arguments_are_given_as_they_are(guest: AgentClient) -> None:
    done = guest.run("printf", "<%s>", "a b", "$HOME", "", "'\"\\", "ä€")
    assert done.output.decode() == "<a b><$HOME><><'\"\\><ä€>"


def test_input_and_output_may_be_any_bytes(guest: AgentClient) -> None:
    every = bytes(range(256)) * 500
    assert guest.run("cat", input=every).output == every


def test_the_environment(guest: AgentClient) -> None:
    assert guest.run("/usr/bin/env", env={"A": "1=2", "B": ""}).output == b"A=1=2\nB=\n"


def test_a_program_that_a_signal_ends(guest: AgentClient) -> None:
    assert guest.run("sh", "-c", "kill -9 $$")[:2] == (None, 9)


def test_what_is_too_much_is_cut_and_said_so(guest: AgentClient) -> None:
    done = guest.run("head", "-c", "17000000", "/dev/zero")
    assert done.truncated
    assert done.output == bytes(16 * 2**20)


def test_a_program_that_there_isnt(guest: AgentClient) -> None:
    with pytest.raises(CommandError, match="No such file"):
        guest.run("no-such-program")
    assert guest.execute("guest-ping") == {}


def test_what_takes_too_long_runs_on_and_can_be_found(
    guest: AgentClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    let_time_pass_once(monkeypatch, lambda: started)
    with pytest.raises(TimedOut, match=r"not ended in 0\.1 s; it runs on .* as process \d+"):
        guest.run("sleep", "60", timeout=0.1, on_started=started.append)
    (pid,) = started
    assert guest.execute("guest-exec-status", pid=pid) == {"exited": False}
    assert guest.run("kill", str(pid)).status == 0


def test_ctrl_c_leaves_the_connection_in_step(agent: RealAgent) -> None:
    interrupt = Interrupt()
    on_traffic = when("guest-exec-status", 3, interrupt.set)
    started: list[int] = []
    with qmpshell.connect(agent.path, agent=True, traffic=on_traffic) as guest:
        guest.heed(interrupt)
        with pytest.raises(KeyboardInterrupt):
            guest.run("sleep", "60", on_started=started.append)
        assert guest.run("kill", str(started[0])).status == 0
        assert guest.run("echo", "x").output == b"x\n"


@pytest.mark.parametrize(
    "status",
    [
        None,
        [],
        {},
        {"exited": 1},
        {"exited": True, "out-data": 5},
        {"exited": True, "out-data": "not base64"},
        {"exited": True, "err-data": "YWJ"},
    ],
)
def test_a_reply_that_no_agent_gives(tmp_path: Path, status: Any) -> None:
    def answer(request: dict[str, Any]) -> Any:
        return {"return": {"pid": 1} if request["execute"] == "guest-exec" else status}

    with (
        OldAgent(tmp_path, answer, takes_ids=True) as strange,
        qmpshell.connect(strange.path, agent=True) as guest,
        pytest.raises(ProtocolError, match="guest-exec-status returned what no guest agent"),
    ):
        guest.run("x")


def test_numbers_that_no_program_ends_with(tmp_path: Path) -> None:
    status = {"exited": True, "exitcode": "3", "signal": [], "out-data": ""}

    def answer(request: dict[str, Any]) -> Any:
        return {"return": {"pid": 1} if request["execute"] == "guest-exec" else status}

    with (
        OldAgent(tmp_path, answer, takes_ids=True) as strange,
        qmpshell.connect(strange.path, agent=True) as guest,
    ):
        assert guest.run("x") == (None, None, b"", b"", False)


def test_input_is_sent_in_base64(tmp_path: Path) -> None:
    def answer(request: dict[str, Any]) -> Any:
        return {"return": {"pid": 1, "exited": True}}

    with (
        OldAgent(tmp_path, answer, takes_ids=True) as strange,
        qmpshell.connect(strange.path, agent=True) as guest,
    ):
        guest.run("x", input=os.fsencode("ä"))
    sent = next(r for r in strange.received if r["execute"] == "guest-exec")
    assert base64.b64decode(sent["arguments"]["input-data"]) == b"\xc3\xa4"
