"""On the wire the simulator says what QEMU says.

The pairs of lines were recorded from QEMU 7.2 with a bare socket; where they aren't equal
to what the simulator sends, they were no facts about the protocol.
"""

import json

import pytest

from qmpshell.simulator import recorded
from qmpshell.simulator.documents import Layout, write_document

GREETING_10_0 = (
    b'{"QMP": {"version": {"qemu": {"micro": 13, "minor": 0, "major": 10}, "package":'
    b' "Debian 1:10.0.13+ds-0+deb13u1"}, "capabilities": ["oob"]}}\r\n'
)
GREETING_7_2 = {
    "QMP": {
        "version": {
            "qemu": {"micro": 22, "minor": 2, "major": 7},
            "package": "Debian 1:7.2+dfsg-7+deb12u18+b3",
        },
        "capabilities": ["oob"],
    }
}

BEFORE_NEGOTIATION = [
    (
        b'{"execute": "query-status", "id": 1}',
        b'{"id": 1, "error": {"class": "CommandNotFound", "desc": "Expecting capabilities'
        b" negotiation with 'qmp_capabilities'\"}}\r\n",
    ),
    (
        b'{"execute":"nosuch","id":"early"}',
        b'{"id": "early", "error": {"class": "CommandNotFound", "desc": "Expecting'
        b" capabilities negotiation with 'qmp_capabilities'\"}}\r\n",
    ),
    (
        b'{"exec-oob":"query-yank","id":"early"}',
        b'{"id": "early", "error": {"class": "GenericError", "desc": "QMP input member'
        b" 'exec-oob' is unexpected\"}}\r\n",
    ),
    (
        b'{"execute":"qmp_capabilities","arguments":{"enable":["foo"]},"id":1}',
        b'{"id": 1, "error": {"class": "GenericError", "desc": "Parameter \'null\' does not'
        b" accept value 'foo'\"}}\r\n",
    ),
    (
        b'{"execute":"qmp_capabilities","arguments":{"enable":"oob"},"id":1}',
        b'{"id": 1, "error": {"class": "GenericError", "desc": "Invalid parameter type for'
        b" 'enable', expected: array\"}}\r\n",
    ),
]

AFTER_NEGOTIATION = [
    (
        b'{"execute": "query-name", "id": 5}',
        b'{"return": {"name": "demo"}, "id": 5}\r\n',
    ),
    (
        b'{"execute":"qmp_capabilities"}',
        b'{"error": {"class": "CommandNotFound", "desc": "Capabilities negotiation is'
        b' already complete, command ignored"}}\r\n',
    ),
    (
        b'{"execute": "nosuch-command", "id": 13}',
        b'{"id": 13, "error": {"class": "CommandNotFound", "desc": "The command'
        b' nosuch-command has not been found"}}\r\n',
    ),
    (
        b'{"execute": "qom-list", "arguments": {"path": 5}, "id": 14}',
        b'{"id": 14, "error": {"class": "GenericError", "desc": "Invalid parameter type for'
        b" 'path', expected: string\"}}\r\n",
    ),
    (
        b'{"execute": "query-status", "id": }',
        b'{"error": {"class": "GenericError", "desc": "JSON parse error, expecting value"}}\r\n',
    ),
    (
        b'{"exec-oob": "query-yank", "id": 15}',
        b'{"return": [{"type": "chardev", "id": "compat_monitor0"}], "id": 15}\r\n',
    ),
    (
        b'{"exec-oob":"query-name","id":1}',
        b'{"id": 1, "error": {"class": "GenericError", "desc": "The command query-name does'
        b' not support OOB"}}\r\n',
    ),
    (
        b'{"exec-oob":"nosuch","id":1}',
        b'{"id": 1, "error": {"class": "CommandNotFound", "desc": "The command nosuch has'
        b' not been found"}}\r\n',
    ),
    (
        b'{"exec-oob":"query-yank","execute":"query-name","id":1}',
        b'{"id": 1, "error": {"class": "GenericError", "desc": "QMP input member \'execute\''
        b" clashes with 'exec-oob'\"}}\r\n",
    ),
    (
        b'{"exec-oob":5}',
        b'{"error": {"class": "GenericError", "desc": "QMP input member \'exec-oob\' must be'
        b' a string"}}\r\n',
    ),
    (
        b'{"execute":5}',
        b'{"error": {"class": "GenericError", "desc": "QMP input member \'execute\' must be a'
        b' string"}}\r\n',
    ),
    (
        b'{"id":1}',
        b'{"id": 1, "error": {"class": "GenericError", "desc": "QMP input lacks member'
        b" 'execute'\"}}\r\n",
    ),
    (
        b'{"execute":"query-name","arguments":null}',
        b'{"error": {"class": "GenericError", "desc": "QMP input member \'arguments\' must be'
        b' an object"}}\r\n',
    ),
    (
        b'{"execute":"query-name","control":{},"id":{"a":[1,null]}}',
        b'{"id": {"a": [1, null]}, "error": {"class": "GenericError", "desc": "QMP input'
        b" member 'control' is unexpected\"}}\r\n",
    ),
    (
        b'{"execute":"query-name","arguments":{"b":1}}',
        b'{"error": {"class": "GenericError", "desc": "Parameter \'b\' is unexpected"}}\r\n',
    ),
    (
        b"[1]",
        b'{"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}\r\n',
    ),
    (
        b'"foo"',
        b'{"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}\r\n',
    ),
    (
        b'{"execute":"query-name","a":1,"a":2}',
        b'{"error": {"class": "GenericError", "desc": "JSON parse error, duplicate key"}}\r\n',
    ),
    (
        b'{"execute":"query-status","id":"\\ud800"}',
        b'{"error": {"class": "GenericError", "desc": "JSON parse error, \\\\ud800 is not a'
        b' valid Unicode character"}}\r\n',
    ),
    (
        b'{"execute":"query-name","id":NaN}',
        b'{"error": {"class": "GenericError", "desc": "JSON parse error, stray \'N\'"}}\r\n',
    ),
]


def test_the_greeting_is_that_of_qemu_10_and_comes_without_being_asked(simulator, connect):
    assert connect(simulator).line() == GREETING_10_0


def test_another_greeting_can_be_given(start, connect):
    simulator = start(greeting=GREETING_7_2)
    wire = connect(simulator)
    assert json.loads(wire.line()) == GREETING_7_2
    wire.do("qmp_capabilities")
    assert wire.do("query-version") == GREETING_7_2["QMP"]["version"]


@pytest.mark.parametrize(("said", "answer"), BEFORE_NEGOTIATION)
def test_before_the_negotiation(simulator, connect, said, answer):
    wire = connect(simulator)
    wire.line()
    wire.send(said)
    assert wire.line() == answer
    assert wire.do("qmp_capabilities") == {}, "a refused attempt can be repeated"


@pytest.mark.parametrize(("said", "answer"), AFTER_NEGOTIATION)
def test_after_the_negotiation(wire, said, answer):
    wire.send(said)
    assert wire.line() == answer
    assert wire.do("query-name") == {"name": "demo"}, "the parser is in step"


def test_without_oob_there_is_no_exec_oob(simulator, connect):
    wire = connect(simulator).negotiate()
    wire.send(b'{"exec-oob":"query-yank","id":2}')
    assert wire.line() == (
        b'{"id": 2, "error": {"class": "GenericError", "desc": "QMP input member \'exec-oob\''
        b' is unexpected"}}\r\n'
    )


def test_oob_holds_from_the_request_behind_the_negotiation(simulator, connect):
    wire = connect(simulator)
    wire.line()
    wire.send(
        b'{"execute": "qmp_capabilities", "arguments": {"enable": ["oob"]}}'
        b'{"exec-oob": "query-yank"}'
    )
    assert wire.message() == {"return": {}}
    assert wire.message() == {"return": [{"type": "chardev", "id": "compat_monitor0"}]}


def test_a_capability_that_was_not_offered_is_refused(start, connect):
    greeting = {"QMP": {**GREETING_7_2["QMP"], "capabilities": []}}
    wire = connect(start(greeting=greeting))
    wire.line()
    assert wire.refused("qmp_capabilities", enable=["oob"]).startswith("GenericError: ")


@pytest.mark.parametrize(
    ("id_", "printed"),
    [
        ("null", None),
        ("[]", []),
        ('{"a": [1.0, "x"]}', {"a": [1, "x"]}),
        ("1.0", 1),
        ("18446744073709551615", 2**64 - 1),
        ('"\\u0000\\u00e9"', "\0é"),
    ],
)
def test_any_id_comes_back(wire, id_, printed):
    wire.send(f'{{"execute": "query-name", "id": {id_}}}'.encode())
    reply = wire.reply()
    assert reply["id"] == printed
    assert type(reply["id"]) is type(printed)


def test_many_requests_in_one_write_and_one_request_in_many(wire):
    one = b'{"execute": "query-name", "id": %d}'
    wire.send(b"".join(one % number for number in range(100)))
    assert [wire.reply()["id"] for _ in range(100)] == list(range(100))
    for byte in one % 7:
        wire.send(bytes([byte]))
    assert wire.reply()["id"] == 7


def test_stray_bytes_cost_one_error_each_and_the_object_behind_them_is_done(wire):
    wire.send(b'bad json {"execute": "query-name", "id": 1} 5 {"execute": "query-name", "id": 2}')
    replies = [wire.reply() for _ in range(4)]
    assert [reply.get("id") for reply in replies] == [None, 1, None, 2]
    assert replies[0]["error"]["desc"].startswith("JSON parse error")
    assert replies[2]["error"]["desc"] == "QMP input must be a JSON object"


def test_too_deep_a_request_is_refused(wire):
    wire.send(b'{"a":' * 500)
    assert wire.reply()["error"]["desc"] == "JSON nesting depth limit exceeded"


def test_an_event_comes_before_the_reply_to_its_cause(wire):
    wire.send({"execute": "cont", "id": 20})
    event = wire.message()
    assert list(event) == ["timestamp", "event"]
    assert event["event"] == "RESUME"
    assert event["timestamp"] == {"seconds": 1795350730, "microseconds": 0}
    assert wire.message() == {"return": {}, "id": 20}


def test_commands_and_schema_are_those_of_the_recording(wire):
    assert wire.do("query-commands") == recorded.commands()
    schema = wire.do("query-qmp-schema")
    assert schema == recorded.schema()
    in_schema = {entry["name"] for entry in schema if entry["meta-type"] == "command"}
    assert in_schema == {entry["name"] for entry in recorded.commands()}


def test_characters_are_printed_as_qemu_prints_them():
    document = write_document({"a": "\x7f\x1bé\U0001f600/\\u00e9"})
    assert document == (b'{"a": "\\u007F\\u001B\\u00E9\\uD83D\\uDE00/\\\\u00e9"}\r\n')


def test_layouts():
    members = {"a": [1]}
    assert write_document(members, Layout.JOINED) == b'{"a": [1]}'
    pretty = b'{\r\n    "a": [\r\n        1\r\n    ]\r\n}\r\n'
    assert write_document(members, Layout.PRETTY) == pretty
