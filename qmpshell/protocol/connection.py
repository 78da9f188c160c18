"""The conversation with one server: greeting → negotiation → commands.

It does no I/O. Give it the bytes that came with :meth:`Connection.receive` and take
messages out with :meth:`Connection.next_message`; send the bytes of the requests that
:meth:`Connection.request` writes. It knows which reply belongs to which request, however
late it comes, and which belongs to nobody here: QEMU sends the reply to a command that a
client didn't wait for to the client that connects next (tried on 7.2).
"""

from __future__ import annotations

import enum
from typing import Any, NamedTuple

from qmpshell.errors import ProtocolError
from qmpshell.protocol.documents import RESYNC, DocumentSplitter, decode_document
from qmpshell.protocol.ids import is_echo, short_ids
from qmpshell.protocol.messages import NO_ID, ErrorReply, Event, Greeting, Return, read_message
from qmpshell.protocol.requests import Request, write_request


class State(enum.Enum):
    """How far the conversation has come."""

    GREETING = "waiting for the greeting"
    SYNCHRONIZATION = "waiting for the place where a guest agent's replies begin"
    NEGOTIATION = "greeted; capabilities to be negotiated"
    COMMANDS = "ready for commands"


class Reply(NamedTuple):
    """The answer to a request of ours."""

    request: Request
    message: Return | ErrorReply


class Unexpected(NamedTuple):
    """A reply that nobody here waits for.

    It answers a request that was given up, one of the client before us, or bytes that
    the server couldn't parse. Good for a log, and for who gave the request up.

    Attributes:
        message: what came.
        request: the one that was given up; ``None`` for all else.
    """

    message: Return | ErrorReply
    request: Request | None = None


Received = Greeting | Event | Reply | Unexpected


class Connection:
    """The state of one conversation.

    Parameters:
        negotiate: ``False`` for a server that greets nobody (the guest agent), or whose
            negotiation is left to the caller: commands may be sent at once.

    Attributes:
        state: how far the conversation has come.
        greeting: what the server greeted with, once it has.
    """

    def __init__(self, *, negotiate: bool = True) -> None:
        self.state = State.GREETING if negotiate else State.COMMANDS
        self.greeting: Greeting | None = None
        self._splitter = DocumentSplitter()
        self._pending: list[Request] = []
        self._given_up: set[Request] = set()
        self._documents_kept: set[Request] = set()
        self._negotiation: Request | None = None
        self._resyncing = False
        self._ids = short_ids()

    @property
    def pending(self) -> tuple[Request, ...]:
        """The requests whose reply hasn't come, oldest first; those given up among them."""
        return tuple(self._pending)

    @property
    def takes_out_of_band(self) -> bool:
        """Whether a request may say ``exec-oob``: it was offered, and we have asked for it."""
        if self.state is not State.COMMANDS or self._negotiation is None:
            return False
        return "oob" in self._negotiation.members["arguments"]["enable"]

    @property
    def unfinished(self) -> bytes:
        """What has come of a message whose end hasn't."""
        return self._splitter.unfinished

    def negotiate(self) -> Request:
        """Return the request that ends the negotiation, with ``oob`` where it is offered.

        The state is ``COMMANDS`` once its reply has come and is no error.
        """
        assert self.state is State.NEGOTIATION
        assert self.greeting is not None
        enable = [name for name in ("oob",) if name in self.greeting.capabilities]
        self._negotiation = self._write(
            {"execute": "qmp_capabilities", "arguments": {"enable": enable}}
        )
        return self._negotiation

    def request(self, members: dict[str, Any], *, keep_document: bool = False) -> Request:
        """Write a request and remember it as pending.

        Parameters:
            members: ``execute`` (or ``exec-oob``) and ``arguments``. An ``id`` among them
                is kept; where there is none, one is added that no other connection uses.
            keep_document: whether the reply, if it is no error, is to have its own bytes.

        Raises:
            RequestError: it can't be sent as JSON. Nothing has changed.
        """
        assert self.state in (State.COMMANDS, State.SYNCHRONIZATION), self.state
        request = self._write(members)
        if keep_document:
            self._documents_kept.add(request)
        return request

    def give_up(self, request: Request) -> None:
        """Don't wait for this reply: when it comes, it is ``Unexpected``."""
        if request in self._pending:
            self._given_up.add(request)

    def resync(self) -> bytes:
        """Return the byte that makes the server's parser forget a half-sent request.

        The guest agent keeps what the client before us left half sent. Whatever it
        answers to that and to this byte carries no id, and is ``Unexpected``.
        """
        self._given_up.update(self._pending)
        self._resyncing = True
        return RESYNC

    def owes(self, request: Request) -> bool:
        """Say whether the reply to a request of ours hasn't come, given up or not."""
        return request in self._pending

    def receive(self, data: bytes) -> None:
        """Take in what came from the server."""
        self._splitter.feed(data)

    def next_message(self) -> Received | None:
        """Return the next message, or ``None`` when more bytes are needed.

        Raises:
            ProtocolError: what came is no QMP. Nothing more can be read.
        """
        document = self._splitter.next_document()
        if document is None:
            return None
        message = read_message(decode_document(document))
        if isinstance(message, Greeting):
            return self._greeted(message)
        if isinstance(message, Event):
            return message
        return self._replied(message, document)

    def _write(self, members: dict[str, Any]) -> Request:
        if "id" not in members:
            members = {**members, "id": next(self._ids)}
        request = write_request(members)
        self._pending.append(request)
        return request

    def _greeted(self, greeting: Greeting) -> Greeting:
        if self.greeting is not None:
            raise ProtocolError("a second greeting: another server has taken over the connection")
        self.greeting = greeting
        if self.state is State.GREETING:
            self.state = State.NEGOTIATION
        return greeting

    def _replied(self, message: Return | ErrorReply, document: bytes) -> Reply | Unexpected:
        if self.state is State.GREETING:
            raise ProtocolError("a reply came before the greeting: not QMP, or a guest agent")
        request = self._request_of(message)
        if request is None:
            return Unexpected(message)
        given_up, keeps_document = self._forget(request)
        if request is self._negotiation and isinstance(message, Return):
            self.state = State.COMMANDS
        if given_up:
            return Unexpected(message, request)
        if keeps_document and isinstance(message, Return):
            message = message._replace(document=document)
        return Reply(request, message)

    def _forget(self, request: Request) -> tuple[bool, bool]:
        """Let go of a pending request; say whether it was given up, and its document kept."""
        was = request in self._given_up, request in self._documents_kept
        self._pending.remove(request)
        self._given_up.discard(request)
        self._documents_kept.discard(request)
        return was

    def _request_of(self, message: Return | ErrorReply) -> Request | None:
        if message.id is NO_ID:
            return self._request_without_id(message)
        for request in self._pending:
            if is_echo(request.id, message.id):
                self._resyncing = False
                return request
        return None

    def _request_without_id(self, message: Return | ErrorReply) -> Request | None:
        """Each of our requests has an id, but one that can't be parsed loses it.

        Until the negotiation is through, such an error is a leftover of the client
        before us; then it can only be for the oldest request that waits its turn.
        """
        if self.state is not State.COMMANDS or self._resyncing or isinstance(message, Return):
            return None
        return next((request for request in self._pending if not request.out_of_band), None)
