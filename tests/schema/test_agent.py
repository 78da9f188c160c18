"""The guest agent's commands, as they are written down."""

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from qmpshell.errors import LineError
from qmpshell.language import bind, parse
from qmpshell.schema import ObjectType, Schema
from qmpshell.schema.agent import agent_schema
from qmpshell.schema.outline import outline

DATA = Path(__file__).parents[1] / "data"
INFO = json.loads((DATA / "qga-7.2-guest-info.json").read_text())["return"]
COMMANDS = {command["name"]: command["enabled"] for command in INFO["supported_commands"]}
WRITTEN_DOWN = json.loads(
    resources.files("qmpshell.schema").joinpath("guest-agent.json").read_text()
)


def schema(version: str = "7.2.22", commands: Mapping[str, bool] = COMMANDS) -> Schema:
    return agent_schema(version, commands)


def arguments(schema: Schema, name: str) -> list[str]:
    command = schema.command(name)
    assert command
    return [f"{'*' * member.optional}{member.name}" for member in command.arguments.members]


def sent(line: str, **parameters: Any) -> Any:
    command = parse(line)
    assert command
    return bind(command, schema(**parameters)).members["arguments"]  # type: ignore[arg-type]


def test_all_commands_of_an_agent_are_there_and_no_others() -> None:
    assert schema().commands == tuple(sorted(COMMANDS))
    assert schema().events == ()


def test_all_commands_of_a_recorded_agent_are_written_down() -> None:
    for name in COMMANDS:
        command = schema().command(name)
        assert command
        assert command.summary
        assert command.since
        assert not command.arguments.open


def test_each_type_that_is_mentioned_is_written_down_and_each_is_mentioned() -> None:
    names = {entry["name"] for entry in WRITTEN_DOWN}
    assert len(names) == len(WRITTEN_DOWN)
    mentioned = set()
    for entry in WRITTEN_DOWN:
        mentioned |= {entry.get(key) for key in ("arg-type", "ret-type", "element-type")}
        mentioned |= {member.get("type") for member in entry.get("members", [])}
        mentioned |= {variant["type"] for variant in entry.get("variants", [])}
    commands = {entry["name"] for entry in WRITTEN_DOWN if entry["meta-type"] == "command"}
    assert mentioned - {None} == names - commands


def test_all_of_it_can_be_read() -> None:
    names = {entry["name"]: True for entry in WRITTEN_DOWN if entry["meta-type"] == "command"}
    whole = schema("99", names)
    for name in whole.commands:
        command = whole.command(name)
        assert command
        assert list(outline(command.arguments)) or not command.arguments.members
        if isinstance(command.returns, ObjectType):
            assert not command.returns.open


def test_a_disabled_command_is_marked() -> None:
    found = schema(commands={"guest-exec": False, "guest-ping": True})
    marks = {name: command.features for name in found.commands if (command := found.command(name))}
    assert marks == {"guest-exec": ("disabled",), "guest-ping": ()}


@pytest.mark.parametrize("name", ["guest-later", "str", "nothing", "[str]", ""])
def test_of_a_command_that_is_not_written_down_nothing_is_known(name: str) -> None:
    command = schema(commands={name: True}).command(name)
    assert command
    assert command.arguments.open
    assert command.arguments.members == ()


@pytest.mark.parametrize(
    ("version", "takes_a_mode"),
    [
        *[("7.2.22", False), ("2.12.0", False), ("8.0", True), ("10.0.3", True)],
        *[("105.0.2", True), ("", True), ("nonsense", True), ("9" * 5000, True)],
    ],
)
def test_what_an_argument_takes_goes_by_the_version(version: str, takes_a_mode: bool) -> None:
    line = "guest-exec path=ls capture-output={}"
    assert sent(line.format("true"), version=version)["capture-output"] is True
    assert arguments(schema(version), "guest-exec").count("*capture-output") == 1
    if takes_a_mode:
        assert sent(line.format("merged"), version=version)["capture-output"] == "merged"
    else:
        with pytest.raises(LineError, match="a boolean is expected"):
            sent(line.format("merged"), version=version)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("guest-exec ls arg=['-l','/']", {"path": "ls", "arg": ["-l", "/"]}),
        ("guest-exec-status 123", {"pid": 123}),
        ("guest-file-open /etc/123 r", None),
        ("guest-file-open /etc/123 mode=r", {"path": "/etc/123", "mode": "r"}),
        ("guest-file-seek 1000 0 end", {"handle": 1000, "offset": 0, "whence": "end"}),
        ("guest-file-seek 1000 0 2", {"handle": 1000, "offset": 0, "whence": 2}),
        ("guest-file-open path=x mode=q", None),
        ("guest-shutdown mode=now", None),
        ("guest-set-vcpus vcpus.0.logical-id=1 vcpus.0.online=off",
         {"vcpus": [{"logical-id": 1, "online": False}]}),
        ("guest-set-user-password root password=cGFzcw== crypted=off",
         {"username": "root", "password": "cGFzcw==", "crypted": False}),
        ("guest-file-read handl=1000", None),
        ("guest-ping x=1", None),
    ],
)  # fmt: skip
def test_lines_are_read_and_checked_by_it(line: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(LineError):
            sent(line)
    else:
        assert sent(line) == expected
