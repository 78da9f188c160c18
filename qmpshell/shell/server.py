"""What a server accepts, as far as it has said so."""

from __future__ import annotations

from collections.abc import Callable

from qmpshell.client import Client
from qmpshell.client.introspection import (
    COMMANDS_REQUEST,
    SCHEMA_REQUEST,
    command_names_from,
    schema_from,
)
from qmpshell.protocol import ErrorReply, Return
from qmpshell.schema import Schema


class Server:
    """The commands and the schema of the server behind a connection.

    Attributes:
        commands: the names of its commands.
        schema: what it accepts; ``None`` while, or where, it isn't known.
        is_agent: whether it is a guest agent.
        complete: whether nothing more is expected: it has answered, or wasn't asked.
        on_answer: is called after each answer.
    """

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.schema: Schema | None = None
        self.is_agent = False
        self.complete = True
        self.on_answer: Callable[[], None] = lambda: None

    def ask(self, client: Client) -> None:
        """Ask without waiting, and forget what another connection said.

        Parameters:
            client: the connection.

        Raises:
            ConnectionLost: the connection has ended.
        """
        self.is_agent = client.is_agent
        self.commands, self.schema = [], None
        if client.agent_info:
            self.commands, self.schema = [*client.agent_info.commands], client.agent_info.schema()
            self.on_answer()
            return
        self.complete = False
        client.submit(COMMANDS_REQUEST, on_reply=self._take_names)
        client.submit(SCHEMA_REQUEST, on_reply=self._take_schema)

    def stop_waiting(self) -> None:
        """Expect no answer any more; one that still comes is welcome."""
        self.complete = True

    def _take_names(self, reply: Return | ErrorReply) -> None:
        self.commands = command_names_from(reply)
        self.on_answer()

    def _take_schema(self, reply: Return | ErrorReply) -> None:
        self.schema = schema_from(reply)
        self.complete = True
        self.on_answer()
