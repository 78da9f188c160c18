"""What is offered at the cursor, by the schema alone."""

import pytest

from qmpshell.language import expected
from qmpshell.language.candidates import Candidate, Menu, Offer, live_candidates
from qmpshell.schema import ArrayType, ObjectType, Schema, Type
from tests.language.lines import OPEN, RIGHT, WRONG, prefixes
from tests.schema.recorded import VERSIONS, schema

MENU = Menu(schema("7.2"), schema("7.2").commands)


def offer(text: str) -> Offer:
    return MENU.at(expected(text))


def texts(text: str) -> list[str]:
    return [candidate.text for candidate in offer(text).candidates]


def candidate(text: str, name: str) -> Candidate:
    return next(found for found in offer(text).candidates if found.name == name)


NBD = "blockdev-add driver=qcow2 node-name=n file.driver=nbd "
JSON = '{"execute": "blockdev-add", "arguments": {"driver": '


@pytest.mark.parametrize(
    ("text", "fits", "first"),
    [
        ("device_add ", ["driver=", "bus=", "id="], "driver="),
        ("device_add driver=e1000 ", ["bus=", "id="], None),
        ("blockdev-add driver=qcow2 fi", ["file.", "file=", "node-name="], "file."),
        ("blockdev-add driver=qcow2 file.", ["file.driver=", "file.node-name="], "file.driver="),
        ("blockdev-add file.driver=file driver=qcow2 file.fi", ["file.filename="], None),
        (NBD + "file.server.type=", ["inet", "unix", "vsock", "fd"], None),
        (NBD + "file.server.type=inet file.server.", ["file.server.port="], "file.server.host="),
        ("migrate-set-parameters multifd-compression=", ["none", "zlib", "zstd"], None),
        ("set_link name=x up=", ["true", "false", "on", "off"], None),
        ("send-key keys.0.type=qcode keys.0.data=", ["ctrl", "f1"], None),
        ("send-key ", ["keys.0."], None),
        ("send-key keys.0.type=qcode ", ["keys.0.", "keys.1."], None),
        ("announce-self interfaces.", ["interfaces.0="], None),
        ("announce-self interfaces.0=a interfaces.", ["interfaces.1="], None),
        ("blockdev-add driver=qcow2 backing=", ["null"], None),
        ("object-add ", ["qom-type=", "secret"], None),
        ("object-add secret id=x ", ["data=", "format="], None),
        ("object-add secret ", ["id="], "id="),
        ("transaction( ", ["abort", "blockdev-snapshot"], None),
        ("transaction( abort ; blockdev-backup ", ["device=", "target="], "device="),
        ("transaction( abort ) ", ["properties."], None),
        ("transaction( abort ) properties.completion-mode=", ["grouped"], None),
        ("{", ['"execute"', '"arguments"', '"id"'], None),
        ('{"execute": ', ['"query-status"'], None),
        ('{"execute": "', ["query-status"], None),
        (JSON + '"qco', ["qcow2"], None),
        (JSON + '"qcow2", ', ['"file"', '"node-name"'], '"file"'),
        (JSON + '"qcow2", "file": ', ["{"], None),
        (JSON + '"qcow2", "file": {"driver": "nbd", "server": {"', ["type"], None),
        (JSON + '"qcow2", "read-only": ', ["true", "false"], None),
        ("blockdev-add driver=qcow2 file={'driver': 'file', '", ["filename"], None),
        ("blockdev-add driver=qcow2 file={'driver': ", ['"nbd"'], None),
        ("query-block --", ["--dry-run", "--timeout"], None),
        ("query-block --timeout ", ["10"], None),
        ("query-block --output ", ["pretty", "json", "flat", "table", "raw"], None),
    ],
)
def test_what_fits_is_offered(text, fits, first):
    offered = texts(text)
    assert set(fits) <= set(offered)
    assert first is None or offered[0] == first


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("device_add driver=e1000 ", "driver="),
        ("device_add e1000 ", "driver="),
        ("blockdev-add driver=file filename=x ", "filename="),
        ("blockdev-add driver=file ", "file."),
        ("blockdev-add driver=qcow2 file=x file.", "file.driver="),
        ("blockdev-add driver=qcow2 file.driver=nbd ", "file="),
        ("set_link name=x up=", "null"),
        ("qom-get path=/ property=", "true"),
        ("migrate-set-parameters max-bandwidth=", "true"),
        ('set_link name=x up="', "on"),
        (JSON + '"qcow2", "read-only": ', "on"),
        (JSON + '"qcow2", "', "driver"),
        ("transaction( abort ) ", "actions.0."),
        ('{"execute": "x", ', '"execute"'),
        ("nothing ", "a="),
        ("nothing a=", "true"),
        ("device_del x ", "id="),
    ],
)
def test_what_does_not_fit_is_not_offered(text, never):
    assert never not in texts(text)


def test_the_menu_says_types_and_marks():
    assert candidate("device_add ", "driver=").menu_text == "string, required"
    assert candidate("query-b", "query-block-jobs").menu_text == ""
    assert candidate("set_l", "set_link").menu_text == "2 arguments"
    assert candidate("blockdev-add ", "discard=").menu_text == "ignore|unmap"
    assert candidate("eject ", "device=").menu_text == "string, deprecated"
    assert "unstable" in candidate("x-b", "x-blockdev-change").menu_text
    assert candidate("blockdev-add ", "driver=").menu_text == "one of 42 names, required"
    assert texts("eject ")[-1] == "device="


@pytest.mark.parametrize(
    ("text", "command", "argument", "members", "by_position"),
    [
        ("blockdev-del node-name=", "blockdev-del", ("node-name",), False, False),
        ("device_del ", "device_del", ("id",), False, True),
        ("qom-get /machine ", "qom-get", ("property",), False, True),
        ("device_add driver=e1000 ", "device_add", (), True, False),
        ("device_add driver=e1000 netdev=", "device_add", ("netdev",), False, False),
        ("transaction( block-dirty-bitmap-add node=", "block-dirty-bitmap-add", ("node",), 0, 0),
        ('{"execute": "qom-get", "arguments": {"path": "/', "qom-get", ("path",), False, False),
        ("remove-fd fdset-id=", "remove-fd", ("fdset-id",), False, False),
    ],
)
def test_what_the_machine_knows_is_wanted(text, command, argument, members, by_position):
    (wanted,) = offer(text).wanted
    assert (wanted.command, wanted.argument) == (command, argument)
    assert (wanted.members, wanted.by_position) == (members, by_position)


def test_what_was_given_is_known_by_position_too():
    (wanted,) = offer("qom-get /machine ").wanted
    assert wanted.given == {("path",): "/machine"}


@pytest.mark.parametrize(
    ("text", "name", "written", "ending"),
    [
        ("device_del id=", "net1", "net1", ""),
        ("device_del id=", "my net", '"my net"', ""),
        ("device_del id=", "it's", '"it\'s"', ""),
        ("device_del id=", "007", "007", ""),
        ("device_del id=", "{x", '"{x"', ""),
        ("device_del ", "a=b", '"a=b"', ""),
        ("device_del id='", "it's", "it\\'s", "'"),
        ("remove-fd fdset-id=", "1", "1", ""),
        ("qom-get ", "/machine/unattached/device[0]", "/machine/unattached/device[0]", ""),
        ("device_add driver=x mac", "mac", "mac=", ""),
        ('{"execute": "device_del", "arguments": {"id": ', "a", '"a"', ""),
        ('{"execute": "device_del", "arguments": {"id": "', 'a"b', 'a\\"b', '"'),
        ('{"execute": "remove-fd", "arguments": {"fdset-id": ', "1", "1", ""),
        ('{"execute": "device_add", "arguments": {"driver": "x", ', "mac", '"mac"', ": "),
        ("device_add driver=x a=", "7", '"7"', ""),
    ],
)
def test_how_a_name_is_written(text, name, written, ending):
    wanted = offer(text).wanted[0]
    (found,) = live_candidates(expected(text), wanted, [(name, "")])
    assert (found.text, found.ending) == (written, ending)


def test_without_a_schema_there_are_command_names():
    menu = Menu(None, ["b", "a"])
    assert [c.text for c in menu.at(expected("")).candidates] == ["a", "b"]
    assert menu.at(expected("a x=")) == Offer()


def test_every_prefix_of_a_line_is_answered():
    for text in prefixes(RIGHT + WRONG + OPEN):
        offer(text)


def shortest(type_: Type) -> str:
    return "[]" if isinstance(type_, ArrayType) else "{}" if isinstance(type_, ObjectType) else "1"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_argument_of_every_command_is_offered_until_it_is_given(version):
    accepted: Schema = schema(version)
    menu = Menu(accepted, accepted.commands)
    for name in accepted.commands:
        command = accepted.command(name)
        assert command is not None
        line = name
        for member in command.arguments.members:
            offered = [c.text for c in menu.at(expected(line + " ")).candidates]
            if name != "transaction":
                fits = [text for text in offered if text.startswith(member.name)]
                assert any(text[len(member.name)] in ".=" for text in fits), (line, member.name)
            line += f" {member.name}={shortest(member.type)}"
        # Every value of a discriminator, too.
        for case in command.arguments.variants:
            menu.at(expected(f"{name} {command.arguments.discriminator}={case} "))
        for end in range(len(name), len(line) + 1):
            menu.at(expected(line[:end]))


@pytest.mark.parametrize("element", ["list", "missing"])
def test_a_schema_that_refers_to_itself(element):
    strange = Schema(
        [
            {"name": "c", "meta-type": "command", "arg-type": "o", "ret-type": "o"},
            {"name": "o", "meta-type": "object", "members": [{"name": "a", "type": "list"}]},
            {"name": "list", "meta-type": "array", "element-type": element},
        ]
    )
    menu = Menu(strange, strange.commands)
    for text in ("c ", "c a.", "c a.0.", "c a.0.0=", "c a=["):
        menu.at(expected(text))
