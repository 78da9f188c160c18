import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import ConnectError, NobodyListens, ProtocolError, WrongAddress
from qmpshell.transport.libvirt.refusal import Refusal, read_refusal
from qmpshell.transport.libvirt.relay import (
    Relayed,
    read_request,
    write_error,
    write_event,
    write_reply,
    write_return,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("document", "relayed"),
    [
        ('{"execute":"stop","id":"q1"}', Relayed("stop", '{"execute": "stop"}', '"q1"')),
        ('{"id": {"a": [1]}, "execute": "x"}', Relayed("x", '{"execute": "x"}', '{"a": [1]}')),
        (
            ' { "execute" : "x" , "arguments" : { "id" : 1.50 } } ',
            Relayed("x", '{"execute": "x", "arguments": { "id" : 1.50 }}', ""),
        ),
        ('{"id":1,"id":2,"execute":"x"}', Relayed("x", '{"execute": "x"}', "2")),
        ('{"exec-oob":"x"}', Relayed("", '{"exec-oob": "x"}', "")),
        ('{"execute":7}', Relayed("", '{"execute": 7}', "")),
        ("{}", Relayed("", "{}", "")),
    ],
)
def test_a_request_loses_its_id_and_nothing_else(document: str, relayed: Relayed) -> None:
    assert read_request(document.encode()) == relayed


def test_a_reply_has_the_id_of_its_request_in_place_of_libvirts() -> None:
    reply = '{"return":{"size":1e400,"id":"x"},"id":"libvirt-413"}'
    assert write_reply(reply, '"q1"') == b'{"return": {"size":1e400,"id":"x"}, "id": "q1"}\r\n'
    assert write_reply(reply, "") == b'{"return": {"size":1e400,"id":"x"}}\r\n'
    with pytest.raises(ProtocolError):
        write_reply("{", "1")


def test_what_libvirt_has_done_or_refuses_itself() -> None:
    assert write_return({}, "7") == b'{"return": {}, "id": 7}\r\n'
    assert json.loads(write_error('no "x"\n', "")) == {
        "error": {"class": "GenericError", "desc": 'no "x"\n'}
    }


@pytest.mark.parametrize("nothing", [None, "", "<null>"])
def test_an_event_without_data(nothing: str | None) -> None:
    timestamp = {"seconds": 5, "microseconds": 6}
    assert json.loads(write_event("STOP", 5, 6, nothing)) == {
        "timestamp": timestamp,
        "event": "STOP",
    }
    assert json.loads(write_event("X", 5, 6, '{"a":1}'))["data"] == {"a": 1}


@given(st.dictionaries(st.text(), VALUES), VALUES)
def test_any_members_go_to_and_fro(members: dict[str, object], id_: object) -> None:
    members.pop("id", None)
    relayed = read_request(json.dumps({"id": id_, **members}).encode())
    assert json.loads(relayed.text) == members
    reply = write_reply(json.dumps({**members, "id": "libvirt-1"}), relayed.id)
    assert json.loads(reply) == {**members, "id": id_}
    assert reply.count(b"\n") == 1


@pytest.mark.parametrize("kind", [ConnectError, NobodyListens, WrongAddress])
def test_why_it_is_over(kind: type[ConnectError]) -> None:
    assert read_refusal(str(Refusal(kind, "gone", "start it"))) == (kind, "gone; start it")
    assert read_refusal("SystemExit: x") == (ConnectError, "SystemExit: x")
