"""A whole session, step by step, and what comes of it when something goes wrong."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from qmpshell.address import UnixAddress
from qmpshell.cli.status import Status, status_of
from qmpshell.client import Client
from qmpshell.client.connect import attempt
from qmpshell.client.hmp import hmp_request
from qmpshell.errors import Error
from qmpshell.protocol import ErrorReply, Return
from qmpshell.render import error_line, event_line, plain

#: How long each step may take, in seconds.
LIMIT = 1.0

#: What may become of a step that went wrong.
STATUSES = {Status.COMMAND_FAILED, Status.NO_CONNECTION, Status.BROKEN_OFF}

#: As much of a schema as shows every kind of type, so that each of its bytes can be spoilt.
SCHEMA = [
    {"name": "device_del", "meta-type": "command", "arg-type": "0", "ret-type": "1"},
    {"name": "0", "meta-type": "object", "members": [{"name": "id", "type": "str"}]},
    {"name": "str", "meta-type": "builtin", "json-type": "string"},
    {"name": "1", "meta-type": "object", "members": [{"name": "a", "type": "2", "default": None}]},
    {"name": "2", "meta-type": "array", "element-type": "str"},
]


class Outcome(NamedTuple):
    """What came of a step.

    Attributes:
        value: what it returned, if it did.
        error: the text of the error, if there was one.
        kind: the error's type.
        spoilt: whether something had gone wrong by its end.
    """

    value: Any = None
    error: str | None = None
    kind: type[Error] | None = None
    spoilt: bool = False


def _execute(command: str, *, wait: bool = False, **arguments: Any) -> Callable[[Client], Any]:
    return lambda client: client.execute(command, arguments, timeout=LIMIT, wait=wait)


def _two_at_once(client: Client) -> list[Any]:
    """Two requests on their way: each has its own reply, in whichever order they come."""
    first: list[Return | ErrorReply] = []
    second: list[Return | ErrorReply] = []
    requests = [
        client.submit({"execute": "query-name"}, on_reply=first.append),
        client.submit({"execute": "query-status"}, on_reply=second.append),
    ]
    try:
        client.wait(lambda: bool(first and second), timeout=LIMIT)
    finally:
        for request in requests:
            client.give_up(request)
    return [reply._replace(id=0, members={}) for reply in (*first, *second)]


def _hmp(client: Client) -> Any:
    return client.request(hmp_request("info name"), timeout=LIMIT).value


STEPS: tuple[Callable[[Client], Any], ...] = (
    _execute("query-status"),
    _execute("query-name"),
    _execute("query-qmp-schema"),
    _execute("cont"),
    _execute("device_add", driver="usb-tablet", id="usb1"),
    _execute("device_del", id="usb1", wait=True),
    _execute("device_del", id="nope"),
    _two_at_once,
    _execute("blockdev-add", driver="null-co", **{"node-name": "target", "size": 2**20}),
    _execute(
        "blockdev-backup",
        **{"job-id": "job1", "device": "scratch", "target": "target", "sync": "full"},
        speed=2**30,
        wait=True,
    ),
    _hmp,
    _execute("query-name"),
    _execute("quit"),
)


def run_session(struck: Callable[[], bool] = lambda: False, then: int = 2) -> list[Outcome]:
    """Connect and take the steps, as far as that goes.

    Parameters:
        struck: says whether something has gone wrong.
        then: how many steps to take after that.

    Returns:
        What came of each step, the first of them the connection.
    """
    clients: list[Client] = []
    outcomes = [_take(lambda: clients.append(attempt(UnixAddress("sim"), timeout=LIMIT)), struck)]
    for client in clients:
        for step in STEPS:
            if [outcome.spoilt for outcome in outcomes].count(True) > then:
                break
            outcomes.append(_take(functools.partial(step, client), struck))
        assert all(plain(event_line(event)).isprintable() for event in client.events(timeout=0))
        client.close()
    return outcomes


def _take(step: Callable[[], Any], struck: Callable[[], bool]) -> Outcome:
    try:
        return Outcome(step(), spoilt=struck())
    except Error as error:
        text = plain(error_line(error))
        assert text.isprintable(), text
        assert status_of(error) in STATUSES
        return Outcome(None, text, type(error), spoilt=struck())
