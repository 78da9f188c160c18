"""Secrets in values: in objects by their members' names, in texts by what they look like."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from qmpshell.secrets.hmp import hide_in_any_text, hide_in_hmp
from qmpshell.secrets.table import (
    HIDDEN,
    Rule,
    find_rule,
    is_key,
    is_nearly,
    is_secret_name,
    mentions_secret,
    normal,
)
from qmpshell.secrets.words import Given, Verdict, judge

_NO_RULE = Rule()

#: Where a request has its command, and an action.
_COMMAND = ("execute", "exec-oob", "type")

#: The members of an object that says of a property what it is called, and what it is.
_NAMING = ("name", "property", "key")
_HOLDING = ("value", "data")


def hide_in_command(
    members: Mapping[str, Any], rule: Rule | None, secrets: list[str]
) -> dict[str, Any]:
    """Hide the secrets in a request or an action, wherever in it its arguments are.

    Parameters:
        members: they are left as they are.
        rule: what is secret about the command.
        secrets: what was hidden is added to it.
    """
    rule = rule or _NO_RULE
    result: dict[str, Any] = {}
    for (name, value), verdict in zip(members.items(), _judged(members, rule), strict=True):
        if name == "id" or (name in _COMMAND and isinstance(value, str)):
            result[name] = hide_in_value(value, secrets)
        elif isinstance(value, dict) and not is_secret_name(name):
            result[name] = hide_in_arguments(value, find_rule(name) or rule, secrets)
        elif verdict.secret:
            result[name] = hide(value, secrets)
        else:
            result[name] = hide_in_value(value, secrets, rule)
    return result


def hide_in_arguments(
    arguments: Mapping[str, Any], rule: Rule | None, secrets: list[str]
) -> dict[str, Any]:
    """Hide the secrets in a command's arguments.

    Parameters:
        arguments: they are left as they are.
        rule: what is secret about the command.
        secrets: what was hidden is added to it.
    """
    rule = rule or _NO_RULE
    result: dict[str, Any] = {}
    for (name, value), verdict in zip(arguments.items(), _judged(arguments, rule), strict=True):
        if verdict.strange:
            secrets.append(name)
        shown = hide(value, secrets) if verdict.secret else hide_in_value(value, secrets, rule)
        result[HIDDEN if verdict.strange else name] = shown
    return result


def _judged(members: Mapping[str, Any], rule: Rule) -> list[Verdict]:
    return judge([Given((name,), _text(value)) for name, value in members.items()], rule)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def hide_in_value(value: Any, secrets: list[str], rule: Rule = _NO_RULE) -> Any:
    """Hide the secrets in any value.

    Parameters:
        value: it is left as it is.
        secrets: what was hidden is added to it.
        rule: what is secret about the command whose argument it is.
    """
    match value:
        case str() if rule.is_hmp:
            return hide_in_hmp(value, secrets)
        case str() if value.startswith("json:"):
            return _hide_in_json_name(value, secrets, rule)
        case str():
            return hide_in_any_text(value, secrets)
        case dict():
            return _hide_in_object(value, secrets, rule)
        case list():
            return _hide_in_list(value, secrets, rule)
    return value


def hide(value: Any, secrets: list[str]) -> Any:
    """Hide a whole value; a switch isn't worth it."""
    if isinstance(value, bool) or value is None:
        return value
    secrets += _texts_in(value)
    return HIDDEN


def _texts_in(value: Any) -> list[str]:
    match value:
        case dict():
            return [text for inner in value.values() for text in _texts_in(inner)]
        case list():
            return [text for inner in value for text in _texts_in(inner)]
    return [_text(value)]


def _hide_in_object(value: dict[str, Any], secrets: list[str], rule: Rule) -> dict[str, Any]:
    match value:
        # An action of a transaction, and a request in the middle of something else.
        case {"type": str(name)} | {"execute": str(name)} if inner := find_rule(name):
            return hide_in_command(value, inner, secrets)
    names = [value.get(key) for key in _NAMING]
    named = any(isinstance(name, str) and _is_property(name) for name in names)
    return {
        name: hide(inner, secrets)
        if (named and normal(name) in _HOLDING) or _is_secret(name, inner, rule)
        else hide_in_value(inner, secrets, rule)
        for name, inner in value.items()
    }


def _is_property(name: str) -> bool:
    return name == "data" or is_secret_name(name)


def _is_secret(name: str, value: Any, rule: Rule) -> bool:
    if name == "pass" and isinstance(value, int):
        # How often a migration has gone through the memory: the event MIGRATION_PASS.
        return False
    return is_secret_name(name) or is_nearly(normal(name), rule.hidden) or is_key(name, value)


def _hide_in_list(values: Sequence[Any], secrets: list[str], rule: Rule) -> list[Any]:
    """Hide also what follows the name of a secret, as in a program's arguments."""
    result: list[Any] = []
    secret_follows = False
    for value in values:
        if secret_follows:
            result.append(hide(value, secrets))
        else:
            result.append(hide_in_value(value, secrets, rule))
        # Alone, it is the type of an object, among others in a schema.
        secret_follows = isinstance(value, str) and value != "secret" and is_secret_name(value)
    return result


def _hide_in_json_name(text: str, secrets: list[str], rule: Rule) -> str:
    """Hide secrets in a file's name such as ``json:{"driver": "https", ...}``."""
    try:
        value = json.loads(text.removeprefix("json:"))
    except ValueError:
        if not mentions_secret(text):
            return text
        secrets.append(text)
        return f"json:{HIDDEN}"
    hidden = hide_in_value(value, secrets, rule)
    return text if hidden == value else f"json:{json.dumps(hidden)}"
