"""The server: one Unix socket, one client at a time, one thread."""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from qmpshell.simulator import recorded
from qmpshell.simulator.answers import answer
from qmpshell.simulator.clock import Clock, Timetable, host_clock
from qmpshell.simulator.conversation import Conversation, Refusal
from qmpshell.simulator.documents import event_members
from qmpshell.simulator.faults import NONE, Faults
from qmpshell.simulator.link import Link
from qmpshell.simulator.listener import Listener
from qmpshell.simulator.machine import Machine
from qmpshell.simulator.requests import Request

#: The system's own limit is not much above; looking once too often costs nothing.
_LONGEST_WAIT = 3600.0


def _ignore(_members: dict[str, Any]) -> None:
    pass


class Server:
    """Serves a simulated machine on a socket that it makes.

    Parameters:
        path: of the socket; nothing may be there.
        name: the machine's name.
        greeting: what to greet with; QEMU 10.0's if not given.
        faults: what connections suffer.
        clock: gives the time.
        on_request: called with the members of each request that could be decoded.

    Attributes:
        faults: may be changed while it runs: those of answers hold at once, those of
            bytes from the next client on.

    Raises:
        OSError: the socket can't be made; ``FileExistsError`` if something is there.
    """

    def __init__(
        self,
        path: str,
        *,
        name: str = "demo",
        greeting: dict[str, Any] | None = None,
        faults: Faults = NONE,
        clock: Clock = host_clock,
        on_request: Callable[[dict[str, Any]], None] = _ignore,
    ) -> None:
        self.faults = faults
        self.timetable = Timetable(clock)
        self._clock = clock
        self._machine = Machine(
            path, name, greeting or recorded.greeting(), self.timetable, self.send_event
        )
        self._on_request = on_request
        self._link: Link | None = None
        self._held: tuple[Request, Conversation] | None = None
        self._calls: deque[Callable[[], None]] = deque()
        self._stopping = False
        self._listener = Listener(path)
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.settimeout(0)
        self._wake_out.settimeout(0)

    # From any thread, and from a signal's handler.

    def post(self, action: Callable[[], None]) -> None:
        """Let something be done in the server's thread, between two looks at the sockets."""
        self._calls.append(action)
        self._wake()

    def terminate(self) -> None:
        """End it as SIGTERM ends QEMU."""
        self.post(lambda: self._machine.shut_down(guest=False, reason="host-signal"))

    def stop(self) -> None:
        """End it without a word to the client, as SIGKILL ends QEMU."""
        self._stopping = True
        self._wake()

    # From the server's own thread.

    def serve(self) -> None:
        """Serve clients until the machine ends; then remove the socket."""
        try:
            while not self._stopping and not self._machine.ended:
                self._wait()
                while self._calls:
                    self._calls.popleft()()
                self._serve_requests()
                self.timetable.run_due()
                self._send()
            if self._link is not None and not self._stopping:
                self._link.send_rest()
        finally:
            self.drop_client()
            self._listener.close()
            self._wake_in.close()
            self._wake_out.close()

    def send_event(self, name: str, data: dict[str, Any]) -> None:
        """Send an event to the client, if one has negotiated."""
        if self._link is not None and self._link.conversation.negotiated:
            self._link.output.say(event_members(name, data, self.timetable.now()))

    def send_raw(self, data: bytes) -> None:
        """Send bytes to the client, whatever it has negotiated."""
        assert self._link is not None, "no client is connected"
        self._link.output.say_raw(data)

    def drop_client(self) -> None:
        """Close the connection to the client at once."""
        if self._link is not None:
            self._link.socket.close()
            self._link = None

    def release(self) -> None:
        """Do the held command, and reply to whoever is connected now."""
        assert self._held is not None, "no command is held"
        request, conversation = self._held
        self._held = None
        reply = answer(request, conversation, self._machine, self.faults)
        if self._link is not None:
            self._link.output.reply(reply)

    def _wake(self) -> None:
        # A full buffer, or a server that has ended, needs no more waking.
        with contextlib.suppress(OSError):
            self._wake_out.send(b"!")

    def _wait(self) -> None:
        """Wait until somebody wants something or time runs out, and take it in."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_in, selectors.EVENT_READ)
            if self._link is None:
                selector.register(self._listener.socket, selectors.EVENT_READ)
            elif self._link.wanted:
                selector.register(self._link.socket, self._link.wanted)
            ready = {key.fileobj for key, _ in selector.select(self._patience())}
        if self._wake_in in ready:
            self._wake_in.recv(4096)
        if self._listener.socket in ready:
            self._link = Link(self._listener.accept(), self.faults)
            self._link.output.greet(self._machine.greeting)
        elif self._link is not None and self._link.socket in ready:
            self._link.receive()

    def _patience(self) -> float | None:
        """Return the seconds until something is to happen; ``None`` if nothing is."""
        due = self.timetable.next_due()
        return None if due is None else min(max(0.0, due - self._clock()), _LONGEST_WAIT)

    def _send(self) -> None:
        if self._link is not None:
            self._link.send()
            if self._link.over:
                self.drop_client()

    def _serve_requests(self) -> None:
        """Serve what can be served now; an out-of-band request overtakes the others."""
        while self._link is not None and not self._machine.ended:
            conversation = self._link.conversation
            said: Request | Refusal | None = conversation.next_urgent()
            if said is None and self._held is None:
                said = conversation.next_waiting()
            if said is None:
                return
            if said.members:
                self._on_request(said.members)
            if isinstance(said, Request) and said.command in self.faults.held:
                self._held = said, conversation
            else:
                reply = answer(said, conversation, self._machine, self.faults)
                self._link.output.reply(reply)
            # What a command set going begins before the next command is looked at.
            self.timetable.run_due()
