"""The synchronous client: it owns a stream, sends commands and hands out what comes back."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from qmpshell.client.deadline import Deadline
from qmpshell.client.event_queue import EventQueue, Search
from qmpshell.client.exchange import Exchange, OnReply, Traffic
from qmpshell.errors import CommandError, ConnectionLost, Error, RequestError, TimedOut
from qmpshell.protocol import Connection, ErrorReply, Event, Greeting, Request, Return
from qmpshell.protocol.requests import write_request
from qmpshell.transport import Stream

if TYPE_CHECKING:
    from qmpshell.client.agent.info import AgentInfo
    from qmpshell.client.interrupt import Interrupt
    from qmpshell.client.qom import QOM

Listener = Callable[[Event], None]

#: QEMU's monitor reads a byte at a time, 5 to 7 µs each (tried on 7.2): a time limit on a
#: command grows with the command by this much, in seconds per byte.
SECONDS_PER_BYTE = 20e-6

#: With eight commands that aren't answered, QEMU reads the ninth, and then nothing more until
#: one is done (``QMP_REQ_QUEUE_LEN_MAX`` in monitor/monitor-internal.h, tried on 7.2).
MOST_IN_FLIGHT = 7

#: So many of them leave room for what a person types.
FEW_IN_FLIGHT = 4

#: What there is to say where nothing can overtake anything.
NO_OUT_OF_BAND = "nothing can go out of band here: QEMU takes it on sockets alone, from 2.12 on"


class HasDescriptor(Protocol):
    """An open file, or a socket."""

    def fileno(self) -> int:
        """Return its descriptor."""
        ...


class Client:
    """A connection to one server. Make one with :func:`qmpshell.connect`.

    Parameters:
        stream: the open byte stream; the client closes it.
        connection: the conversation's state, its greeting not yet read.
        traffic: is given every message in both directions.

    Attributes:
        listener: is given each event as it comes; while there is none, events are
            queued for :meth:`events` and :meth:`wait_event`.
        descriptor_names: those under which QEMU has got descriptors from us (``getfd``).
    """

    def __init__(
        self, stream: Stream, connection: Connection, traffic: Traffic | None = None
    ) -> None:
        self.listener: Listener | None = None
        self.descriptor_names: list[str] = []
        self._exchange = Exchange(stream, connection, self._take_event, traffic)
        self._connection = connection
        self._events = EventQueue()
        self._listeners: list[Listener] = []
        self._negotiation: list[Return | ErrorReply] | None = None

    @classmethod
    def absent(cls, reason: str) -> Self:
        """Return one without a connection, which is as if it had ended.

        Parameters:
            reason: why there is none.
        """
        # A socket that is closed has no descriptor, and may be closed again.
        stream = socket.socket()
        stream.close()
        client = cls._over(stream)
        client._exchange.end = ConnectionLost(reason)
        return client

    @classmethod
    def _over(cls, stream: Stream) -> Self:
        return cls(stream, Connection())

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
    def server_name(self) -> str:
        """What answers, with its version; ``""`` when it doesn't say. Not yet escaped."""
        return "QEMU " + ".".join(map(str, self.greeting.version)) if self.greeting else ""

    @property
    def is_agent(self) -> bool:
        """Whether it is a guest agent that is talked to."""
        return False

    @property
    def agent_info(self) -> AgentInfo | None:
        """What a guest agent says of itself; ``None`` from every other server."""
        return None

    @property
    def received_some(self) -> bool:
        """Whether the beginning of a message has come, and not yet its end."""
        return bool(self._connection.unfinished)

    @property
    def closed(self) -> bool:
        """Whether the connection has ended, by whichever side."""
        return self._exchange.end is not None

    @property
    def end(self) -> Error | None:
        """Why the connection has ended; ``None`` while it hasn't."""
        return self._exchange.end

    @property
    def dropped_events(self) -> int:
        """How many events nobody took in time."""
        return self._events.dropped

    @property
    def idle(self) -> bool:
        """Whether no reply is waited for."""
        return self._exchange.idle

    @property
    def takes_out_of_band(self) -> bool:
        """Whether a command that allows it may overtake others (``exec-oob``)."""
        return self._connection.takes_out_of_band

    @property
    def in_flight(self) -> int:
        """How many commands QEMU has, or will get, that aren't answered, given up or not.

        Those that are out of band don't count.
        """
        return sum(not request.out_of_band for request in self._connection.pending)

    @property
    def is_full(self) -> bool:
        """Whether one command more could keep QEMU from hearing what is out of band."""
        return self.takes_out_of_band and self.in_flight >= MOST_IN_FLIGHT

    @property
    def has_room(self) -> bool:
        """Whether there may be questions that nobody typed: not while commands pile up."""
        return self.in_flight < FEW_IN_FLIGHT

    @property
    def qom(self) -> QOM:
        """The machine's objects and their properties."""
        from qmpshell.client.qom import QOM  # few programs need it

        return QOM(self)

    def fileno(self) -> int:
        """Return the descriptor for an event loop: call :meth:`read_available` when readable."""
        return self._exchange.fileno()

    def close(self) -> None:
        """Leave the server; the machine runs on. May be called twice."""
        self._exchange.close()

    def heed(self, interrupt: Interrupt | None) -> None:
        """Let waits end with ``KeyboardInterrupt`` when the interrupt is set, if there is one."""
        self._exchange.interrupt = interrupt

    def execute(
        self,
        command: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        wait: bool = False,
        oob: bool = False,
        fds: Iterable[int | HasDescriptor] = (),
        **kw: Any,
    ) -> Any:
        """Run a command and return its value.

        Parameters:
            command: its name, such as ``query-status``.
            arguments: its arguments by name.
            timeout: how long to wait for the reply, in seconds, ``None`` without an end.
                It is stretched for large commands, which QEMU reads slowly. When it is
                over, the command may still be carried out; its reply is then dropped.
            wait: return when what the command begins has really come to its end, such as a
                job or a device's removal, and not when it is accepted. The ``timeout``
                is for both together.
            oob: send it out of band: it overtakes commands that QEMU hasn't answered yet.
                Few commands allow it, such as ``yank``.
            fds: open descriptors, or files, that go along for ``getfd`` or ``add-fd`` to take.
                QEMU gets its own; ours stay open, and may be closed afterwards.
            kw: more arguments, for names that Python can write.

        Returns:
            What the command returns; ``{}`` from commands that have nothing to say.

        Raises:
            CommandError: the server answered with an error.
            OutcomeError: what was waited for failed.
            RequestError: the arguments can't be sent, or the command can't be waited for,
                or nothing can go out of band, or no descriptor along, here; nothing was sent.
            TimedOut: no reply in time, or no end. The connection stays usable.
            ConnectionLost: the connection ended before.
        """
        descriptors = [fd if isinstance(fd, int) else fd.fileno() for fd in fds]
        if wait and (oob or descriptors):
            raise RequestError(f"{'oob' if oob else 'fds'} and wait exclude each other")
        if oob and not self.takes_out_of_band:
            raise RequestError(NO_OUT_OF_BAND)
        members: dict[str, Any] = {"exec-oob" if oob else "execute": command}
        if arguments or kw:
            members["arguments"] = {**(arguments or {}), **kw}
        if wait:
            from qmpshell.client.waiting import ending_of, request_and_wait

            ending = ending_of(members)
            return request_and_wait(self, members, ending, timeout=timeout).reply.value
        return self.request(members, timeout=timeout, descriptors=descriptors).value

    def request(
        self,
        members: Mapping[str, Any],
        *,
        timeout: float | None = None,
        on_sent: Callable[[Request], None] | None = None,
        keep_document: bool = False,
        descriptors: Sequence[int] = (),
        on_late: OnReply | None = None,
    ) -> Return:
        """Send a request as it is, and return the whole reply.

        Parameters:
            members: ``execute`` or ``exec-oob``, ``arguments``, and perhaps an ``id``,
                which is kept.
            timeout: as in :meth:`execute`.
            on_sent: is given the request as it went out, before the reply is awaited.
            keep_document: whether the reply is to have the server's own bytes as well.
            descriptors: as in :meth:`submit`.
            on_late: is given the reply if it comes after it was given up.

        Raises:
            CommandError, RequestError, TimedOut, ConnectionLost: as in :meth:`execute`.
        """
        replies: list[Return | ErrorReply] = []
        request = self.submit(
            members,
            on_reply=replies.append,
            keep_document=keep_document,
            descriptors=descriptors,
        )
        if on_sent:
            on_sent(request)
        stretch = len(request.data) * SECONDS_PER_BYTE
        deadline = Deadline(None if timeout is None else timeout + stretch)
        try:
            self._exchange.run_until(lambda: bool(replies), deadline)
        except TimedOut:
            name = members.get("execute") or members.get("exec-oob", "the command")
            raise TimedOut(f"{name}: no reply in {timeout:g} s; it may still be running") from None
        except ConnectionLost:
            if not replies and members.get("execute") == "quit":
                return Return({}, request.id, {"return": {}, "id": request.id})
            if not replies:
                raise
        finally:
            if not replies:
                self.give_up(request, on_late)
        reply = replies[0]
        if isinstance(reply, ErrorReply):
            raise CommandError(reply.error_class, reply.desc, reply.members)
        return reply

    def submit(
        self,
        members: Mapping[str, Any],
        *,
        on_reply: OnReply,
        keep_document: bool = False,
        descriptors: Sequence[int] = (),
    ) -> Request:
        """Send a request and don't wait: ``on_reply`` gets the reply, whenever it is read.

        Parameters:
            members: as in :meth:`request`.
            on_reply: is called from whichever method of this client reads the reply.
            keep_document: as in :meth:`request`.
            descriptors: open ones that go along; ours may be closed afterwards.

        Raises:
            RequestError: it can't be sent.
            ConnectionLost: the connection had ended before.
        """
        self._exchange.raise_if_ended()
        if descriptors:
            # Of a request that can't be sent, QEMU is to have no descriptor either.
            write_request(dict(members))
            self._send_descriptors(descriptors)
        request = self._connection.request(dict(members), keep_document=keep_document)
        return self._exchange.send(request, on_reply)

    def give_up(self, request: Request, on_late: OnReply | None = None) -> None:
        """Don't wait for this reply any more; when it comes it is dropped.

        Parameters:
            request: what it would answer.
            on_late: is given it all the same.
        """
        self._exchange.give_up(request, on_late)

    def owes(self, request: Request) -> bool:
        """Say whether the server hasn't answered a request yet, given up or not."""
        return self._connection.owes(request)

    def send_descriptor(self, descriptor: int) -> bool:
        """Hand a descriptor over, for the next ``getfd`` or ``add-fd`` to take.

        Parameters:
            descriptor: an open one; ours may be closed afterwards.

        Returns:
            Whether it went out: only a Unix socket takes it along, and a relay between
            us and QEMU may lose it still.
        """
        return self._exchange.send_descriptor(descriptor)

    def _send_descriptors(self, descriptors: Sequence[int]) -> None:
        for descriptor in descriptors:
            try:
                os.fstat(descriptor)
            except OSError as error:
                raise RequestError(f"descriptor {descriptor}: {error.strerror}") from None
        if not all(map(self.send_descriptor, descriptors)):
            raise RequestError(
                "this connection takes no descriptor along: only a Unix socket of this host does"
            )

    def negotiate(self, *, timeout: float | None) -> None:
        """Read the greeting and go through the capabilities negotiation.

        Parameters:
            timeout: how long both may take together, in seconds; ``None`` without an end.
                When it is over, another call goes on from there.

        Raises:
            CommandError: the server refused.
            TimedOut: no greeting, or no answer, in time.
            ConnectionLost: the connection ended, or what came is no QMP.
        """
        deadline = Deadline(timeout)
        self._exchange.run_until(lambda: self.greeting is not None, deadline)
        replies = self._negotiation
        if replies is None:
            replies = self._negotiation = []
            self._exchange.send(self._connection.negotiate(), replies.append)
        self._exchange.run_until(lambda: bool(replies), deadline)
        if isinstance(reply := replies[0], ErrorReply):
            raise CommandError(reply.error_class, reply.desc)

    def resync(self) -> None:
        """Make the server forget what a client before us left half sent."""
        self._exchange.send_bytes(self._connection.resync())

    def wait(
        self,
        done: Callable[[], bool],
        *,
        timeout: float | None,
        idle: Callable[[], None] | None = None,
    ) -> None:
        """Read messages until ``done()`` says so; events go to the listener or the queue.

        Parameters:
            done: is asked after each message.
            timeout: how long to wait, in seconds; ``None`` without an end.
            idle: is called when all that has come is handed out, and more is waited for.

        Raises:
            TimedOut: it didn't say so in time.
            ConnectionLost: the connection ended before.
        """
        self._exchange.run_until(done, Deadline(timeout), idle)

    def events(self, *, timeout: float | None = None) -> Iterator[Event]:
        """Iterate over events, queued ones first, then as they come.

        Parameters:
            timeout: end the iteration when none comes for so many seconds (0: only what
                is here already); ``None`` to go on until the connection ends.
        """
        while True:
            try:
                self._exchange.run_until(lambda: bool(self._events), Deadline(timeout))
            except (TimedOut, ConnectionLost):
                return
            yield self._events.take(0)

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
        search = Search(self._events, wanted, data or {})
        self._exchange.run_until(search.found, Deadline(timeout))
        return search.take()

    def read_available(self) -> None:
        """Take in what has come, without blocking: events, and replies that are waited for.

        Raises:
            ConnectionLost: the connection has ended. What came before was handed out.
        """
        self._exchange.read_available()

    @contextlib.contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Let somebody hear of each event besides, for a while."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def _take_event(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)
        if self.listener:
            self.listener(event)
        else:
            self._events.add(event)
