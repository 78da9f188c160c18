"""Messages over a stream: what goes out is sent, what comes in is handed to whom it is for.

This is where the client meets the operating system: it waits, with a time limit, for the
stream and for Ctrl-C, and never loses its place in the stream to either.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from qmpshell.client.deadline import Deadline
from qmpshell.errors import ConnectionLost, Error, ProtocolError, TimedOut
from qmpshell.protocol import (
    Connection,
    ErrorReply,
    Event,
    Greeting,
    Reply,
    Request,
    Return,
    Unexpected,
)
from qmpshell.transport import Stream

if TYPE_CHECKING:
    from qmpshell.client.interrupt import Interrupt

Direction = Literal["sent", "received"]
Traffic = Callable[[Direction, Mapping[str, Any]], None]
OnReply = Callable[[Return | ErrorReply], None]

#: Small enough that a prompt whose event loop reads still answers to keys.
_READ_SIZE = 16 * 1024
_CLOSED = "the server closed it"
_READABLE = select.POLLIN | select.POLLHUP | select.POLLERR | select.POLLNVAL


class Exchange:
    """The messages over one stream.

    Parameters:
        stream: the open byte stream; the exchange closes it.
        connection: the conversation's state.
        on_event: is given each event as it comes.
        traffic: is given every message in both directions.

    Attributes:
        connection: as given.
        interrupt: what may end a wait early.
        end: why the exchange has ended; ``None`` while it hasn't.
    """

    def __init__(
        self,
        stream: Stream,
        connection: Connection,
        on_event: Callable[[Event], None],
        traffic: Traffic | None,
    ) -> None:
        self.connection = connection
        self.interrupt: Interrupt | None = None
        self.end: Error | None = None
        self._stream = stream
        self._on_event = on_event
        self._traffic = traffic
        self._outgoing = bytearray()
        self._on_reply: dict[Request, OnReply] = {}
        self._on_late: dict[Request, OnReply] = {}

    @property
    def idle(self) -> bool:
        """Whether no reply is waited for."""
        return not self._on_reply

    def fileno(self) -> int:
        """Return the stream's descriptor."""
        return self._stream.fileno()

    def close(self) -> None:
        """End the exchange and let go of the stream. May be called twice."""
        if self.end is None:
            self.end = ConnectionLost("the connection was closed")
        self._stream.close()

    def send(self, request: Request, on_reply: OnReply) -> Request:
        """Send a request as far as the stream takes it now, and the rest later."""
        self._on_reply[request] = on_reply
        self._tell_traffic("sent", request.members)
        self.send_bytes(request.data)
        return request

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as far as the stream takes them now, and the rest later."""
        self._outgoing += data
        self._send_some()

    def send_descriptor(self, descriptor: int) -> bool:
        """Hand a descriptor over to the server; say whether this stream can."""
        if (stream := self._unix_socket) is None:
            return False
        # It travels on a byte, which must not get between those of a request.
        byte = bytes(self._outgoing[:1]) or b"\n"
        try:
            socket.send_fds(stream, [byte], [descriptor])
        except OSError:
            return False
        del self._outgoing[:1]
        return True

    def give_up(self, request: Request, on_late: OnReply | None = None) -> None:
        """Wait for this reply no more; when it comes, ``on_late`` gets it, or it is dropped."""
        self.connection.give_up(request)
        if self._on_reply.pop(request, None) and on_late:
            self._on_late[request] = on_late

    def run_until(
        self,
        done: Callable[[], bool],
        deadline: Deadline,
        idle: Callable[[], None] | None = None,
    ) -> None:
        """Send and receive until ``done()`` says so, which is asked after each message.

        Parameters:
            done: says so.
            deadline: until when.
            idle: is called before each time that something is waited for.

        Raises:
            TimedOut: it didn't say so in time.
            ConnectionLost: the exchange ended before.
            KeyboardInterrupt: the interrupt was set.
        """
        last_look = False
        while not done():
            if self._next_message():
                continue
            self.raise_if_ended()
            # What never stops coming must not keep the end from coming either.
            if last_look:
                raise TimedOut("nothing came in time")
            last_look = deadline.passed
            if idle:
                idle()
            self._poll(deadline)

    def read_available(self) -> None:
        """Take in what has come, without blocking.

        Raises:
            ConnectionLost: the exchange has ended; what came before was handed out.
        """
        self.raise_if_ended()
        self._send_some()
        self._hand_out_all()
        self._receive_some()
        self._hand_out_all()

    def raise_if_ended(self) -> None:
        """Raise why the exchange has ended, if it has."""
        if self.end is not None:
            raise self.end

    @property
    def _unix_socket(self) -> socket.socket | None:
        stream = self._stream
        if isinstance(stream, socket.socket) and stream.family == socket.AF_UNIX:
            return stream
        return None

    def _poll(self, deadline: Deadline) -> None:
        """Wait for the stream, then send and receive what is possible."""
        poll = select.poll()
        poll.register(self._stream, _READABLE | (select.POLLOUT if self._outgoing else 0))
        if self.interrupt:
            poll.register(self.interrupt, select.POLLIN)
        remaining = deadline.remaining
        ready = dict(poll.poll(None if remaining is None else min(remaining, 3600.0) * 1000))
        if self.interrupt and self.interrupt.fileno() in ready:
            self.interrupt.raise_if_set()
        state = ready.get(self._stream.fileno(), 0)
        if state & select.POLLOUT:
            self._send_some()
        if state & _READABLE:
            self._receive_some()

    def _send_some(self) -> None:
        try:
            while self._outgoing:
                sent = self._stream.send(bytes(self._outgoing[:_READ_SIZE]))
                del self._outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:
            # What the server said before it left is still to be read, and then its end.
            self._outgoing.clear()

    def _receive_some(self) -> None:
        try:
            data = self._stream.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            # Linux resets a Unix socket that is closed before all was read that came through it,
            # as when QEMU is killed with a command on its way.
            closed = self._unix_socket and isinstance(error, ConnectionResetError)
            self._lost(_CLOSED if closed else error.strerror or str(error), error)
            return
        if data:
            self.connection.receive(data)
        else:
            self._lost(_CLOSED)

    def _lost(self, reason: str, cause: OSError | None = None) -> None:
        middle = " in the middle of a message" if self.connection.unfinished else ""
        self.end = ConnectionLost(f"the connection ended{middle}: {reason}")
        self.end.__cause__ = cause

    def _hand_out_all(self) -> None:
        while self._next_message():
            pass

    def _next_message(self) -> bool:
        """Hand out the next message that has come whole; say whether there was one."""
        try:
            received = self.connection.next_message()
        except ProtocolError as error:
            self.end = error
            raise
        match received:
            case None:
                return False
            case Event():
                self._tell_traffic("received", received.members)
                self._on_event(received)
            case Reply(request, message):
                self._tell_traffic("received", message.members)
                if on_reply := self._on_reply.pop(request, None):
                    on_reply(message)
            case Unexpected(message, given_up):
                self._tell_traffic("received", message.members)
                if given_up and (on_late := self._on_late.pop(given_up, None)):
                    on_late(message)
            case Greeting():
                self._tell_traffic("received", received.members)
        return True

    def _tell_traffic(self, direction: Direction, members: Mapping[str, Any]) -> None:
        if self._traffic:
            self._traffic(direction, members)
