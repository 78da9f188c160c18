"""What becomes of the connection, said once each: it ended, it is waited for, it is there again."""

from __future__ import annotations

from qmpshell.address import trusts_anybody
from qmpshell.client import Client
from qmpshell.errors import ConnectError, Error, NoAnswer
from qmpshell.render import Role, Styled, error_line, escape
from qmpshell.shell.machine import UNNAMED, Machine
from qmpshell.shell.session import Session

#: What there is to do without a connection, and while one is waited for.
_WAY_ON = "; /reconnect, or Ctrl-D"
_WAITING = "; waiting until it is there, Ctrl-C gives up"


class ConnectionNews:
    """Says what becomes of a session's connection.

    Parameters:
        session: whose connection it is.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told_end: Error | None = None
        self._told_failure = False
        # The banner has told of the first one.
        self._told_client: Client | None = session.client

    def has_end(self) -> bool:
        """Say whether the connection has ended, which wasn't said yet."""
        end = self._session.client.end
        return end is not None and end is not self._told_end

    def tell_end(self) -> None:
        """Say that the connection has ended, and what is done about it."""
        self._told_end = self._session.client.end
        self._told_failure = False
        if self._told_end is None:
            return
        said = error_line(self._told_end)
        if self._session.machine.state == "shutdown":
            said = [(Role.NOTE, "the machine has shut down, and the connection ended")]
        self._session.printer.say(
            [*said, (Role.NOTE, _WAITING if self._session.connection.waiting else _WAY_ON)]
        )

    def tell_connected(self, *, at_once: bool) -> None:
        """Say that there is a new connection, if there is and it wasn't said.

        Parameters:
            at_once: also when the machine hasn't yet said what it is called and how it is.
        """
        session = self._session
        client, machine = session.client, session.machine
        if client is self._told_client or client.closed:
            return
        if at_once or machine.known:
            self._told_client = client
            session.printer.note(
                _connected(client, machine, again=session.connection.count > 1)
                + ("; verify=off" if trusts_anybody(session.connection.address) else "")
            )

    def tell_failure(self) -> None:
        """Say once of a server that is there, and doesn't answer while it is waited for, why."""
        connection = self._session.connection
        if self._told_failure or not isinstance(connection.failure, NoAnswer):
            return
        self._told_failure = True
        self._session.printer.say(
            [*error_line(connection.explained(connection.failure)), (Role.NOTE, _WAITING)]
        )

    def tell_given_up(self, error: ConnectError | None = None) -> None:
        """Say that a machine isn't waited for any more.

        Parameters:
            error: why; ``None`` when the person doesn't want to.
        """
        said: Styled = [*error_line(error), (Role.NOTE, "; ")] if error else []
        self._session.printer.say([*said, (Role.NOTE, f"gave up waiting{_WAY_ON}")])


def _connected(client: Client, machine: Machine, *, again: bool) -> str:
    said = "connected again" if again else "connected"
    server = escape(client.server_name)
    if not server:
        return f"{said}, without a greeting"
    name = "" if machine.name in UNNAMED else machine.name
    return ", ".join(filter(None, (f"{said}: {server}", name, machine.state)))
