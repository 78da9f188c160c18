"""Connecting to a guest agent, and why that doesn't come about."""

import re
import socket
from pathlib import Path
from typing import Any

import pytest

import qmpshell
from qmpshell.address import parse_address
from qmpshell.client.connect import attempt_in_steps
from qmpshell.client.introspection import fetch_command_names, fetch_schema
from qmpshell.errors import CommandError, ConnectError, NoAgent, NotAgent
from qmpshell.protocol.agent import AgentConnection
from tests.agents import OldAgent, Port, RealAgent
from tests.processes import stop
from tests.real_qemu import RealQEMU
from tests.standing_time import let_time_pass_once
from tests.strangers import stranger

INFO = {"return": {"version": "2.12.0", "supported_commands": [
    {"name": "guest-ping", "enabled": True},
    {"name": "guest-info", "enabled": True, "success-response": True},
    {"name": "guest-exec", "enabled": False, "success-response": True},
    {"name": "guest-vanish", "enabled": True, "success-response": False},
]}}  # fmt: skip
REFUSED = {"error": {"class": "CommandNotFound", "desc": "has been disabled"}}


def answer(request: dict[str, Any]) -> Any:
    match request["execute"]:
        case "guest-info":
            return INFO
        case "guest-vanish" | "guest-shutdown":
            return None
        case "guest-exec":
            return REFUSED
    return {"return": {}}


def guest_port(path: str) -> tuple[str, ...]:
    return (
        *("-chardev", f"socket,id=q,path={path},server=on,wait=off", "-device", "virtio-serial"),
        *("-device", "virtserialport,chardev=q,name=org.qemu.guest_agent.0"),
    )


def diagnosis(address: str, kind: type[ConnectError] = NoAgent) -> str:
    # Silence can be waited for; whoever says something has all the time that this takes.
    with pytest.raises(kind) as caught:
        qmpshell.connect(address, agent=True, timeout=0.3 if kind is NoAgent else 30)
    return str(caught.value)


def test_an_agent_says_what_it_is(agent: RealAgent) -> None:
    with qmpshell.connect(agent.path, agent=True) as guest:
        info = guest.agent_info
        assert info
        assert re.match(r"\d+\.\d+\.\d+", info.version)
        assert info.commands["guest-ping"] is True
        assert "guest-shutdown" in info.unanswered
        assert guest.allows("guest-ping", "guest-exec")
        assert not guest.allows("guest-nope")
        assert guest.greeting is None
        assert guest.execute("guest-ping") == {}


def test_all_commands_of_a_real_agent_are_written_down(agent: RealAgent) -> None:
    with qmpshell.connect(agent.path, agent=True) as guest:
        schema = fetch_schema(guest)
        assert schema
        names = fetch_command_names(guest)
        assert sorted(names) == list(schema.commands)
        for name in names:
            command = schema.command(name)
            assert command
            assert command.summary, name


def test_what_the_client_before_left_half_sent_is_forgotten(agent: RealAgent) -> None:
    for half in (b'{"execute": "guest-', b'{"execute": "guest-ping", "arguments": {"x": [[', b'"'):
        with socket.socket(socket.AF_UNIX) as leaving:
            leaving.connect(agent.path)
            leaving.sendall(half)
        with qmpshell.connect(agent.path, agent=True) as guest:
            assert guest.execute("guest-ping") == {}


def test_what_was_meant_for_the_clients_before_is_not_taken(
    agent: RealAgent, tmp_path: Path
) -> None:
    """As in a guest, whose agent doesn't know that clients come and go."""
    with Port(tmp_path, agent) as port:
        for left in (
            b'{"execute": "guest-info"}\n' * 3,
            b'{"execute": "guest-sync-delimited", "arguments": {"id": 7}}\n{"execute": ',
            b'{"execute": "guest-get-osinfo", "arguments": {"a": "b',
        ):
            with socket.socket(socket.AF_UNIX) as leaving:
                leaving.connect(port.path)
                leaving.sendall(left)
            with qmpshell.connect(port.path, agent=True) as guest:
                assert guest.execute("guest-sync", id=5) == 5


def test_disabled_commands_are_told(tmp_path: Path) -> None:
    with (
        RealAgent(tmp_path, "-b", "guest-exec,guest-get-time") as agent,
        qmpshell.connect(agent.path, agent=True) as guest,
    ):
        assert not guest.allows("guest-exec")
        schema = fetch_schema(guest)
        assert schema
        command = schema.command("guest-get-time")
        assert command
        assert command.features == ("disabled",)
        with pytest.raises(CommandError, match="disabled"):
            guest.execute("guest-get-time")


def test_in_steps(agent: RealAgent) -> None:
    steps = attempt_in_steps(parse_address(agent.path), timeout=10, agent=True)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            with done.value as guest:
                assert guest.agent_info.version
                assert guest.execute("guest-ping") == {}
            return


def test_an_agent_that_refuses_ids_gets_none(tmp_path: Path) -> None:
    with OldAgent(tmp_path, answer) as old, qmpshell.connect(old.path, agent=True) as guest:
        assert guest.agent_info
        assert guest.agent_info.version == "2.12.0"
        assert guest.execute("guest-ping") == {}
        with pytest.raises(CommandError, match="disabled"):
            guest.execute("guest-exec", path="x")
        assert guest.execute("guest-ping") == {}
    assert ["id" in request for request in old.received] == [False, True, *[False] * 4]


@pytest.mark.parametrize("takes_ids", [False, True])
def test_what_isnt_answered_is_not_waited_for(tmp_path: Path, takes_ids: bool) -> None:
    with (
        OldAgent(tmp_path, answer, takes_ids=takes_ids) as old,
        qmpshell.connect(old.path, agent=True) as guest,
    ):
        for command in ("guest-shutdown", "guest-vanish"):
            assert guest.execute(command) == {}
            assert guest.execute("guest-info")["version"] == "2.12.0"


def test_what_isnt_answered_may_fail_still(agent: RealAgent) -> None:
    with qmpshell.connect(agent.path, agent=True) as guest:
        with pytest.raises(CommandError, match="mode is invalid"):
            guest.execute("guest-shutdown", mode="sideways")
        assert guest.execute("guest-ping") == {}


@pytest.mark.parametrize(
    "info",
    [
        REFUSED,
        {"return": None},
        {"return": {}},
        {"return": {"version": 7, "supported_commands": {}}},
        {"return": {"supported_commands": [1, {}, {"name": 5}]}},
    ],
)
def test_an_agent_that_doesnt_say_what_it_is(tmp_path: Path, info: Any) -> None:
    def says(request: dict[str, Any]) -> Any:
        return info if request["execute"] == "guest-info" else {"return": {}}

    with (
        OldAgent(tmp_path, says, takes_ids=True) as old,
        qmpshell.connect(old.path, agent=True) as guest,
    ):
        assert guest.agent_info
        assert guest.agent_info.version == ""
        assert guest.allows("guest-exec")
        schema = fetch_schema(guest)
        assert schema
        assert "guest-exec" in schema.commands


def test_a_port_without_an_agent(tmp_path: Path) -> None:
    path = f"{tmp_path}/port"
    with RealQEMU(tmp_path, *guest_port(path)):
        assert diagnosis(path) == (
            f"unix:{path}: connected, but no guest agent answers;"
            " the agent isn't running in web1: install and start qemu-guest-agent there"
        )


def test_an_agent_that_serves_another_client(agent: RealAgent) -> None:
    with qmpshell.connect(agent.path, agent=True):
        assert re.search(r"; \S+ \(\d+\) holds it, .*: end that$", diagnosis(agent.path))


def test_an_agent_that_is_stopped(agent: RealAgent) -> None:
    stop(agent.process.pid)
    assert f"kill -CONT {agent.process.pid}" in diagnosis(agent.path)


def test_a_qmp_monitor_is_no_agent(qemu: RealQEMU) -> None:
    text = diagnosis(qemu.socket, NotAgent)
    assert text == f"unix:{qemu.socket}: a QMP monitor, and no guest agent; leave out --agent"


def test_an_ssh_server_is_no_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{tmp_path}/other"
    heard: list[bytes] = []
    hear = AgentConnection.receive

    def receive(connection: AgentConnection, data: bytes) -> None:
        hear(connection, data)
        heard.append(data)

    monkeypatch.setattr(AgentConnection, "receive", receive)
    # An agent may have to say something before it answers, so all the time has to pass.
    let_time_pass_once(monkeypatch, lambda: heard)
    with stranger(path, b"SSH-2.0-OpenSSH_9.2p1\r\n"):
        assert "no guest agent: 'SSH-2" in diagnosis(path, NotAgent)
        assert diagnosis(path, NoAgent)


def test_an_agent_that_ends_meanwhile(tmp_path: Path) -> None:
    path = f"{tmp_path}/other"
    with stranger(path, b"", stays=False):
        text = diagnosis(path, ConnectError)
    assert "before a guest agent answered" in text
