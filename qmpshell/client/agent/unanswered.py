"""Commands that a guest agent answers only when they fail, as else nobody is there to do so."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from qmpshell.errors import CommandError, ConnectionLost, TimedOut
from qmpshell.protocol import ErrorReply, Request, Return

if TYPE_CHECKING:
    from qmpshell.client.client import Client

#: How long an error may take to come, in seconds; then the command has succeeded.
ERROR_SECONDS = 5.0


def request_unanswered(
    client: Client,
    members: Mapping[str, Any],
    *,
    timeout: float | None = None,
    on_sent: Callable[[Request], None] | None = None,
) -> Return:
    """Send a command, and return when it has failed, or no error can come any more.

    An agent does one thing after the other: when it answers what is sent behind the command,
    that has succeeded.

    Parameters:
        client: the connection.
        members: the request.
        timeout: how long an error may take to come, in seconds, if less than usual.
        on_sent: is given the request as it went out.

    Returns:
        A reply as there would be, if there were one.

    Raises:
        CommandError: it failed.
        RequestError: it can't be sent.
        ConnectionLost: the connection had ended before.
    """
    errors: list[Return | ErrorReply] = []
    behind: list[Return | ErrorReply] = []
    request = client.submit(members, on_reply=errors.append)
    if on_sent:
        on_sent(request)
    ping = client.submit({"execute": "guest-ping"}, on_reply=behind.append)
    seconds = ERROR_SECONDS if timeout is None else min(timeout, ERROR_SECONDS)
    try:
        with contextlib.suppress(TimedOut, ConnectionLost):
            client.wait(lambda: bool(errors or behind), timeout=seconds)
    finally:
        client.give_up(request)
        client.give_up(ping)
    match errors:
        case [ErrorReply() as reply]:
            raise CommandError(reply.error_class, reply.desc, reply.members)
        case [Return() as reply]:
            return reply
    return Return({}, request.id, {"return": {}})
