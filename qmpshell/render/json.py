"""JSON for people and for programs. What is shown on a terminal can be copied as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from qmpshell.render.escape import escape
from qmpshell.render.styled import Role, Styled

_INDENT = "  "


def compact_json(value: Any) -> str:
    """Write a value on one line, in ASCII: for programs, pipes and logs."""
    return json.dumps(value)


def pretty_json(value: Any, width: int = 80) -> Styled:
    """Write a value for a person: what fits on a line is on one, the rest is indented.

    Parameters:
        value: what :func:`json.loads` returned.
        width: the line's length to aim at, in characters.

    Returns:
        Valid JSON, in which no control character stands.
    """
    styled: Styled = []
    _append(styled, value, "", width)
    return styled


def json_string(text: str) -> str:
    """Write a string as JSON, readable and safe for a terminal."""
    return escape(json.dumps(text, ensure_ascii=False))


def _append(styled: Styled, value: Any, indent: str, width: int) -> None:
    if not isinstance(value, dict | list) or not value:
        styled.append(_scalar(value))
        return
    if line := _on_one_line(value, width - len(indent)):
        styled += line
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    deeper = indent + _INDENT
    separator = opening + "\n" + deeper
    for key, member in _members(value):
        styled.append((Role.PUNCTUATION, separator))
        if key is not None:
            styled += [(Role.KEY, json_string(key)), (Role.PUNCTUATION, ": ")]
        _append(styled, member, deeper, width)
        separator = ",\n" + deeper
    styled.append((Role.PUNCTUATION, "\n" + indent + closing))


def _on_one_line(value: dict[str, Any] | list[Any], room: int) -> Styled | None:
    """Write it on one line, or give up as soon as that is longer than the room."""
    line: Styled = []
    for piece in _flat(value):
        room -= len(piece[1])
        if room < 0:
            return None
        line.append(piece)
    return line


def _flat(value: Any) -> Iterator[tuple[Role, str]]:
    if not isinstance(value, dict | list) or not value:
        yield _scalar(value)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = opening
    for key, member in _members(value):
        yield Role.PUNCTUATION, separator
        if key is not None:
            yield Role.KEY, json_string(key)
            yield Role.PUNCTUATION, ": "
        yield from _flat(member)
        separator = ", "
    yield Role.PUNCTUATION, closing


def _members(value: dict[str, Any] | list[Any]) -> Iterable[tuple[str | None, Any]]:
    if isinstance(value, dict):
        return value.items()
    return ((None, item) for item in value)


def _scalar(value: Any) -> tuple[Role, str]:
    match value:
        case str():
            return Role.STRING, json_string(value)
        case None | bool():
            return Role.CONSTANT, json.dumps(value)
        case int() | float():
            return Role.NUMBER, json.dumps(value)
    return Role.PUNCTUATION, "{}" if isinstance(value, dict) else "[]"
