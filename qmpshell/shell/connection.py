"""The connection of a session as it is now, what is known through it, and the way to the next."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from qmpshell.address import Address
from qmpshell.client import Client
from qmpshell.client.connector import Connector
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import ConnectError, ConnectionLost, GivenUp, TimedOut, UsageError
from qmpshell.protocol import Event
from qmpshell.shell.machine import Machine
from qmpshell.shell.server import Server
from qmpshell.transport import comes_to_us

if TYPE_CHECKING:
    from qmpshell.client.retry import Retry

#: How long the first prompt may wait for the machine's name and state, in seconds. What
#: comes later is shown when it comes.
FIRST_PROMPT_SECONDS = 0.5

#: How long it may wait for the schema besides, in seconds. QEMU 7.2 takes 40 ms to write it,
#: and that time has passed already while prompt_toolkit was imported.
SCHEMA_SECONDS = 0.02

#: How long a line that is to be checked waits for a schema that still hasn't come, in seconds.
CHECK_SECONDS = 1.0

#: With frozen file systems, a guest's agent allows few other commands (tried on 7.2).
_FREEZING = "guest-fsfreeze-"


class Connection:
    """The connection to a machine, or that there is none now.

    Parameters:
        connect: connects to the first machine.
        connector: connects to addresses; ``None`` where that isn't wanted.
        negotiated: the server is a QMP monitor, so it can be asked for its name and state.
        with_schema: what the server accepts is wanted as well.
        patient: a machine that isn't there is waited for.

    Attributes:
        client: the connection; one that has ended while there is none.
        machine: what is known of the machine.
        server: what its server accepts, as far as it has said so.
        interrupt: ends the waits for this connection.
        count: how many connections to this address there have been.
        on_connected: is called when there is another connection.
        on_event: is given each event.

    Raises:
        ConnectError: no connection came about, and none is waited for.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        connector: Connector | None = None,
        *,
        negotiated: bool = True,
        with_schema: bool = True,
        patient: bool = False,
    ) -> None:
        self.server = Server()
        self.interrupt = Interrupt()
        self.count = 0
        self.on_connected: Callable[[], None] = lambda: None
        self.on_event: Callable[[Event], None] = lambda _: None
        self._connect = connect
        self._connector = connector
        self._negotiated = negotiated
        self._with_schema = with_schema
        self._patient = patient
        self._given_up = False
        self._retry: Retry | None = None
        self._tried_for: Client | None = None
        self.client = self._first_client()
        self.machine = Machine(self.client)
        self.server.is_agent = self.client.is_agent

    @property
    def address(self) -> Address | None:
        """Where the connection leads, or led; ``None`` where there is no other."""
        return self._connector.address if self._connector else None

    @property
    def waiting(self) -> bool:
        """Whether there is no connection, and one is waited for: call :meth:`go_on`."""
        return self._retry is not None and self.client.closed and not self._given_up

    @property
    def pause(self) -> float:
        """How long there is nothing to do for who waits, in seconds."""
        return self._retry.pause if self._retry else 0.0

    @property
    def failure(self) -> ConnectError | None:
        """Why the last attempt to have a connection again failed."""
        return self._retry.failure if self._retry else None

    def explained(self, failure: ConnectError) -> ConnectError:
        """Return a failure with the reason in it, as far as this host knows one."""
        from qmpshell.client.doctor import explained

        return explained(failure, self.address) if self.address else failure

    def close(self) -> None:
        """Leave the machine, which runs on."""
        self._leave_attempt()
        self.client.close()
        self.interrupt.close()

    def begin(self) -> None:
        """Ask a fresh connection, without waiting, for what the prompt and completion need."""
        self.client.heed(self.interrupt)
        self.client.listener = self.on_event
        self.machine = Machine(self.client)
        if not (self._negotiated or self.client.is_agent) or self.client.closed:
            return
        with contextlib.suppress(ConnectionLost):
            self.machine.ask()
            if self._with_schema:
                self.server.ask(self.client)

    def on_command(self, members: Mapping[str, Any]) -> None:
        """Take note of a command that was sent, after which others may be enabled.

        Parameters:
            members: the request.
        """
        if self.client.is_agent and str(members.get("execute")).startswith(_FREEZING):
            from qmpshell.client.agent.client import agent_of

            with contextlib.suppress(ConnectionLost):
                agent_of(self.client).renew_info(lambda: self.server.ask(self.client))

    def settle(self) -> None:
        """Wait a moment for the answers; a machine that is busy doesn't hold up the prompt."""
        self._wait(lambda: self.machine.known, FIRST_PROMPT_SECONDS)
        self._wait(lambda: self.server.complete, SCHEMA_SECONDS)

    def await_schema(self) -> None:
        """Wait for the schema as long as that makes sense, so that a line can be checked."""
        self._wait(lambda: self.server.complete, CHECK_SECONDS)
        self.server.stop_waiting()

    def raise_if_closed(self) -> None:
        """Raise what there is to say and to do, if there is no connection.

        Raises:
            ConnectionLost: there is none.
        """
        if self.waiting:
            reason = f": {self.explained(self.failure)}" if self.failure else ""
            raise ConnectionLost(f"not connected{reason}; waiting until it is there")
        if self.client.closed:
            raise ConnectionLost("not connected; /reconnect, or Ctrl-D")

    def reconnect(self) -> None:
        """Leave the connection, if there still is one, and make another to the same address.

        Raises:
            ConnectError: none came about; there is no connection now.
            GivenUp: Ctrl-C; there is no connection now.
        """
        self.client.close()
        self._take(self._connect, self._connector)

    def connect_to(self, address: Address) -> None:
        """Connect to another address, and leave the machine when that has come about.

        Parameters:
            address: where to.

        Raises:
            UsageError: no other than the first machine is wanted.
            ConnectError: no connection came about; that of before is still there.
            GivenUp: Ctrl-C; that of before is still there.
        """
        if self._connector is None:
            raise UsageError("there is no way to another machine from here")
        connector = self._connector.to(address)
        self._take(connector.connect, connector)

    def go_on(self) -> bool:
        """Do, without blocking, what can be done now to have a connection again.

        Returns:
            Whether there is one.

        Raises:
            ConnectError: an attempt failed for a reason that won't go away; none is waited for.
        """
        assert self._retry is not None
        if self._tried_for is not self.client:
            self._tried_for = self.client
            self._retry.lost()
        try:
            client = self._retry.go_on()
        except ConnectError:
            self._given_up = True
            raise
        if client:
            self._adopt(client)
        return client is not None

    def give_up_waiting(self) -> None:
        """Try no more until there has been another connection."""
        self._given_up = True
        self._leave_attempt()

    def _first_client(self) -> Client:
        connect = self._connect
        if self._patient and self._connector and comes_to_us(self._connector.address):
            # That may take its time, and a person is better off with a prompt.
            connect = self._connector._replace(timeout=0.0).connect
        try:
            client = connect()
        except ConnectError as error:
            from qmpshell.client.retry import HOPELESS

            if not self._patient or isinstance(error, HOPELESS):
                raise
            self._retry = self._new_retry(self._connector)
            return self._absent_client(str(error))
        self._retry = self._new_retry(self._connector)
        self.count = 1
        return client

    def _absent_client(self, reason: str) -> Client:
        if self._connector is None or not self._connector.agent:
            return Client.absent(reason)
        from qmpshell.client.agent.client import AgentClient

        return AgentClient.absent(reason)

    def _new_retry(self, connector: Connector | None) -> Retry | None:
        """Prepare for the connection's end, while a host's name can still be looked up."""
        if connector is None or not self._patient:
            return None
        from qmpshell.client.retry import Retry

        return Retry(connector)

    def _take(self, connect: Callable[[], Client], connector: Connector | None) -> None:
        """Connect, and take this connection in place of the one there is."""
        # An attempt that queues for the monitor would keep us from it ourselves.
        self._leave_attempt()
        try:
            retry = self._new_retry(connector)
            client = connect()
        except KeyboardInterrupt:
            raise GivenUp("gave up connecting") from None
        with self.interrupt.catching_sigint():
            self.count = self.count if connector is self._connector else 0
            self._connect, self._connector, self._retry = connect, connector, retry
            self._adopt(client)
        self.settle()

    def _adopt(self, client: Client) -> None:
        self.client.close()
        self.client = client
        self.count += 1
        self._given_up = False
        self.begin()
        self.on_connected()

    def _leave_attempt(self) -> None:
        if self._retry:
            self._retry.close()

    def _wait(self, done: Callable[[], bool], seconds: float) -> None:
        """Wait, for so long at most, or until Ctrl-C or the connection's end."""
        stopped = contextlib.suppress(TimedOut, ConnectionLost, KeyboardInterrupt)
        with stopped, self.interrupt.catching_sigint():
            self.client.wait(done, timeout=seconds)
