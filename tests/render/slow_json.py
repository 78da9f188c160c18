"""What pretty JSON looks like, said as plainly as possible: slow, and right."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from qmpshell.render import Role, Styled, escape


def slow_json(value: Any, width: int, indent: str = "") -> Iterator[tuple[Role, str]]:
    """Yield the pieces: what fits on a line is on one, the rest is indented."""
    line = list(_flat(value))
    if not isinstance(value, dict | list) or not value or _length(line) <= width - len(indent):
        yield from line
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    deeper = indent + "  "
    separator = opening + "\n" + deeper
    for key, member in _members(value):
        yield Role.PUNCTUATION, separator
        if key is not None:
            yield from ((Role.KEY, _string(key)), (Role.PUNCTUATION, ": "))
        yield from slow_json(member, width, deeper)
        separator = ",\n" + deeper
    yield Role.PUNCTUATION, "\n" + indent + closing


def _length(line: Styled) -> int:
    return sum(len(text) for _, text in line)


def _flat(value: Any) -> Iterator[tuple[Role, str]]:
    if not isinstance(value, dict | list) or not value:
        yield _scalar(value)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = opening
    for key, member in _members(value):
        yield Role.PUNCTUATION, separator
        if key is not None:
            yield from ((Role.KEY, _string(key)), (Role.PUNCTUATION, ": "))
        yield from _flat(member)
        separator = ", "
    yield Role.PUNCTUATION, closing


def _members(value: dict[str, Any] | list[Any]) -> Iterable[tuple[str | None, Any]]:
    return value.items() if isinstance(value, dict) else ((None, item) for item in value)


def _scalar(value: Any) -> tuple[Role, str]:
    match value:
        case str():
            return Role.STRING, _string(value)
        case None | bool():
            return Role.CONSTANT, json.dumps(value)
        case int() | float():
            return Role.NUMBER, json.dumps(value)
    return Role.PUNCTUATION, json.dumps(value)


def _string(text: str) -> str:
    return escape(json.dumps(text, ensure_ascii=False))
