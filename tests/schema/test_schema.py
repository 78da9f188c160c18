"""The model, over what real servers of 7.2 and 10.0 answered, and over what none would."""

import copy
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.schema import (
    AlternateType,
    ArrayType,
    BuiltinType,
    EnumType,
    Kind,
    ObjectType,
    Schema,
    Type,
)
from qmpshell.schema.types import is_deprecated, is_unstable
from tests.schema.recorded import VERSIONS, entries, schema


def members(command: str, version: str = "7.2", case: str | None = None) -> dict[str, Type]:
    found = schema(version).command(command)
    assert found
    return {member.name: member.type for member in found.arguments.members_for(case)}


def walk(type_: Type, depth: int) -> int:
    """Read everything below a type; return how much that was."""
    if depth == 0:
        return 1
    match type_:
        case ArrayType():
            return 1 + walk(type_.element, depth - 1)
        case AlternateType():
            return 1 + sum(walk(choice, depth - 1) for choice in type_.choices)
        case ObjectType():
            below = [member.type for member in type_.members]
            return 1 + sum(walk(found, depth - 1) for found in [*below, *type_.variants.values()])
    return 1


def walk_all(model: Schema, depth: int = 3) -> None:
    for name in model.commands:
        command = model.command(name)
        assert command
        assert is_deprecated(command) in (True, False)
        walk(command.arguments, depth)
        walk(command.returns, depth)
        for case in ("x", *command.arguments.variants):
            command.arguments.members_for(case)
    for name in model.events:
        event = model.event(name)
        assert event
        walk(event.data, depth)


@pytest.mark.parametrize(("version", "commands", "events"), [("7.2", 216, 52), ("10.0", 233, 55)])
def test_all_of_a_real_schema_is_understood(version, commands, events):
    model = schema(version)
    assert (len(model.commands), len(model.events)) == (commands, events)
    assert list(model.commands) == sorted(model.commands)
    walk_all(model)
    unknown = [name for name in model.commands if model.command(name).arguments.open]
    assert unknown == ["device_add"]


@pytest.mark.parametrize("version", VERSIONS)
def test_types_of_arguments(version):
    assert members("set_link", version) == {
        "name": BuiltinType(Kind.STRING),
        "up": BuiltinType(Kind.BOOLEAN),
    }
    assert members("balloon", version) == {"value": BuiltinType(Kind.INTEGER)}
    assert members("qom-set", version)["value"] == BuiltinType(Kind.ANY)
    keys = members("send-key", version)["keys"]
    assert isinstance(keys, ArrayType)
    assert isinstance(keys.element, ObjectType)
    assert keys.element.discriminator == "type"
    codes = keys.element.members_for("qcode")[1].type
    assert isinstance(codes, EnumType)
    assert "ctrl" in codes.names
    base = members("change-backing-file", version)
    assert base["backing-file"] == BuiltinType(Kind.STRING)


def test_variants_add_members_and_are_recursive():
    assert "filename" in members("blockdev-add", case="file")
    assert "filename" not in members("blockdev-add", case="qcow2")
    assert "filename" not in members("blockdev-add", case="nosuch")
    backing = members("blockdev-add", case="qcow2")["backing"]
    assert isinstance(backing, AlternateType)
    blockdev, name, null = backing.choices
    assert (name, null) == (BuiltinType(Kind.STRING), BuiltinType(Kind.NULL))
    assert blockdev == schema("7.2").command("blockdev-add").arguments


def test_a_variant_can_have_variants():
    migrate = schema("10.0").command("migrate").arguments
    channels = {member.name: member.type for member in migrate.members}["channels"]
    address = {member.name: member.type for member in channels.element.members}["addr"]
    chosen = address.select({"transport": "socket", "type": "inet"})
    assert [member.name for member in chosen.members][:4] == ["transport", "type", "host", "port"]
    assert [member.name for member in address.members_for("socket")] == ["transport", "type"]


def test_marks():
    model = schema("7.2")
    assert is_deprecated(model.command("drive-backup"))
    assert is_unstable(model.command("x-query-virtio"))
    assert not is_deprecated(model.command("query-status"))
    assert is_deprecated(model.event("MEM_UNPLUG_ERROR"))
    eject = {member.name: member for member in model.command("eject").arguments.members}
    assert is_deprecated(eject["device"])
    assert eject["force"].optional
    assert model.command("device_add").features == ("json-cli", "json-cli-hotplug")
    assert model.command("migrate-pause").allow_oob
    assert not model.command("migrate").allow_oob


def test_what_there_is_not():
    model = schema("7.2")
    assert model.command("nosuch") is None
    assert model.command("SHUTDOWN") is None
    assert model.event("query-status") is None
    assert model.event("SHUTDOWN").data.members[0].name == "guest"


OLD = [
    {"name": "object-add", "meta-type": "command", "arg-type": "o", "ret-type": "0"},
    {"name": "qom-list", "meta-type": "command", "arg-type": "o", "ret-type": "0"},
    {"name": "o", "meta-type": "object", "members": [{"name": "id", "type": "e"}]},
    {"name": "e", "meta-type": "enum", "values": ["a", "b"]},
]


def test_an_old_schema():
    model = Schema(OLD)
    command = model.command("object-add")
    assert command.arguments.open
    assert not model.command("qom-list").arguments.open
    assert command.arguments.members[0].type.names == ("a", "b")
    assert command.returns == BuiltinType(Kind.ANY)


STRANGE = [None, 5, "x", [], {}, [None], [5], ["x"], [{}], [[]], {"name": 5}, True, "self"]


@given(st.integers(), st.lists(st.sampled_from(STRANGE), min_size=1, max_size=60))
def test_a_mutated_schema_is_no_reason_for_an_exception(seed, values):
    rolled = random.Random(seed)
    mutated = copy.deepcopy(rolled.sample(entries("7.2"), 60))
    for value in values:
        entry = rolled.choice(mutated)
        key = rolled.choice([*entry, "tag", "features"])
        entry[key] = entry["name"] if value == "self" else copy.deepcopy(value)
        for below in entry[key] if isinstance(entry[key], list) else ():
            if isinstance(below, dict) and below:
                below[rolled.choice(list(below))] = value
    mutated.append(rolled.choice(STRANGE))
    walk_all(Schema(mutated))


LOOPS = [
    {"name": "c", "meta-type": "command", "arg-type": "o", "ret-type": "l"},
    {"name": "l", "meta-type": "array", "element-type": "l"},
    {"name": "a", "meta-type": "alternate", "members": [{"type": "a"}, {"type": "o"}]},
    {
        "name": "o",
        "meta-type": "object",
        "members": [{"name": "t", "type": "e"}, {"name": "a", "type": "a"}],
        "tag": "t",
        "variants": [{"case": "x", "type": "o"}],
    },
    {"name": "e", "meta-type": "enum", "values": ["x"]},
]


def test_types_that_contain_themselves():
    model = Schema(LOOPS)
    walk_all(model, depth=6)
    arguments = model.command("c").arguments
    assert arguments.select({"t": "x"}).members == arguments.members * 2
    assert arguments.members[1].type.choices[0] == BuiltinType(Kind.ANY)


@pytest.mark.parametrize("answer", [None, {}, "x", 5, [[]]])
def test_what_is_no_schema_is_an_empty_one(answer):
    assert Schema(answer).commands == ()
