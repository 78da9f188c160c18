"""What holds in the end, key by key, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qmpshell.configuration.configuration import Configuration
from qmpshell.configuration.keys import KEYS, Key
from qmpshell.named_tuple import NamedTuple
from qmpshell.render.json_layout import json_string


class Choice(NamedTuple):
    """What was chosen in place of what the file says.

    Attributes:
        value: as a configuration would hold it.
        origin: by what: ``--vi``, ``$NO_COLOR``.
    """

    value: Any
    origin: str


class Line(NamedTuple):
    """A line of the file as it would be, for what holds.

    Attributes:
        name: the key's name, also with a target's behind it.
        value: as TOML, fit for a terminal; or in words, what no value could say.
        origin: where it comes from: ``default``, ``file, line 3``, ``--vi``.
    """

    name: str
    value: str
    origin: str


class Setting(NamedTuple):
    """A key, and what holds for it.

    Attributes:
        key: it.
        lines: a line for each target, where it is those; otherwise one.
    """

    key: Key
    lines: tuple[Line, ...]


def settings(configuration: Configuration, choices: Mapping[str, Choice]) -> Iterator[Setting]:
    """Return all settings, in the order of the table of keys.

    Parameters:
        configuration: what the file says.
        choices: what was chosen in its place, by the key.
    """
    for key in KEYS:
        value = getattr(configuration, key.field)
        if choice := choices.get(key.name):
            lines = [Line(key.name, written(key, choice.value), choice.origin)]
        elif value and isinstance(value, Mapping):
            lines = [
                Line(
                    f"{key.name}.{_name(name)}",
                    json_string(text),
                    _origin(configuration, f"{key.name}.{name}"),
                )
                for name, text in value.items()
            ]
        else:
            lines = [Line(key.name, written(key, value), _origin(configuration, key.name))]
        yield Setting(key, tuple(lines))


def _origin(configuration: Configuration, name: str) -> str:
    line = configuration.lines.get(name)
    return "default" if line is None else f"file, line {line}"


def written(key: Key, value: Any) -> str:
    """Write a value as TOML, fit for a terminal; or what holds where there is none, in words."""
    return key.unset if value is None else _toml(value)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return "{}" if isinstance(value, Mapping) else json_string(value)


def _name(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else json_string(name)
