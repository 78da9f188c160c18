"""Secrets in the messages of a conversation: requests, and the replies to them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from qmpshell.named_tuple import NamedTuple
from qmpshell.secrets.hmp import returns_secret
from qmpshell.secrets.table import ALL_SECRET, HIDDEN, Rule, find_rule, is_secret_name
from qmpshell.secrets.values import hide, hide_in_command, hide_in_value

Direction = TypeVar("Direction", bound=str)


#: A part of an option string, JSON or the like; a shorter one would be found everywhere.
_PIECE = re.compile(r"""[^\s,:={}"'\\]{5,}""")

#: What is longer is a file rather than a line, in characters.
_LONGEST_WITH_PIECES = 1000


class HiddenRequest(NamedTuple):
    """A request without its secrets.

    Attributes:
        members: what may be kept of it.
        secrets: what was hidden.
        returns_secret: whether what it returns must be hidden as a whole.
    """

    members: dict[str, Any]
    secrets: tuple[str, ...]
    returns_secret: bool


def hide_in_request(members: Mapping[str, Any]) -> HiddenRequest:
    """Hide the secrets in a request, however wrong it is.

    Parameters:
        members: the request; it is left as it is.
    """
    secrets: list[str] = []
    rule = next(filter(None, map(find_rule, _names(members))), None)
    if rule is None and is_secret_name(str(members.get("execute", ""))):
        rule = ALL_SECRET
    shown = hide_in_command(members, rule, secrets)
    return HiddenRequest(shown, tuple(secrets), rule is not None and _returns_secret(members, rule))


def hide_in_reply(members: Mapping[str, Any], request: HiddenRequest | None) -> dict[str, Any]:
    """Hide the secrets in a reply: its own, and those that it repeats.

    Parameters:
        members: the reply, or another message of the server; it is left as it is.
        request: what it answers, if that is known.
    """
    result: dict[str, Any] = hide_in_value(dict(members), [])
    if request is None:
        return result
    if request.returns_secret and "return" in result:
        result["return"] = hide(result["return"], [])
    for secret in sorted(_repeated(request.secrets), key=len, reverse=True):
        result = {
            name: value if name == "id" else _without(value, secret)
            for name, value in result.items()
        }
    return result


def hiding_traffic(
    keep: Callable[[Direction, Mapping[str, Any]], None],
) -> Callable[[Direction, Mapping[str, Any]], None]:
    """Hide the secrets in all messages before somebody keeps them.

    Parameters:
        keep: is given each direction, ``sent`` or ``received``, and what may be kept of
            each message.
    """
    waiting: dict[str, HiddenRequest] = {}

    def hide_and_keep(direction: Direction, members: Mapping[str, Any]) -> None:
        number = json.dumps(members.get("id"), sort_keys=True)
        if direction == "sent":
            request = hide_in_request(members)
            if request.secrets or request.returns_secret:
                waiting[number] = request
            keep(direction, request.members)
        else:
            answered = waiting.pop(number, None) if "event" not in members else None
            keep(direction, hide_in_reply(members, answered))

    return hide_and_keep


def _names(members: Mapping[str, Any]) -> Iterator[str]:
    """Yield what may be the command's name, in whatever shape."""
    for name, value in members.items():
        match value:
            case str():
                yield value
            case [str(first), *_]:
                yield first
        yield name


def _repeated(secrets: Iterable[str]) -> set[str]:
    """Return what a reply may repeat: also a part of what was hidden as a whole."""
    repeated = set(filter(None, secrets))
    for secret in secrets:
        if len(secret) <= _LONGEST_WITH_PIECES:
            repeated.update(_PIECE.findall(secret))
    return repeated


def _returns_secret(members: Mapping[str, Any], rule: Rule) -> bool:
    values = json.dumps(list(members.values()))
    if rule.is_hmp:
        match members:
            case {"arguments": {"command-line": str(line)}}:
                return returns_secret(line)
    return rule.returns_secret and rule.in_force(values)


def _without(value: Any, secret: str) -> Any:
    match value:
        case str():
            return value.replace(secret, HIDDEN)
        case dict():
            return {name: _without(inner, secret) for name, inner in value.items()}
        case list():
            return [_without(inner, secret) for inner in value]
    return value
