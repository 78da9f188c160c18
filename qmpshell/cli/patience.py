"""Without a prompt: a machine that isn't there, or not any more, is waited for."""

from __future__ import annotations

import time

from qmpshell.cli.program import complain
from qmpshell.client import Client, Traffic
from qmpshell.client.connector import Connector
from qmpshell.client.deadline import Deadline
from qmpshell.client.doctor import explained
from qmpshell.client.retry import Retry
from qmpshell.errors import ConnectError, Error, NoAnswer, TimedOut
from qmpshell.render import error_line, escape, plain

_WAITING = "waiting until it is there"


class Patience:
    """Connects when that is possible, and says on standard error, once, that it waits till then.

    Parameters:
        connector: says where to.
        program: the program's name, which stands before each diagnostic.
        timeout: how long it may take, all connections together, in seconds; ``None`` without
            an end.
    """

    def __init__(self, connector: Connector, program: str, timeout: float | None) -> None:
        self.deadline = Deadline(timeout)
        self._connector = connector
        self._program = program
        self._retry: Retry | None = None
        self._told_waiting = self._told_silence = False

    def connect(self, traffic: Traffic | None) -> Client:
        """Connect as soon as possible; again, when it was done before.

        Parameters:
            traffic: is given every message in both directions.

        Raises:
            ConnectError: no connection can come about here, however long one waits.
            TimedOut: it took too long.
        """
        again = self._retry is not None
        if self._retry is None:
            self._retry = Retry(self._connector._replace(traffic=traffic))
        else:
            self._retry.lost()
        try:
            client = self._wait(self._retry)
        except ConnectError as error:
            raise explained(error, self._connector.address) from None
        finally:
            self._retry.close()
        if self._told_waiting:
            self._tell_connected(client, again=again)
        return client

    def lost(self, error: Error) -> None:
        """Say that the connection has ended, and another is waited for."""
        complain(self._program, f"{plain(error_line(error))}; {_WAITING}")
        self._told_waiting = True

    def _wait(self, retry: Retry) -> Client:
        while (client := retry.go_on()) is None:
            self._tell_waiting(retry.failure)
            remaining = self.deadline.remaining
            if remaining == 0:
                raise TimedOut(f"{self._connector.address}: nobody came in time")
            time.sleep(retry.pause if remaining is None else min(retry.pause, remaining))
        return client

    def _tell_waiting(self, failure: ConnectError | None) -> None:
        """Say once why one has to wait; and once that somebody is there, and silent."""
        silence = isinstance(failure, NoAnswer) and not self._told_silence
        if failure is None or (self._told_waiting and not silence):
            return
        reason = explained(failure, self._connector.address)
        complain(self._program, f"{plain(error_line(reason))}; {_WAITING}")
        self._told_waiting = True
        self._told_silence = isinstance(failure, NoAnswer)

    def _tell_connected(self, client: Client, *, again: bool) -> None:
        self._told_waiting = self._told_silence = False
        said = "connected again" if again else "connected"
        name = escape(client.server_name)
        complain(self._program, f"{said}: {name}" if name else said)
