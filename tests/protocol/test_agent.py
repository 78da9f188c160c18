"""The conversation with a guest agent, byte by byte; what an agent sends was tried on 7.2."""

import json
from typing import Any

import pytest

from qmpshell.protocol import ErrorReply, Reply, Request, Return, State, Unexpected
from qmpshell.protocol.agent import AgentConnection

STRAY = b'{"error": {"class": "GenericError", "desc": "JSON parse error, stray \'\\uFFFD\'"}}\n'


def line(**members: Any) -> bytes:
    return json.dumps(members).encode() + b"\n"


def take(connection: AgentConnection, *chunks: bytes) -> list[Any]:
    messages: list[Any] = []
    for chunk in chunks:
        connection.receive(chunk)
        while message := connection.next_message():
            messages.append(message)
    return messages


def number_in(data: bytes) -> int:
    """The number in the synchronization that data begin with."""
    assert data[:1] == b"\xff"
    request = json.loads(data[1:].splitlines()[0])
    assert request["execute"] == "guest-sync-delimited"
    assert set(request) == {"execute", "arguments"}
    assert 0 <= request["arguments"]["id"] < 2**63
    return int(request["arguments"]["id"])


def synchronized() -> AgentConnection:
    connection = AgentConnection()
    request = connection.synchronize()
    reply = b"\xff" + line(**{"return": number_in(request.data)})
    (message,) = take(connection, STRAY, reply)
    assert message == Reply(request, message.message)
    return connection


def without_ids() -> AgentConnection:
    connection = synchronized()
    connection.has_ids = False
    return connection


def ask(connection: AgentConnection, command: str) -> Request:
    return connection.request({"execute": command})


def test_it_begins_with_the_byte_that_clears_the_agents_parser() -> None:
    connection = AgentConnection()
    assert connection.state is State.SYNCHRONIZATION
    request = connection.synchronize()
    number = number_in(request.data)
    assert take(connection, STRAY, line(**{"return": {}}), b'{"half') == []
    assert connection.state is State.SYNCHRONIZATION
    assert connection.beginning.startswith(STRAY[:20])
    (reply,) = take(connection, b"\xff" + line(**{"return": number}))
    assert reply.request is request
    assert reply.message.value == number
    assert connection.state is State.COMMANDS
    assert connection.pending == ()


def test_two_connections_send_different_numbers() -> None:
    numbers = {number_in(AgentConnection().synchronize().data) for _ in range(20)}
    assert len(numbers) == 20


def test_a_second_attempt_doesnt_take_the_first_ones_reply() -> None:
    connection = AgentConnection()
    first = number_in(connection.synchronize().data)
    second = connection.synchronize()
    (reply,) = take(
        connection,
        b"\xff" + line(**{"return": first}) + b"\xff" + line(**{"return": number_in(second.data)}),
    )
    assert reply.request is second


def test_what_comes_right_behind_the_reply_is_not_lost() -> None:
    connection = AgentConnection()
    number = number_in(connection.synchronize().data)
    sync, leftover = take(
        connection, b"\xff" + line(**{"return": number}) + line(**{"return": {}}, id="theirs")
    )
    assert isinstance(sync, Reply)
    assert isinstance(leftover, Unexpected)


def test_afterwards_replies_are_told_by_their_ids() -> None:
    connection = synchronized()
    first, second = ask(connection, "guest-ping"), ask(connection, "guest-info")
    messages = take(
        connection,
        line(**{"return": {}}, id=second.id),
        line(error={"class": "GenericError", "desc": "x"}, id=first.id),
    )
    assert [message.request for message in messages] == [second, first]


def test_an_agent_without_ids_gets_none_and_answers_in_order() -> None:
    connection = without_ids()
    first, second = ask(connection, "guest-ping"), ask(connection, "guest-info")
    assert json.loads(first.data) == {"execute": "guest-ping"}
    messages = take(
        connection,
        line(error={"class": "GenericError", "desc": "x"}),
        line(**{"return": {}}),
    )
    assert [message.request for message in messages] == [first, second]
    assert [type(message.message) for message in messages] == [ErrorReply, Return]


def test_without_ids_a_command_that_isnt_answered_takes_no_others_reply() -> None:
    connection = without_ids()
    ask(connection, "guest-shutdown")
    ping = ask(connection, "guest-ping")
    (reply,) = take(connection, line(**{"return": {}}))
    assert reply.request is ping
    assert connection.pending == ()


def test_without_ids_an_error_is_for_the_command_that_isnt_answered_otherwise() -> None:
    connection = without_ids()
    shutdown, ping = ask(connection, "guest-shutdown"), ask(connection, "guest-ping")
    messages = take(
        connection,
        line(error={"class": "GenericError", "desc": "x"}),
        line(**{"return": {}}),
    )
    assert [message.request for message in messages] == [shutdown, ping]


def test_without_ids_what_was_given_up_is_left_behind_by_another_synchronization() -> None:
    connection = without_ids()
    lost = ask(connection, "guest-exec")
    connection.give_up(lost)
    request = ask(connection, "guest-ping")
    number = number_in(request.data)
    assert json.loads(request.data.splitlines()[1]) == {"execute": "guest-ping"}
    assert connection.pending == (request,)
    late = line(**{"return": {"pid": 1}})
    (reply,) = take(
        connection, late + b"\xff" + line(**{"return": number}) + line(**{"return": {}})
    )
    assert reply.request is request
    assert reply.message.value == {}


def test_without_ids_nothing_is_left_behind_while_a_reply_is_awaited() -> None:
    connection = without_ids()
    lost, awaited = ask(connection, "guest-exec"), ask(connection, "guest-info")
    connection.give_up(lost)
    request = ask(connection, "guest-ping")
    assert request.data[:1] != b"\xff"
    messages = take(connection, *[line(**{"return": {}})] * 3)
    assert isinstance(messages[0], Unexpected)
    assert [message.request for message in messages[1:]] == [awaited, request]


def test_an_unasked_reply_without_an_id_is_nobodys() -> None:
    (message,) = take(without_ids(), line(**{"return": {}}))
    assert isinstance(message, Unexpected)


@pytest.mark.parametrize(("command", "unanswered"), [("guest-shutdown", True), ("x", False)])
def test_which_commands_have_no_reply(command: str, unanswered: bool) -> None:
    connection = synchronized()
    assert connection.is_unanswered(ask(connection, command)) is unanswered
    connection.unanswered = frozenset({"x"})
    assert connection.is_unanswered(ask(connection, command)) is not unanswered


def test_what_has_come_of_a_message_without_its_end() -> None:
    connection = AgentConnection()
    connection.synchronize()
    connection.receive(b'{"return"')
    assert connection.unfinished == b"", "it is somebody else's"
    connection.receive(b'\xff{"return"')
    assert connection.unfinished == b'{"return"'
    connection = synchronized()
    connection.receive(b'\n{"return": ')
    assert connection.unfinished == b'{"return": '
