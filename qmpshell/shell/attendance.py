"""The connection while a prompt stands: read as long as it is there, waited for when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from qmpshell.client import Client
from qmpshell.errors import ConnectError
from qmpshell.shell.connection import FIRST_PROMPT_SECONDS, Connection
from qmpshell.shell.connection_news import ConnectionNews
from qmpshell.shell.watch import watch


class Attendance:
    """Attends to a connection from a prompt's event loop, which ends with the prompt.

    Parameters:
        connection: what is attended to.
        news: says what becomes of it.
        lost: is called when it has ended.
        changed: is called after something was read, or tried.
    """

    def __init__(
        self,
        connection: Connection,
        news: ConnectionNews,
        lost: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._news = news
        self._tell_lost = lost
        self._tell_changed = changed
        self._loop = asyncio.get_running_loop()

    def begin(self) -> None:
        """Read, or wait for, the connection. Called when the loop has started."""
        if self._connection.client.closed:
            self._wait()
        else:
            watch(self._connection.client, self._changed, self._lost)

    def _changed(self) -> None:
        self._news.tell_connected(at_once=False)
        self._tell_changed()

    def _lost(self) -> None:
        self._tell_lost()
        self._wait()

    def _wait(self) -> None:
        if self._connection.waiting:
            self._loop.call_later(self._connection.pause, self._go_on)

    def _go_on(self) -> None:
        try:
            connected = self._connection.go_on()
        except ConnectError as error:
            self._news.tell_given_up(self._connection.explained(error))
            self._tell_changed()
            return
        if not connected:
            self._news.tell_failure()
            self._wait()
            return
        self.begin()
        # A machine that is busy doesn't keep us from saying that it is there.
        self._loop.call_later(FIRST_PROMPT_SECONDS, self._tell_at_last, self._connection.client)
        self._tell_changed()

    def _tell_at_last(self, client: Client) -> None:
        # By now there may be another one, which has its own time.
        if client is self._connection.client:
            self._news.tell_connected(at_once=True)
