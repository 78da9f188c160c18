"""The synchronous client: it owns a stream, sends commands and hands out what comes back."""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from qmpshell.client.deadline import Deadline
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import CommandError, ConnectionLost, Error, ProtocolError, TimedOut
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

Listener = Callable[[Event], None]
Traffic = Callable[[Literal["sent", "received"], Mapping[str, Any]], None]
OnReply = Callable[[Return | ErrorReply], None]

#: Events that nobody took are kept up to this many; then the oldest go.
MAX_QUEUED_EVENTS = 100_000

#: QEMU's monitor reads a byte at a time, 5 to 7 µs each (tried on 7.2): a time limit on a
#: command grows with the command by this much, in seconds per byte.
SECONDS_PER_BYTE = 20e-6

#: Small enough that a prompt whose loop calls ``read_available`` still answers to keys.
_READ_SIZE = 64 * 1024
_READABLE = select.POLLIN | select.POLLHUP | select.POLLERR | select.POLLNVAL


class Client:
    """A connection to one server. Make one with :func:`qmpshell.connect`.

    Parameters:
        stream: the open byte stream; the client closes it.
        connection: the conversation's state, its greeting not yet read.

    Attributes:
        listener: is given each event as it comes; while there is none, events are
            queued for :meth:`events` and :meth:`wait_event`.
        traffic: is given every message in both directions, for a log.
        interrupt: what may end a wait early, see :mod:`qmpshell.client.interrupt`.
        dropped_events: how many events nobody took in time.
    """

    def __init__(self, stream: Stream, connection: Connection) -> None:
        self.listener: Listener | None = None
        self.traffic: Traffic | None = None
        self.interrupt: Interrupt | None = None
        self.dropped_events = 0
        self._stream = stream
        self._connection = connection
        self._outgoing = bytearray()
        self._on_reply: dict[Request, OnReply] = {}
        self._events: deque[Event] = deque()
        self._end: Error | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def greeting(self) -> Greeting | None:
        """What the server greeted with; ``None`` from one that doesn't greet."""
        return self._connection.greeting

    @property
    def received_some(self) -> bool:
        """Whether the beginning of a message has come, and not yet its end."""
        return bool(self._connection.unfinished)

    @property
    def closed(self) -> bool:
        """Whether the connection has ended, by whichever side."""
        return self._end is not None

    @property
    def end(self) -> Error | None:
        """Why the connection has ended; ``None`` while it hasn't."""
        return self._end

    @property
    def idle(self) -> bool:
        """Whether no reply is waited for."""
        return not self._on_reply

    def fileno(self) -> int:
        """Return the descriptor for an event loop: call :meth:`read_available` when readable."""
        return self._stream.fileno()

    def close(self) -> None:
        """Leave the server; the machine runs on. May be called twice."""
        if self._end is None:
            self._end = ConnectionLost("the connection was closed")
        self._stream.close()

    def execute(
        self,
        command: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        **kw: Any,
    ) -> Any:
        """Run a command and return its value.

        Parameters:
            command: its name, such as ``query-status``.
            arguments: its arguments by name.
            timeout: how long to wait for the reply, in seconds, ``None`` without an end.
                It is stretched for large commands, which QEMU reads slowly. When it is
                over, the command may still be carried out; its reply is then dropped.
            kw: more arguments, for names that Python can write.

        Returns:
            What the command returns; ``{}`` from commands that have nothing to say.

        Raises:
            CommandError: the server answered with an error.
            RequestError: the arguments can't be sent; nothing was.
            TimedOut: no reply in time. The connection stays usable.
            ConnectionLost: the connection ended before the reply came.
        """
        members: dict[str, Any] = {"execute": command}
        if arguments or kw:
            members["arguments"] = {**(arguments or {}), **kw}
        return self.request(members, timeout=timeout).value

    def request(
        self,
        members: Mapping[str, Any],
        *,
        timeout: float | None = None,
        on_sent: Callable[[Request], None] | None = None,
    ) -> Return:
        """Send a request as it is, and return the whole reply.

        Parameters:
            members: ``execute`` or ``exec-oob``, ``arguments``, and perhaps an ``id``,
                which is kept.
            timeout: as in :meth:`execute`.
            on_sent: is given the request as it went out, before the reply is awaited.

        Raises:
            CommandError, RequestError, TimedOut, ConnectionLost: as in :meth:`execute`.
        """
        replies: list[Return | ErrorReply] = []
        request = self.submit(members, on_reply=replies.append)
        if on_sent:
            on_sent(request)
        stretch = len(request.data) * SECONDS_PER_BYTE
        deadline = Deadline(None if timeout is None else timeout + stretch)
        try:
            self._run_until(lambda: bool(replies), deadline)
        except TimedOut:
            name = members.get("execute", "the command")
            raise TimedOut(f"{name}: no reply in {timeout:g} s; it may still be running") from None
        except ConnectionLost:
            if not replies and members.get("execute") == "quit":
                return Return({}, request.id, {"return": {}, "id": request.id})
            if not replies:
                raise
        finally:
            if not replies:
                self.give_up(request)
        reply = replies[0]
        if isinstance(reply, ErrorReply):
            raise CommandError(reply.error_class, reply.desc, reply.members)
        return reply

    def submit(self, members: Mapping[str, Any], *, on_reply: OnReply) -> Request:
        """Send a request and don't wait: ``on_reply`` gets the reply, whenever it is read.

        Parameters:
            members: as in :meth:`request`.
            on_reply: is called from whichever method of this client reads the reply.

        Raises:
            RequestError: it can't be sent.
            ConnectionLost: the connection had ended before.
        """
        self._raise_if_closed()
        return self._send(self._connection.request(dict(members)), on_reply)

    def give_up(self, request: Request) -> None:
        """Don't wait for this reply any more; when it comes it is dropped."""
        self._connection.give_up(request)
        self._on_reply.pop(request, None)

    def negotiate(self, *, timeout: float | None) -> None:
        """Read the greeting and go through the capabilities negotiation.

        Parameters:
            timeout: how long both may take together, in seconds; ``None`` without an end.

        Raises:
            CommandError: the server refused.
            TimedOut: no greeting, or no answer, in time.
            ConnectionLost: the connection ended, or what came is no QMP.
        """
        deadline = Deadline(timeout)
        self._run_until(lambda: self.greeting is not None, deadline)
        replies: list[Return | ErrorReply] = []
        self._send(self._connection.negotiate(), replies.append)
        self._run_until(lambda: bool(replies), deadline)
        if isinstance(reply := replies[0], ErrorReply):
            raise CommandError(reply.error_class, reply.desc)

    def resync(self) -> None:
        """Make the server forget what a client before us left half sent."""
        self._outgoing += self._connection.resync()
        self._send_some()

    def wait(self, done: Callable[[], bool], *, timeout: float | None) -> None:
        """Read messages until ``done()`` says so; events go to the listener or the queue.

        Parameters:
            done: is asked after each message.
            timeout: how long to wait, in seconds; ``None`` without an end.

        Raises:
            TimedOut: it didn't say so in time.
            ConnectionLost: the connection ended before.
        """
        self._run_until(done, Deadline(timeout))

    def events(self, *, timeout: float | None = None) -> Iterator[Event]:
        """Iterate over events, queued ones first, then as they come.

        Parameters:
            timeout: end the iteration when none comes for so many seconds (0: only what
                is here already); ``None`` to go on until the connection ends.
        """
        while True:
            try:
                self._run_until(lambda: bool(self._events), Deadline(timeout))
            except (TimedOut, ConnectionLost):
                return
            yield self._events.popleft()

    def wait_event(
        self,
        names: str | Iterable[str],
        *,
        timeout: float | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Event:
        """Wait for an event, and take it. One that is queued already counts.

        An event often comes before the reply to the command that caused it, so this
        looks at what came since the queue was last emptied. Other events stay queued.

        Parameters:
            names: the event's name, or several of which any will do.
            timeout: how long to wait, in seconds; ``None`` without an end.
            data: members that the event's data must have, with these values.

        Raises:
            TimedOut: it didn't come in time.
            ConnectionLost: the connection ended before it came.
        """
        wanted = {names} if isinstance(names, str) else set(names)
        looked_at = 0

        def found() -> bool:
            nonlocal looked_at
            while looked_at < len(self._events):
                event = self._events[looked_at]
                if event.name in wanted and (data or {}).items() <= event.data.items():
                    return True
                looked_at += 1
            return False

        self._run_until(found, Deadline(timeout))
        event = self._events[looked_at]
        del self._events[looked_at]
        return event

    def read_available(self) -> None:
        """Take in what has come, without blocking: events, and replies that are waited for.

        Raises:
            ConnectionLost: the connection has ended. What came before was handed out.
        """
        self._raise_if_closed()
        if self._outgoing:
            self._send_some()
        self._hand_out_all()
        self._receive_some()
        self._hand_out_all()

    def _send(self, request: Request, on_reply: OnReply) -> Request:
        self._on_reply[request] = on_reply
        self._outgoing += request.data
        self._tell_traffic("sent", request.members)
        self._send_some()
        return request

    def _run_until(self, done: Callable[[], bool], deadline: Deadline) -> None:
        while not done():
            if self._next_message():
                continue
            self._raise_if_closed()
            self._poll(deadline)

    def _poll(self, deadline: Deadline) -> None:
        """Wait for the stream, then send and receive what is possible."""
        poll = select.poll()
        poll.register(self._stream, _READABLE | (select.POLLOUT if self._outgoing else 0))
        if self.interrupt:
            poll.register(self.interrupt, select.POLLIN)
        remaining = deadline.remaining
        ready = dict(poll.poll(None if remaining is None else remaining * 1000))
        if self.interrupt and self.interrupt.fileno() in ready:
            self.interrupt.clear()
            raise KeyboardInterrupt
        state = ready.get(self._stream.fileno(), 0)
        if state & select.POLLOUT:
            self._send_some()
        if state & _READABLE:
            self._receive_some()
        if not state and deadline.passed:
            raise TimedOut("nothing came in time")

    def _send_some(self) -> None:
        """Send what the stream takes now; the rest stays for later, also across a Ctrl-C."""
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
            self._lost(error.strerror or str(error))
            return
        if data:
            self._connection.receive(data)
        else:
            self._lost("the server closed it")

    def _lost(self, reason: str) -> None:
        middle = " in the middle of a message" if self._connection.unfinished else ""
        self._end = ConnectionLost(f"the connection ended{middle}: {reason}")

    def _raise_if_closed(self) -> None:
        if self._end is not None:
            raise self._end

    def _next_message(self) -> bool:
        """Hand out the next message that has come whole; say whether there was one."""
        try:
            received = self._connection.next_message()
        except ProtocolError as error:
            self._end = error
            raise
        match received:
            case None:
                return False
            case Event():
                self._tell_traffic("received", received.members)
                self._hand_out(received)
            case Reply(request, message):
                self._tell_traffic("received", message.members)
                if on_reply := self._on_reply.pop(request, None):
                    on_reply(message)
            case Greeting():
                self._tell_traffic("received", received.members)
            case Unexpected(message):
                self._tell_traffic("received", message.members)
        return True

    def _hand_out_all(self) -> None:
        while self._next_message():
            pass

    def _hand_out(self, event: Event) -> None:
        if self.listener:
            self.listener(event)
            return
        if len(self._events) == MAX_QUEUED_EVENTS:
            self._events.popleft()
            self.dropped_events += 1
        self._events.append(event)

    def _tell_traffic(
        self, direction: Literal["sent", "received"], members: Mapping[str, Any]
    ) -> None:
        if self.traffic:
            self.traffic(direction, members)
