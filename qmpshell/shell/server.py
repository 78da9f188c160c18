"""What a server accepts, as far as it has said so."""

from __future__ import annotations

from collections.abc import Callable

from qmpshell.client import Client
from qmpshell.client.introspection import SCHEMA_REQUEST, schema_from
from qmpshell.language.candidates import Menu
from qmpshell.protocol import ErrorReply, Return
from qmpshell.schema import Schema


class Server:
    """The commands and the schema of the server behind a connection.

    Attributes:
        commands: the names of its commands.
        schema: what it accepts; ``None`` while, or where, it isn't known.
        menu: what fits at a cursor.
        complete: whether the server has answered.
    """

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.schema: Schema | None = None
        self.menu = Menu(None, ())
        self.complete = False

    def ask(self, client: Client, came: Callable[[], None]) -> None:
        """Ask without waiting, and forget what another connection said.

        Parameters:
            client: the connection.
            came: is called after each answer.

        Raises:
            ConnectionLost: the connection has ended.
        """
        self._forget()

        def take_names(reply: Return | ErrorReply) -> None:
            match reply:
                case Return(value=list(commands)):
                    self.commands = [name for name in map(_name_of, commands) if name]
            self.menu = Menu(self.schema, self.commands)
            came()

        def take_schema(reply: Return | ErrorReply) -> None:
            self.schema = schema_from(reply)
            self.menu = Menu(self.schema, self.commands)
            self.complete = True
            came()

        client.submit({"execute": "query-commands"}, on_reply=take_names)
        client.submit(SCHEMA_REQUEST, on_reply=take_schema)

    def _forget(self) -> None:
        self.commands, self.schema = [], None
        self.menu = Menu(None, ())
        self.complete = False


def _name_of(command: object) -> str | None:
    match command:
        case {"name": str(name)}:
            return name
    return None
