"""What a guest agent says of itself when it is asked with ``guest-info``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol.agent import UNANSWERED
from qmpshell.schema import Schema


class AgentInfo(NamedTuple):
    """An agent's version and its commands.

    Attributes:
        version: as it says it, such as ``7.2.22``; ``""`` when it doesn't.
        commands: the names of its commands, and whether each is enabled; none when it
            doesn't tell.
        unanswered: the names of those that have no reply when they succeed.
    """

    version: str = ""
    commands: Mapping[str, bool] = MappingProxyType({})
    unanswered: frozenset[str] = UNANSWERED

    def allows(self, *names: str) -> bool:
        """Say whether commands are enabled, as far as that is known."""
        return all(self.commands.get(name, not self.commands) for name in names)

    def schema(self) -> Schema:
        """Return what the agent accepts."""
        from qmpshell.schema.agent import agent_schema  # a command without arguments needs none

        return agent_schema(self.version, self.commands)


def read_info(value: Any) -> AgentInfo:
    """Read the value of ``guest-info``, which may be anything."""
    if not isinstance(value, dict):
        return AgentInfo()
    version = value.get("version")
    listed = value.get("supported_commands")
    commands: dict[str, bool] = {}
    unanswered = set(UNANSWERED)
    for command in listed if isinstance(listed, list) else ():
        match command:
            case {"name": str(name), **rest}:
                commands[name] = rest.get("enabled") is not False
                if rest.get("success-response") is False:
                    unanswered.add(name)
    return AgentInfo(version if isinstance(version, str) else "", commands, frozenset(unanswered))
