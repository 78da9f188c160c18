"""Signatures and outlines, over real schemas and over types that contain themselves."""

import pytest

from qmpshell.schema import ObjectType, Schema
from qmpshell.schema.following import _FOLLOWING, events_after
from qmpshell.schema.outline import outline
from qmpshell.schema.signature import usages
from tests.schema.recorded import VERSIONS, schema
from tests.schema.test_schema import LOOPS


def signature(command: str, version: str = "7.2", **cases: str) -> str:
    arguments = schema(version).command(command).arguments
    pieces = [usage.pieces for usage in usages(arguments, cases)]
    return " ".join("".join(text for _, text in usage) for usage in pieces)


def lines(object_: ObjectType) -> list[str]:
    return [
        "  " * line.depth + "".join(text for _, text in line.pieces) for line in outline(object_)
    ]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("query-status", ""),
        ("device_del", "id=STRING"),
        ("query-block", ""),
        ("set_link", "name=STRING up=BOOL"),
        ("balloon", "value=INT"),
        ("qom-set", "path=STRING property=STRING value=ANY"),
        ("screendump", "filename=STRING [device=STRING] [head=INT] [format=ppm|png]"),
        ("send-key", "keys=[OBJECT...] [hold-time=INT]"),
        ("change-backing-file", "device=STRING image-node-name=STRING backing-file=STRING"),
        ("device_add", "driver=STRING [bus=STRING] [id=STRING] [NAME=VALUE...]"),
        ("x-blockdev-change", "parent=STRING [child=STRING] [node=STRING]"),
        (
            "set_password",
            "protocol=vnc|spice password=STRING [connected=keep|fail|disconnect]"
            " ...more by protocol",
        ),
    ],
)
def test_signatures(command, expected):
    assert signature(command) == expected


def test_a_branch_is_part_of_the_signature_once_it_is_known():
    assert "filename" not in signature("blockdev-add")
    assert signature("blockdev-add").startswith("driver=blkdebug|blklogwrites|blkreplay|… [")
    assert signature("blockdev-add").endswith("...more by driver")
    known = signature("blockdev-add", driver="qcow2")
    assert known.startswith("driver=blkdebug|blklogwrites|blkreplay|… file=OBJECT|STRING [")
    assert "[backing=OBJECT|STRING|NULL]" in known
    assert "more by" not in known
    assert "more by" not in signature("blockdev-add", driver="nosuch")


def test_an_outline_spells_enumerations_out_and_opens_objects():
    shown = lines(schema("10.0").command("migrate").arguments)
    assert shown[:5] == [
        "[uri=STRING]",
        "[channels=[OBJECT...]]",
        "  channel-type=main|cpr",
        "  addr=OBJECT",
        "    transport=socket|exec|rdma|file",
    ]
    assert "    transport=exec: args=[STRING...]" in shown
    blockdev = lines(schema("7.2").command("blockdev-add").arguments)
    assert "|qcow2|" in blockdev[0]
    assert "…" not in blockdev[0]
    assert any(line.startswith("driver=qcow2: file=OBJECT|STRING [") for line in blockdev)
    keys = lines(schema("7.2").command("send-key").arguments)
    assert keys[1] == "  type=number|qcode"
    chardev = lines(schema("7.2").command("chardev-add").arguments)
    assert any("type=file: [data.in=STRING]" in line or "data.out=" in line for line in chardev)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_outline_of_a_real_schema_is_of_a_readable_length(version):
    model = schema(version)
    for name in model.commands:
        command = model.command(name)
        assert usages(command.arguments) is not None
        assert len(lines(command.arguments)) < 150, name
        if isinstance(command.returns, ObjectType):
            assert len(lines(command.returns)) < 150, name


def test_types_that_contain_themselves():
    arguments = Schema(LOOPS).command("c").arguments
    assert [usage.name for usage in usages(arguments, {"t": "x"})] == ["t", "a"] * 2
    assert lines(arguments)


def test_the_events_that_follow_exist():
    commands = {name for version in VERSIONS for name in schema(version).commands}
    events = {name for version in VERSIONS for name in schema(version).events}
    assert set(_FOLLOWING) <= commands
    assert {event for following in _FOLLOWING.values() for event in following} <= events
    assert events_after("device_del")[0] == "DEVICE_DELETED"
    assert events_after("query-status") == ()
