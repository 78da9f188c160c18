"""The conversation with a guest agent: synchronization → commands.

It differs from one with QEMU in three ways: nothing is negotiated but where the replies begin;
some commands are answered only when they fail; and an agent before QEMU 4.0 refuses a request
that has an ``id`` (``qapi/qmp-dispatch.c`` of 2.8), so that the order alone says what a reply
belongs to.
"""

from __future__ import annotations

from typing import Any

from qmpshell.protocol.connection import Connection, Received, Reply, State
from qmpshell.protocol.documents import RESYNC
from qmpshell.protocol.messages import ErrorReply, Return
from qmpshell.protocol.requests import Request, write_request
from qmpshell.protocol.synchronization import Synchronization

#: Commands that an agent doesn't answer when they succeed, by QEMU's
#: ``docs/interop/qemu-ga-ref.rst``: the guest isn't there then to say so.
UNANSWERED = frozenset(
    {"guest-shutdown", "guest-suspend-disk", "guest-suspend-hybrid", "guest-suspend-ram"}
)


class AgentConnection(Connection):
    """The state of one conversation with a guest agent.

    Attributes:
        has_ids: whether the agent takes requests with an ``id``. To be set to ``False`` when
            it has refused one.
        unanswered: the names of the commands that have no reply when they succeed.
    """

    def __init__(self) -> None:
        super().__init__(negotiate=False)
        self.state = State.SYNCHRONIZATION
        self.has_ids = True
        self.unanswered: frozenset[str] = UNANSWERED
        self._synchronization = Synchronization()
        self._sync_request: Request | None = None

    @property
    def unfinished(self) -> bytes:
        """What has come of a message whose end hasn't."""
        if self.state is State.SYNCHRONIZATION:
            return self._synchronization.rest
        return super().unfinished

    @property
    def beginning(self) -> bytes:
        """The first bytes that came since the synchronization began, whatever they are."""
        return self._synchronization.beginning

    def synchronize(self) -> Request:
        """Return the request that the conversation begins with.

        The byte before it makes the agent forget what the client before us left half sent.
        Once its reply has come, the state is ``COMMANDS``.
        """
        assert self.state is State.SYNCHRONIZATION
        members, data = self._sync()
        self._sync_request = Request(members, data)
        return self._sync_request

    def is_unanswered(self, request: Request) -> bool:
        """Say whether a request has no reply when it succeeds."""
        return request.members.get("execute") in self.unanswered

    def receive(self, data: bytes) -> None:
        """Take in what came from the agent."""
        if self.state is State.SYNCHRONIZATION:
            self._synchronization.feed(data)
        else:
            super().receive(data)

    def next_message(self) -> Received | None:
        """Return the next message, or ``None`` when more bytes are needed.

        Raises:
            ProtocolError: what came is no message. Nothing more can be read.
        """
        if self.state is not State.SYNCHRONIZATION:
            return super().next_message()
        reply = self._synchronization.find()
        if reply is None:
            return None
        self.state = State.COMMANDS
        super().receive(self._synchronization.rest)
        if self._sync_request is None:
            return super().next_message()
        request, self._sync_request = self._sync_request, None
        return Reply(request, reply)

    def _sync(self) -> tuple[dict[str, Any], bytes]:
        """Begin another synchronization; return its request and how it is written."""
        self.state = State.SYNCHRONIZATION
        self._synchronization = Synchronization()
        arguments = {"id": self._synchronization.number}
        members = {"execute": "guest-sync-delimited", "arguments": arguments}
        return members, RESYNC + write_request(members).data

    def _write(self, members: dict[str, Any]) -> Request:
        if self.has_ids:
            return super()._write(members)
        request = write_request(members)
        if self._pending and self._given_up.issuperset(self._pending):
            # Perhaps they are never answered, as the agent was started anew: then every
            # reply would be taken for that of the request before.
            self._pending.clear()
            self._given_up.clear()
            request = Request(members, self._sync()[1] + request.data)
        self._pending.append(request)
        return request

    def _request_of(self, message: Return | ErrorReply) -> Request | None:
        if self.has_ids:
            return super()._request_of(message)
        while self._pending:
            oldest = self._pending[0]
            if isinstance(message, ErrorReply) or not self.is_unanswered(oldest):
                return oldest
            self._forget(oldest)
        return None
