"""The answer to ``query-qmp-schema``: a server's commands and events."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from qmpshell.named_tuple import NamedTuple
from qmpshell.schema.open_commands import takes_more
from qmpshell.schema.reading import Entry, as_object, read_features, read_type
from qmpshell.schema.types import UNKNOWN, ObjectType, Type


class Command(NamedTuple):
    """A command.

    Attributes:
        name: its name.
        arguments: what it takes.
        returns: what it returns.
        features: what it is marked with.
        allow_oob: whether it can be sent out of band.
        summary: what it does; empty for QEMU's own, as its schema doesn't say.
        since: the version that brought it, where that is known.
    """

    name: str
    arguments: ObjectType
    returns: Type
    features: tuple[str, ...] = ()
    allow_oob: bool = False
    summary: str = ""
    since: str = ""


class Event(NamedTuple):
    """An event.

    Attributes:
        name: its name.
        data: what it says.
        features: what it is marked with.
    """

    name: str
    data: ObjectType
    features: tuple[str, ...] = ()


class Schema:
    """What a server accepts. What is asked for is read, and nothing else.

    Parameters:
        entries: the answer to ``query-qmp-schema``; what in it is no entry is passed over.
    """

    def __init__(self, entries: list[Any]) -> None:
        self._entries: dict[str, Entry] = {
            entry["name"]: entry
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(entry, dict) and isinstance(entry.get("name"), str)
        }
        self._types: dict[str, Type] = {}
        self._commands: dict[str, Command] = {}

    @cached_property
    def commands(self) -> tuple[str, ...]:
        """The commands' names, sorted."""
        return self._names("command")

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The events' names, sorted."""
        return self._names("event")

    def command(self, name: str) -> Command | None:
        """Return a command, or ``None`` when there is none of that name."""
        if name not in self._commands:
            entry = self._entries.get(name)
            if entry is None or entry.get("meta-type") != "command":
                return None
            self._commands[name] = self._read_command(name, entry)
        return self._commands[name]

    def event(self, name: str) -> Event | None:
        """Return an event, or ``None`` when there is none of that name."""
        entry = self._entries.get(name)
        if entry is None or entry.get("meta-type") != "event":
            return None
        return Event(name, as_object(self._find(entry.get("arg-type"))), read_features(entry))

    def _names(self, meta_type: str) -> tuple[str, ...]:
        entries = self._entries.items()
        return tuple(sorted(name for name, entry in entries if entry.get("meta-type") == meta_type))

    def _read_command(self, name: str, entry: Entry) -> Command:
        arguments = as_object(self._find(entry.get("arg-type")))
        if takes_more(name, has_variants=arguments.discriminator is not None):
            arguments = arguments._replace(open=True)
        returns = self._find(entry.get("ret-type"))
        return Command(
            name,
            arguments,
            returns,
            read_features(entry),
            allow_oob=entry.get("allow-oob") is True,
            summary=_text(entry.get("summary")),
            since=_text(entry.get("since")),
        )

    def _find(self, name: object) -> Type:
        """Read a type by its name, which may be anything."""
        if not isinstance(name, str) or name not in self._entries:
            return UNKNOWN
        if name not in self._types:
            self._types[name] = read_type(self._entries[name], self._find)
        return self._types[name]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
