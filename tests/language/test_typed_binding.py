"""With a schema, values take their types from it, and required arguments need no names."""

import json
from collections.abc import Mapping

import pytest

from qmpshell.errors import LineError
from qmpshell.language import ShellCommand, SystemCommand, bind, parse
from qmpshell.schema import Schema
from qmpshell.simulator.checker import Checker
from tests.language.generator import Arguments, in_json
from tests.language.lines import RIGHT
from tests.schema.recorded import VERSIONS, entries, schema


def sent(line: str, version: str = "7.2") -> dict:
    return bind(parse(line), schema(version)).members


RIGHT_LINES = [
    ("set_link name=123 up=off", {"name": "123", "up": False}),
    ("set_link 123 off", {"name": "123", "up": False}),
    ("set_link up=YES 123", {"name": "123", "up": True}),
    ("set_link name=null up='on'", {"name": "null", "up": True}),
    ("balloon 4G", {"value": 4 << 30}),
    ("balloon value=1.5g", {"value": 3 << 29}),
    ("balloon -1", {"value": -1}),
    ("balloon 16E --no-check", {"value": "16E"}),
    ("block_resize node-name=007 size=0x1000", {"node-name": "007", "size": 4096}),
    ("device_del 5", {"id": "5"}),
    ("qom-get /machine type", {"path": "/machine", "property": "type"}),
    ("qom-set /machine x 5", {"path": "/machine", "property": "x", "value": 5}),
    (
        "qom-set /m x value.a.0=5 value.a.1='5'",
        {"path": "/m", "property": "x", "value": {"a": [5, "5"]}},
    ),
    ("human-monitor-command 'info a=b'", {"command-line": "info a=b"}),
    ("device_add e1000 id=5 addr=3", {"driver": "e1000", "id": "5", "addr": 3}),
    (
        "blockdev-add node-name=n server.type=inet server.host=h server.port=10809 driver=nbd",
        {
            "node-name": "n",
            "server": {"type": "inet", "host": "h", "port": "10809"},
            "driver": "nbd",
        },
    ),
    (
        "blockdev-add nbd server={'type':'inet','host':'h','port':10809}",
        {"driver": "nbd", "server": {"type": "inet", "host": "h", "port": "10809"}},
    ),
    ("blockdev-add qcow2 5", {"driver": "qcow2", "file": "5"}),
    (
        "blockdev-add qcow2 f backing=null overlap-check=all",
        {"driver": "qcow2", "file": "f", "backing": None, "overlap-check": "all"},
    ),
    (
        "blockdev-add qcow2 f backing='null' overlap-check.template=none",
        {"driver": "qcow2", "file": "f", "backing": "null", "overlap-check": {"template": "none"}},
    ),
    (
        "blockdev-add qcow2 file=99999999999999999999",
        {"driver": "qcow2", "file": "99999999999999999999"},
    ),
    (
        "migrate-set-parameters tls-creds=null tls-hostname=12 max-bandwidth=100M",
        {"tls-creds": None, "tls-hostname": "12", "max-bandwidth": 100 << 20},
    ),
    (
        "send-key keys.0.type=qcode keys.0.data=1 keys.1={'type':'number','data':'0x10'}",
        {"keys": [{"type": "qcode", "data": "1"}, {"type": "number", "data": 16}]},
    ),
    ("send-key [{'type':'qcode','data':1}]", {"keys": [{"type": "qcode", "data": "1"}]}),
    (
        "object-add iothread 7 poll-max-ns=32k",
        {"qom-type": "iothread", "id": "7", "poll-max-ns": 32768},
    ),
    (
        "netdev_add n0 user hostfwd=[{'str':'tcp::1-:2'}]",
        {"type": "user", "id": "n0", "hostfwd": [{"str": "tcp::1-:2"}]},
    ),
    (
        "transaction( blockdev-snapshot 1 2 ; abort ) properties.completion-mode=grouped",
        {
            "actions": [
                {"type": "blockdev-snapshot", "data": {"node": "1", "overlay": "2"}},
                {"type": "abort", "data": {}},
            ],
            "properties": {"completion-mode": "grouped"},
        },
    ),
    (
        "transaction(\n block-dirty-bitmap-add 1 2 granularity=64k persistent=no\n)",
        {
            "actions": [
                {
                    "type": "block-dirty-bitmap-add",
                    "data": {"node": "1", "name": "2", "granularity": 65536, "persistent": False},
                }
            ]
        },
    ),
]


@pytest.mark.parametrize(("line", "arguments"), RIGHT_LINES)
def test_right_lines(line, arguments):
    got = sent(line)["arguments"]
    assert got == arguments
    assert json.dumps(got, sort_keys=True) == json.dumps(arguments, sort_keys=True)


@pytest.mark.parametrize(
    ("line", "members"),
    [
        ("query-status", {"execute": "query-status"}),
        ("nosuch a=5 b=on --no-check", {"execute": "nosuch", "arguments": {"a": 5, "b": "on"}}),
        ("set_link x=5 up=maybe --no-check", None),
        ("balloon value=x --no-check", {"execute": "balloon", "arguments": {"value": "x"}}),
        (
            "transaction( zap a=5 ) --no-check",
            {
                "execute": "transaction",
                "arguments": {"actions": [{"type": "zap", "data": {"a": 5}}]},
            },
        ),
    ],
)
def test_what_is_not_checked_is_read_without_a_schema(line, members):
    got = bind(parse(line), schema("7.2"))
    assert got.options.no_check or line == "query-status"
    if members:
        assert got.members == members


def test_raw_json_is_sent_as_it_is():
    line = '{"execute": "set_link", "arguments": {"name": 5}, "id": 1, "x": 1}'
    with pytest.raises(LineError):
        sent(line)
    assert bind(parse(line), schema("7.2"), checked=False).members == json.loads(line)


@pytest.mark.parametrize("line", RIGHT)
@pytest.mark.parametrize("answer", [[], [{"name": "SHUTDOWN", "meta-type": "event"}]])
def test_a_schema_without_commands_is_none(line, answer):
    command = parse(line)
    if not isinstance(command, ShellCommand | SystemCommand):
        assert bind(command, Schema(answer)) == bind(command)


@pytest.mark.parametrize("version", VERSIONS)
def test_generated_lines_over_every_command(version):
    checker = Checker(entries(version))
    model = schema(version)
    for name in model.commands:
        command = model.command(name)
        for case in (*command.arguments.variants,) or (None,):
            for seed in range(3):
                made = Arguments(seed, full=seed == 0)
                made.fill(command.arguments, case)
                line = " ".join([name, *made.words])
                bound = bind(parse(line), model)
                assert bound.members.get("arguments", {}) == made.value, line
                checker.check_arguments(name, bound.members.get("arguments", {}))
                text = in_json(name, made.value)
                assert bind(parse(text), model).members == json.loads(text)


OLD = [
    {"name": "object-add", "meta-type": "command", "arg-type": "o"},
    {"name": "qom-list", "meta-type": "command", "arg-type": "o"},
    {"name": "o", "meta-type": "object", "members": [{"name": "id", "type": "str"}]},
    {"name": "str", "meta-type": "builtin", "json-type": "string"},
]


def test_what_an_old_schema_does_not_have_is_read_without_it():
    line = "object-add 5 size=5 policy=off"
    arguments = {"id": "5", "size": 5, "policy": "off"}
    assert bind(parse(line), Schema(OLD)).members["arguments"] == arguments
    with pytest.raises(LineError, match="has no argument"):
        bind(parse("qom-list 5 size=5"), Schema(OLD))


@pytest.mark.parametrize(
    ("line", "notes"),
    [
        ("query-status", ()),
        ("drive-backup a full b", ("drive-backup is deprecated",)),
        ("eject device=ide0 force=on", ("eject: device is deprecated",)),
        ('{"execute": "eject", "arguments": {"device": "x"}}', ("eject: device is deprecated",)),
        ("x-query-virtio", ("x-query-virtio is unstable",)),
        (
            "object-add x-remote-object x fd=1 devid=2",
            ("object-add: qom-type=x-remote-object is unstable",),
        ),
    ],
)
def test_what_is_deprecated_or_unstable_is_noted(line, notes):
    assert bind(parse(line), schema("7.2")).notes == notes


def properties_of_e1000(command: str, given: Mapping[tuple[str, ...], str]) -> list[str]:
    return ["mac", "addr"] if (command, given.get(("driver",))) == ("device_add", "e1000") else []


@pytest.mark.parametrize(
    "line",
    [
        "device_add e1000 macc=3",
        '{"execute": "device_add", "arguments": {"driver": "e1000", "macc": 3}}',
    ],
)
def test_an_open_command_is_checked_where_all_that_it_takes_is_known(line: str) -> None:
    with pytest.raises(LineError, match='"macc" for driver=e1000; nearest: mac') as caught:
        bind(parse(line), schema("7.2"), further=properties_of_e1000)
    assert line[caught.value.start : caught.value.end].strip('"') == "macc"


@pytest.mark.parametrize(
    "line",
    [
        "device_add e1000 mac=3 addr=5 id=x bus=pci.0",
        "device_add e1000 x[0]=5",
        "device_add e1000 macc=3 --no-check",
        "device_add rtl8139 macc=3",
        "device_add e1000 mac.macc=3",
    ],
)
def test_and_not_refused_for_what_it_cant_know(line: str) -> None:
    command = parse(line)
    with_it = bind(command, schema("7.2"), further=properties_of_e1000)
    assert with_it == bind(command, schema("7.2"))
