"""What a server accepts, asked of the server itself."""

from __future__ import annotations

from typing import Any

from qmpshell.client.client import Client
from qmpshell.errors import CommandError
from qmpshell.protocol import ErrorReply, Return
from qmpshell.schema import Schema

COMMANDS_REQUEST: dict[str, Any] = {"execute": "query-commands"}
SCHEMA_REQUEST: dict[str, Any] = {"execute": "query-qmp-schema"}


def fetch_schema(client: Client) -> Schema | None:
    """Return the server's schema, or ``None`` from a server that has none to give.

    A guest agent's is written down here. A QEMU before 2.5 has none (``qapi/introspect.json``).

    Parameters:
        client: the connection.

    Raises:
        ConnectionLost: the connection ended meanwhile.
    """
    if client.agent_info:
        return client.agent_info.schema()
    if client.greeting is None:
        return None
    try:
        return schema_from(client.request(SCHEMA_REQUEST))
    except CommandError:
        return None


def fetch_command_names(client: Client) -> list[str]:
    """Return the names of the server's commands; none from a server that doesn't tell.

    Parameters:
        client: the connection.

    Raises:
        ConnectionLost: the connection ended meanwhile.
    """
    if client.agent_info:
        return list(client.agent_info.commands)
    try:
        return command_names_from(client.request(COMMANDS_REQUEST))
    except CommandError:
        return []


def command_names_from(reply: Return | ErrorReply) -> list[str]:
    """Read the reply to ``COMMANDS_REQUEST``; no names if it is an error, or something else."""
    match reply:
        case Return(value=list(commands)):
            return [name for name in map(_name_of, commands) if name]
    return []


def _name_of(command: object) -> str | None:
    match command:
        case {"name": str(name)}:
            return name
    return None


def schema_from(reply: Return | ErrorReply) -> Schema | None:
    """Read the reply to ``SCHEMA_REQUEST``; ``None`` if it is an error, or no schema."""
    match reply:
        case Return(value=list(entries)):
            return Schema([entry for entry in entries if isinstance(entry, dict)])
    return None
