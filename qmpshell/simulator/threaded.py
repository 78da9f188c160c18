"""The simulator beside a test: in a thread, and told from the test's what to do."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from qmpshell.simulator.clock import Clock, ManualClock, host_clock
from qmpshell.simulator.faults import NONE, Faults
from qmpshell.simulator.server import Server

#: How long to wait for the server's thread before giving up, in seconds.
_PATIENCE = 30.0


class Simulator:
    """A QMP server in a thread, as a context manager.

    What a method asks for has been done when it returns, but for bytes: they are on their
    way to the client.

    Parameters:
        path: of the socket that it makes; nothing may be there.
        name: the machine's name.
        greeting: what to greet with; QEMU 10.0's if not given.
        faults: what connections suffer.
        clock: gives the time; a ``ManualClock`` lets the test move it.

    Attributes:
        path: as given.
        received: every request that could be decoded, as its members, in order.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        name: str = "demo",
        greeting: dict[str, Any] | None = None,
        faults: Faults = NONE,
        clock: Clock = host_clock,
    ) -> None:
        self.path = os.fspath(path)
        self.received: list[dict[str, Any]] = []
        self._clock = clock
        self._parameters: dict[str, Any] = {"name": name, "greeting": greeting, "faults": faults}
        self._arrival = threading.Condition()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the socket and serve it; clients can connect when this returns.

        Raises:
            OSError: the socket can't be made; ``FileExistsError`` if something is there.
        """
        self._server = Server(
            self.path, **self._parameters, clock=self._clock, on_request=self._note
        )
        self._thread = threading.Thread(target=self._server.serve, name="simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it without a word to the client, as SIGKILL ends QEMU; remove the socket."""
        assert self._server is not None
        self._server.stop()
        self.wait_until_ended()

    def terminate(self) -> None:
        """End it as SIGTERM ends QEMU."""
        assert self._server is not None
        self._server.terminate()
        self.wait_until_ended()

    def wait_until_ended(self) -> None:
        """Wait until it has ended, as it does by itself after ``quit``."""
        assert self._thread is not None
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive(), "the simulator goes on"

    def emit(self, name: str, data: dict[str, Any] | None = None) -> None:
        """Send an event to the client; to nobody where no client has negotiated."""
        self._do(lambda server: server.send_event(name, data or {}))

    def send_raw(self, data: bytes) -> None:
        """Send bytes to the client, whatever it has negotiated."""
        self._do(lambda server: server.send_raw(data))

    def drop_client(self) -> None:
        """Close the connection to the client at once."""
        self._do(lambda server: server.drop_client())

    def advance(self, seconds: float) -> None:
        """Let time pass on a ``ManualClock``, and everything happen that was due by then."""
        clock = self._clock
        assert isinstance(clock, ManualClock)

        def pass_time(server: Server) -> None:
            clock.advance(seconds)
            server.timetable.run_due()

        self._do(pass_time)

    def release(self) -> None:
        """Let the held command be done, and the reply go to whoever is connected now."""
        self._do(lambda server: server.release())

    def set_faults(self, faults: Faults) -> None:
        """Change the faults: of answers at once, of bytes from the next client on."""

        def change(server: Server) -> None:
            server.faults = faults

        self._do(change)

    def wait_for(self, command: str) -> dict[str, Any]:
        """Wait until a command has been received; return the first request for it."""

        def find() -> dict[str, Any] | None:
            for request in self.received:
                if command in (request.get("execute"), request.get("exec-oob")):
                    return request
            return None

        with self._arrival:
            found = self._arrival.wait_for(find, _PATIENCE)
        assert found is not None, f"{command} never came"
        return found

    def _note(self, members: dict[str, Any]) -> None:
        with self._arrival:
            self.received.append(members)
            self._arrival.notify_all()

    def _do(self, action: Callable[[Server], None]) -> None:
        """Do something in the server's thread, and wait until it is done."""
        server, thread = self._server, self._thread
        assert server is not None
        assert thread is not None
        assert thread.is_alive(), "the simulator has ended"
        outcome: Future[None] = Future()

        def run() -> None:
            try:
                action(server)
            except Exception as error:
                outcome.set_exception(error)
            else:
                outcome.set_result(None)

        server.post(run)
        outcome.result(_PATIENCE)
