import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmpshell.errors import Error, ProtocolError, RequestError
from qmpshell.protocol import (
    Connection,
    ErrorReply,
    Event,
    Greeting,
    Received,
    Reply,
    Return,
    State,
    Unexpected,
)

DATA = Path(__file__).parents[1] / "data"
GREETING = (DATA / "qemu-7.2-greeting.json").read_bytes()
SESSION = (DATA / "qemu-7.2-session.txt").read_bytes()


def line(**members: Any) -> bytes:
    return json.dumps(members).encode() + b"\r\n"


def take(connection: Connection, *chunks: bytes) -> list[Received]:
    messages: list[Received] = []
    for chunk in chunks:
        connection.receive(chunk)
        while (message := connection.next_message()) is not None:
            messages.append(message)
    return messages


def ready() -> Connection:
    connection = Connection()
    take(connection, GREETING)
    request = connection.negotiate()
    take(connection, line(**{"return": {}, "id": request.id}))
    assert connection.state is State.COMMANDS
    return connection


def error(**members: Any) -> bytes:
    return line(error={"class": "GenericError", "desc": "no"}, **members)


def test_greeting_and_negotiation_with_oob_where_it_is_offered() -> None:
    connection = Connection()
    assert connection.state is State.GREETING
    (greeting,) = take(connection, GREETING)
    assert isinstance(greeting, Greeting)
    assert connection.greeting is greeting
    assert connection.state is State.NEGOTIATION
    request = connection.negotiate()
    assert request.members["arguments"] == {"enable": ["oob"]}
    assert not connection.takes_out_of_band
    (reply,) = take(connection, line(id=request.id, **{"return": {}}))
    assert isinstance(reply, Reply)
    assert reply.request is request
    assert connection.state is State.COMMANDS
    assert connection.takes_out_of_band


def test_oob_is_not_asked_for_where_it_is_not_offered() -> None:
    connection = Connection()
    take(connection, GREETING.replace(b'"oob"', b""))
    request = connection.negotiate()
    assert request.members["arguments"] == {"enable": []}
    take(connection, line(id=request.id, **{"return": {}}))
    assert not connection.takes_out_of_band
    assert not Connection(negotiate=False).takes_out_of_band


def test_a_refused_negotiation_leaves_the_state_and_can_be_repeated() -> None:
    connection = Connection()
    take(connection, GREETING)
    request = connection.negotiate()
    (reply,) = take(connection, error(id=request.id))
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, ErrorReply)
    assert connection.state is State.NEGOTIATION
    assert connection.negotiate().id != request.id


def test_events_may_come_at_any_time() -> None:
    connection = Connection()
    stop = line(event="STOP")
    assert [type(message) for message in take(connection, GREETING, stop)] == [Greeting, Event]
    request = connection.negotiate()
    messages = take(connection, stop + line(id=request.id, **{"return": {}}) + stop)
    assert [type(message) for message in messages] == [Event, Reply, Event]


def test_replies_find_their_requests_in_any_order() -> None:
    connection = ready()
    first = connection.request({"execute": "query-block"})
    second = connection.request({"exec-oob": "query-yank"})
    assert connection.pending == (first, second)
    messages = take(
        connection,
        line(id=second.id, **{"return": [1]}),
        error(id=first.id),
    )
    assert [message.request for message in messages if isinstance(message, Reply)] == [
        second,
        first,
    ]
    assert connection.pending == ()


def test_ids_are_strings_that_no_other_connection_uses() -> None:
    ids = [ready().request({"execute": "stop"}).id for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(isinstance(id_, str) for id_ in ids)


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [(1, 1), (1.0, 1), (None, None), ([1.0, {"a": 0.5}], [1, {"a": 0.5}]), ("x", "x"), (-0.0, 0)],
)
def test_an_id_of_the_users_own_is_kept_and_found_as_qemu_prints_it(
    sent: object, echoed: object
) -> None:
    connection = ready()
    request = connection.request({"execute": "stop", "id": sent})
    assert request.members["id"] == sent
    (reply,) = take(connection, line(id=echoed, **{"return": {}}))
    assert isinstance(reply, Reply)
    assert reply.request is request


def test_an_id_is_not_mistaken_for_one_that_python_calls_equal() -> None:
    connection = ready()
    connection.request({"execute": "stop", "id": 1})
    (message,) = take(connection, line(id=True, **{"return": {}}))
    assert isinstance(message, Unexpected)


def test_of_two_requests_with_one_id_the_older_is_answered_first() -> None:
    connection = ready()
    first = connection.request({"execute": "stop", "id": 7})
    second = connection.request({"execute": "cont", "id": 7})
    messages = take(connection, line(id=7, **{"return": 1}), line(id=7, **{"return": 2}))
    assert [(m.request, m.message) for m in messages if isinstance(m, Reply)] == [
        (first, Return(1, 7, {"id": 7, "return": 1})),
        (second, Return(2, 7, {"id": 7, "return": 2})),
    ]


def test_a_reply_that_was_given_up_is_nobodys_when_it_comes() -> None:
    connection = ready()
    request = connection.request({"execute": "query-block"})
    connection.give_up(request)
    assert connection.pending == (request,)
    assert connection.owes(request)
    (message,) = take(connection, line(id=request.id, **{"return": []}))
    assert isinstance(message, Unexpected)
    assert message.request is request
    assert connection.pending == ()
    assert not connection.owes(request)
    connection.give_up(request)
    assert isinstance(take(connection, error(id=request.id))[0], Unexpected)


@pytest.mark.parametrize("members", [{"id": 5}, {"id": "qmpshell-other-1"}, {}])
def test_leftovers_of_the_client_before_are_never_ours(members: dict[str, Any]) -> None:
    connection = Connection()
    leftovers = [line(**{"return": "theirs"}, **members), error(**members)]
    greeting, *others = take(connection, GREETING, *leftovers)
    assert isinstance(greeting, Greeting)
    request = connection.negotiate()
    others += take(connection, *leftovers)
    assert [type(message) for message in others] == [Unexpected] * 4
    (reply,) = take(connection, line(id=request.id, **{"return": {}}))
    assert isinstance(reply, Reply)
    assert connection.state is State.COMMANDS


def test_an_error_without_an_id_is_for_the_oldest_request_that_waits_its_turn() -> None:
    connection = ready()
    connection.request({"exec-oob": "query-yank"})
    oldest = connection.request({"execute": "query-block"})
    connection.request({"execute": "query-status"})
    (reply,) = take(connection, error())
    assert isinstance(reply, Reply)
    assert reply.request is oldest


def test_an_error_without_an_id_and_without_a_request_is_nobodys() -> None:
    assert isinstance(take(ready(), error())[0], Unexpected)


def test_a_return_without_an_id_is_nobodys() -> None:
    connection = ready()
    connection.request({"execute": "stop"})
    assert isinstance(take(connection, line(**{"return": {}}))[0], Unexpected)


def test_without_negotiation_commands_go_at_once_and_a_greeting_is_still_taken() -> None:
    connection = Connection(negotiate=False)
    request = connection.request({"execute": "guest-ping"})
    reply, greeting = take(connection, line(id=request.id, **{"return": {}}), GREETING)
    assert isinstance(reply, Reply)
    assert isinstance(greeting, Greeting)
    assert connection.state is State.COMMANDS


def test_after_a_resync_errors_without_an_id_are_nobodys_until_a_reply_comes() -> None:
    connection = Connection(negotiate=False)
    abandoned = connection.request({"execute": "guest-info"})
    assert connection.resync() == b"\xff"
    request = connection.request({"execute": "guest-sync", "arguments": {"id": 1}})
    messages = take(
        connection,
        error() + error(),
        line(id=abandoned.id, **{"return": {}}),
        b"\xff" + line(id=request.id, **{"return": 1}),
    )
    assert [type(message) for message in messages] == [Unexpected, Unexpected, Unexpected, Reply]
    failing = connection.request({"execute": "guest-ping"})
    (reply,) = take(connection, error())
    assert isinstance(reply, Reply)
    assert reply.request is failing


def test_a_reply_before_the_greeting_is_no_qmp() -> None:
    with pytest.raises(ProtocolError, match="before the greeting"):
        take(Connection(), line(**{"return": {}}))


def test_a_second_greeting_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="second greeting"):
        take(ready(), GREETING)


def test_a_request_that_can_not_be_sent_changes_nothing() -> None:
    connection = ready()
    with pytest.raises(RequestError):
        connection.request({"execute": "x", "arguments": {"a": float("nan")}})
    assert connection.pending == ()


def test_what_has_come_of_a_message_can_be_seen() -> None:
    connection = ready()
    take(connection, b'{"ret')
    assert connection.unfinished == b'{"ret'


def server_bytes() -> bytes:
    """What the server said in a recorded session with QEMU 7.2."""
    return b"".join(
        recorded[3:] + b"\n" for recorded in SESSION.split(b"\n") if recorded.startswith(b"<- ")
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(server_bytes())), max_size=30), st.booleans())
def test_a_recorded_session_gives_the_same_messages_however_it_is_cut(
    cuts: list[int], pretty: bool
) -> None:
    stream = server_bytes()
    if pretty:
        stream = b"\r\n".join(
            json.dumps(json.loads(recorded), indent=4).replace("\n", "\r\n").encode()
            for recorded in stream.splitlines()
        )
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[start:end] for start, end in itertools.pairwise(edges)]
    assert take(Connection(negotiate=False), *chunks) == take(
        Connection(negotiate=False), *(stream[i : i + 1] for i in range(len(stream)))
    )


def test_the_recorded_session_has_what_was_recorded() -> None:
    messages = take(Connection(negotiate=False), server_bytes())
    assert len(messages) == server_bytes().count(b"\r\n")
    assert sum(isinstance(message, Event) for message in messages) > 10


@given(st.lists(st.binary(max_size=30), max_size=5), st.booleans())
def test_random_bytes_raise_only_our_own_errors(chunks: list[bytes], negotiate: bool) -> None:
    try:
        take(Connection(negotiate=negotiate), *chunks)
    except Error as error:
        assert str(error).isprintable()


def test_a_reply_has_its_own_bytes_where_they_were_asked_for() -> None:
    connection = ready()
    asked = connection.request({"execute": "query-name"}, keep_document=True)
    other = connection.request({"execute": "query-name"})
    refused = connection.request({"execute": "query-name"}, keep_document=True)
    given_up = connection.request({"execute": "query-name"}, keep_document=True)
    connection.give_up(given_up)
    document = b'{"return":  {"name": "\\u0041"}, "id": "%s"}' % asked.id.encode()
    messages = take(
        connection,
        document + b"\r\n",
        line(**{"return": {}, "id": other.id}),
        error(id=refused.id),
        line(**{"return": {}, "id": given_up.id}),
    )
    kept = [message.message for message in messages if isinstance(message, Reply | Unexpected)]
    assert isinstance(kept[0], Return)
    assert kept[0].document == document
    assert [getattr(message, "document", None) for message in kept[1:]] == [None] * 3
