"""A server that isn't there yet, or not any more: attempts until one succeeds, ever further apart.

Nothing here waits. Who has nothing else to do sleeps between the steps, and a prompt lets its
event loop call them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

from qmpshell.client.client import Client
from qmpshell.client.connect import attempt_in_steps
from qmpshell.client.connector import Connector
from qmpshell.errors import ConnectError, NotQMP, NotTrusted, WrongAddress
from qmpshell.transport import every_address

#: How long after the first attempt the second begins, in seconds. Each time it is twice as long.
FIRST_SECONDS = 0.1

#: It gets no longer than this, in seconds.
LONGEST_SECONDS = 5.0

#: How often we look how an attempt is getting on, in seconds: often at first, as a server that
#: is free greets at once.
SHORTEST_LOOK_SECONDS = 0.001
LONGEST_LOOK_SECONDS = 0.05

#: What can't heal: a new server at the same place would have the same trouble.
HOPELESS = (NotQMP, NotTrusted, WrongAddress)


class Retry:
    """Attempts to connect, one after another.

    Making one may take the time to look up a host's name: make it while the network is there.

    Parameters:
        connector: says where to, and how long an attempt may take.
        now: tells the time, in seconds.

    Attributes:
        failure: why the last attempt failed; ``None`` before.

    Raises:
        WrongAddress: there is no such host.
    """

    def __init__(self, connector: Connector, now: Callable[[], float] = time.monotonic) -> None:
        self.failure: ConnectError | None = None
        self._connector = connector
        self._now = now
        self._addresses = every_address(connector.address)
        self._tried = 0
        self._gap = FIRST_SECONDS
        self._began = self._due = now()
        self._steps: Generator[None, None, Client] | None = None

    @property
    def pause(self) -> float:
        """How long there is nothing to do, in seconds."""
        if self._steps is None:
            return max(0.0, self._due - self._now())
        lasting = self._now() - self._began
        return min(max(lasting, SHORTEST_LOOK_SECONDS), LONGEST_LOOK_SECONDS)

    def go_on(self) -> Client | None:
        """Do what can be done now.

        Returns:
            A connection, when one has come about.

        Raises:
            ConnectError: an attempt failed for a reason that won't go away.
        """
        if self._steps is None:
            if self._now() < self._due:
                return None
            self._steps = self._begin()
        try:
            next(self._steps)
        except StopIteration as done:
            self._steps = None
            client: Client = done.value
            return client
        except HOPELESS as error:
            self._fail(error)
            raise
        except ConnectError as error:
            self._fail(error)
        return None

    def lost(self) -> None:
        """Begin again, as the connection that had come about has ended.

        A server that accepts and leaves at once doesn't get us to run round in circles.
        """
        self.close()
        self.failure = None
        if self._now() > self._began + LONGEST_SECONDS:
            self._gap = FIRST_SECONDS
        self._tried = 0
        self._wait(self._now())

    def close(self) -> None:
        """Leave an attempt that isn't over."""
        if self._steps:
            self._steps.close()
            self._steps = None

    def _begin(self) -> Generator[None, None, Client]:
        self._began = self._now()
        return attempt_in_steps(
            self._addresses[self._tried % len(self._addresses)],
            timeout=self._connector.timeout,
            negotiate=self._connector.negotiate,
            agent=self._connector.agent,
            traffic=self._connector.traffic,
        )

    def _fail(self, error: ConnectError) -> None:
        self.failure = error
        self._steps = None
        self._tried += 1
        # Of a host's addresses, the next one is tried at once.
        if self._tried % len(self._addresses) == 0:
            self._wait(self._began)

    def _wait(self, since: float) -> None:
        self._due = since + self._gap
        self._gap = min(2 * self._gap, LONGEST_SECONDS)
