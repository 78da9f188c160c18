"""Each fault does what it says."""

import contextlib
import json

import pytest

from qmpshell.simulator import Faults, Layout, Then, faults, recorded
from qmpshell.simulator.documents import write_document

GREETING = write_document(recorded.greeting())
OK = b'{"return": {}}\r\n'
NEGOTIATION = b'{"execute": "qmp_capabilities"}'


def all_that_is_said(simulator, wire):
    """What came until the server says nothing more of its own accord."""
    wire.send(b'{"execute": "query-name"}')
    simulator.wait_for("query-name")
    simulator.emit("STOP")  # goes to nobody, but by now all the rest is on its way
    simulator.stop()
    return wire.rest()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.SILENT, b""),
        (faults.HALF_GREETING, GREETING[:40]),
        (faults.HMP, b"QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) "),
        (faults.BINARY, bytes(range(256)) * 4),
        (faults.ARRAY, b"[1,2]\r\n"),
        (faults.STRANGE_OBJECT, b'{"hello": 1}\r\n'),
        (faults.DEEP, b"[" * 200_000),
    ],
)
def test_what_is_no_greeting_and_then_nothing(start, connect, fault, said):
    simulator = start(faults=fault)
    assert all_that_is_said(simulator, connect(simulator)) == said


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.CLOSES_AT_ONCE, b""),
        (faults.HALF_GREETING_THEN_CLOSES, GREETING[:40]),
        (
            faults.HTTP,
            b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ),
    ],
)
def test_what_is_no_greeting_and_then_the_end(start, connect, fault, said):
    simulator = start(faults=fault)
    assert connect(simulator).rest() == said
    assert connect(simulator).rest() == said, "the next client fares no better"


def test_all_hopeless_servers_have_a_name():
    named = {name: value for name, value in vars(faults).items() if isinstance(value, Faults)}
    del named["NONE"]
    assert set(map(id, faults.HOPELESS.values())) == set(map(id, named.values()))


def test_the_negotiation_is_refused(start, connect):
    wire = connect(start(faults=faults.REFUSES_NEGOTIATION))
    wire.line()
    assert wire.refused("qmp_capabilities") == "GenericError: no capabilities today"
    assert wire.refused("query-name").startswith("CommandNotFound: ")


@pytest.mark.parametrize("then", Then)
@pytest.mark.parametrize("length", [0, 1, 2, len(OK) - 1, len(OK)])
def test_the_output_is_cut_in_mid_reply(start, connect, then, length):
    simulator = start(faults=Faults(cut_after=len(GREETING) + length, then=then))
    wire = connect(simulator)
    assert wire.line() == GREETING
    with contextlib.suppress(BrokenPipeError):
        wire.send(NEGOTIATION)
    rest = wire.rest() if then is Then.CLOSE else all_that_is_said(simulator, wire)
    assert rest == OK[:length]


def test_a_stalled_server_serves_the_next_client(start, connect):
    simulator = start(faults=faults.SILENT)
    first = connect(simulator)
    first.send(NEGOTIATION)
    simulator.wait_for("qmp_capabilities")
    simulator.set_faults(faults.NONE)
    first.socket.close()
    assert connect(simulator).line() == GREETING


@pytest.mark.parametrize("layout", Layout)
def test_layouts(start, connect, layout):
    wire = connect(start(faults=Faults(layout=layout)))
    wire.negotiate()
    wire.send(b'{"execute": "query-name"}{"execute": "cont"}{"execute": "quit"}')
    text = wire.rest()
    lines = {Layout.LINES: 6, Layout.PRETTY: 30, Layout.JOINED: 0}
    assert text.count(b"\r\n") == lines[layout]
    documents = [wire.message() for _ in range(5)]
    assert [next(iter(d)) for d in documents] == [
        "return",
        "timestamp",
        "return",
        "timestamp",
        "return",
    ]


def test_an_event_and_stale_replies_before_the_answer_to_the_greeting(start, connect):
    stale = faults.reply_bytes({"a": 1}, id="other-7") + faults.reply_bytes([])
    inject = {1: faults.event_bytes("STOP") + stale}
    wire = connect(start(faults=Faults(inject=inject)))
    assert wire.line() == GREETING
    wire.send(b'{"execute": "qmp_capabilities", "id": 1}')
    assert wire.message()["event"] == "STOP"
    assert wire.message() == {"return": {"a": 1}, "id": "other-7"}
    assert wire.message() == {"return": []}
    assert wire.message() == {"return": {}, "id": 1}
    assert wire.ask("query-name") == {"return": {"name": "demo"}}


def test_what_comes_behind_the_greeting_without_being_asked(start, connect):
    stale = faults.event_bytes("STOP") + faults.reply_bytes({}, id="other-7")
    wire = connect(start(faults=Faults(after_greeting=stale)))
    assert wire.line() == GREETING
    assert wire.message()["event"] == "STOP"
    assert wire.message() == {"return": {}, "id": "other-7"}
    assert wire.ask("qmp_capabilities") == {"return": {}}


def test_an_event_before_each_reply(start, connect):
    event = faults.event_bytes("RTC_CHANGE", {"offset": 1, "qom-path": "/"})
    wire = connect(start(faults=Faults(before_replies=event)))
    wire.line()
    for _ in range(3):
        wire.send(b'{"execute": "qmp_capabilities"}')
        message = wire.message()
        assert message["event"] == "RTC_CHANGE"
        assert message["timestamp"] == {"seconds": 1795350730, "microseconds": 250000}
        assert "event" not in wire.message()


def test_garbage_in_mid_session(start, connect):
    wire = connect(start(faults=Faults(inject={2: b"\x00garbage\xff"}))).negotiate()
    wire.send(b'{"execute": "query-name"}')
    assert wire.line() == b'\x00garbage\xff{"return": {"name": "demo"}}\r\n'


def test_a_test_sends_bytes_of_its_own(simulator, connect):
    wire = connect(simulator)
    wire.line()
    simulator.send_raw(b'{"return": 1, "id"')
    simulator.send_raw(b": 2}")
    assert wire.message() == {"return": 1, "id": 2}


def test_a_reply_of_any_size(start, connect):
    size = 5 * 2**20
    wire = connect(start(faults=Faults(values={"query-name": "x" * size}))).negotiate()
    assert wire.do("query-name") == "x" * size


def test_an_error_of_the_tests_own(start, connect):
    fault = Faults(errors={"query-name": ("KVMMissingCap", "no")}, values={"new": 5})
    wire = connect(start(faults=fault)).negotiate()
    assert wire.refused("query-name") == "KVMMissingCap: no"
    assert wire.do("new") == 5, "a command that QEMU 10.0 doesn't have"


def test_events_by_the_thousand(simulator, wire):
    for number in range(3000):
        simulator.emit("RTC_CHANGE", {"offset": number, "qom-path": "/"})
    assert [wire.event()["data"]["offset"] for _ in range(3000)] == list(range(3000))


def test_before_the_negotiation_there_are_no_events(simulator, connect):
    wire = connect(simulator)
    wire.line()
    simulator.emit("STOP")
    wire.do("qmp_capabilities")
    assert wire.events == []


def test_a_held_reply_while_events_and_oob_go_on(start, connect):
    simulator = start(faults=Faults(held=frozenset({"stop"})))
    wire = connect(simulator).negotiate("oob")
    wire.do("cont")
    wire.events.clear()
    wire.send({"execute": "stop", "id": "late"})
    wire.send({"execute": "query-name", "id": "behind"})
    wire.send({"exec-oob": "query-yank", "id": "urgent"})
    assert wire.message()["id"] == "urgent"
    simulator.emit("WAKEUP")
    assert wire.message()["event"] == "WAKEUP"
    simulator.release()
    assert wire.message()["event"] == "STOP"
    assert wire.message()["id"] == "late"
    assert wire.message()["id"] == "behind"


def test_eight_requests_keep_out_even_those_out_of_band(start, connect):
    simulator = start(faults=Faults(held=frozenset({"stop"})))
    wire = connect(simulator).negotiate("oob")
    wire.send({"execute": "stop", "id": "held"})
    for _ in range(7):
        wire.send({"execute": "query-name"})
    wire.send({"exec-oob": "query-yank", "id": "urgent"})
    simulator.wait_for("stop")
    simulator.emit("WAKEUP")  # by the time this returns, all was read that will be
    simulator.release()
    assert wire.message()["event"] == "WAKEUP"
    ids = [wire.message().get("id") for _ in range(9)]
    assert ids[0] == "held"
    assert "urgent" in ids


def test_the_reply_to_a_client_that_left_goes_to_the_next(start, connect):
    simulator = start(faults=Faults(held=frozenset({"query-name"})))
    first = connect(simulator).negotiate()
    first.send({"execute": "query-name", "id": "old"})
    first.send({"execute": "cont", "id": "never done"})
    simulator.wait_for("query-name")
    first.socket.close()
    second = connect(simulator)
    assert second.line() == GREETING
    second.send({"execute": "qmp_capabilities", "id": "new"})
    simulator.release()
    assert second.message() == {"return": {"name": "demo"}, "id": "old"}
    assert second.message() == {"return": {}, "id": "new"}
    assert second.do("query-status")["status"] == "prelaunch"


def test_hostile_strings_everywhere_and_valid_json(start, connect):
    hostile = faults.HOSTILE
    greeting = json.loads(json.dumps(recorded.greeting()))
    greeting["QMP"]["version"]["package"] = hostile
    simulator = start(
        name=hostile,
        greeting=greeting,
        faults=Faults(
            extra_commands=(hostile,), errors={"stop": (hostile, hostile)}, values={"x": hostile}
        ),
    )
    wire = connect(simulator)
    line = wire.line()
    assert line.isascii()
    assert not any(byte < 0x20 or byte == 0x7F for byte in line.removesuffix(b"\r\n"))
    assert json.loads(line)["QMP"]["version"]["package"] == hostile
    wire.do("qmp_capabilities")
    assert wire.do("query-name") == {"name": hostile}
    assert {"name": hostile} in wire.do("query-commands")
    assert wire.refused("stop") == f"{hostile}: {hostile}"
    simulator.emit(hostile, {hostile: hostile})
    event = wire.event()
    assert (event["event"], event["data"]) == (hostile, {hostile: hostile})


def test_a_change_of_all_that_is_said(start, connect):
    said = []
    simulator = start(faults=Faults(change=lambda data: said.append(data) or data.upper()))
    assert all_that_is_said(simulator, connect(simulator)) == b"".join(said).upper()
    assert said[0] == GREETING
    assert len(said) == 2
