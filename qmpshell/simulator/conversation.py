"""What one client says: bytes → requests in the order in which they are served."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from qmpshell.errors import CommandError, ProtocolError
from qmpshell.protocol.documents import DocumentSplitter
from qmpshell.simulator.requests import Request, decode, read_request, split_stray

#: How many requests wait behind the one that is running before QEMU stops reading.
MAX_WAITING = 7


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the client said was no request.

    Attributes:
        members: what of it could be read; its ``id``, if there was one.
        error: what to answer.
    """

    members: dict[str, Any]
    error: CommandError


class Conversation:
    """How far a client has come.

    Attributes:
        negotiated: whether it may give commands.
        oob_enabled: whether it asked for out-of-band commands.
    """

    def __init__(self) -> None:
        self.negotiated = False
        self.oob_enabled = False
        self._splitter = DocumentSplitter()
        self._waiting: deque[Request | Refusal] = deque()
        self._urgent: deque[Request] = deque()

    @property
    def full(self) -> bool:
        """Whether nothing more is read until something was answered."""
        return len(self._waiting) >= MAX_WAITING

    def receive(self, data: bytes) -> None:
        """Take in what the client sent."""
        self._splitter.feed(data)

    def next_urgent(self) -> Request | None:
        """Return the next out-of-band request, or ``None``."""
        # Without them QEMU reads no further than the request that it is busy with.
        while self.oob_enabled and not self._urgent and not self.full and self._read_one():
            pass
        return self._urgent.popleft() if self._urgent else None

    def next_waiting(self) -> Request | Refusal | None:
        """Return the next request of those that are answered in order, or ``None``."""
        while not self._waiting and self._read_one():
            pass
        return self._waiting.popleft() if self._waiting else None

    def _read_one(self) -> bool:
        """Read the next thing that was said; say whether there was one."""
        try:
            document = self._splitter.next_document()
        except ProtocolError:
            self._drop_stray()
            return True
        if document is None:
            return False
        members: dict[str, Any] = {}
        try:
            members = decode(document)
            request = read_request(members, oob_enabled=self.oob_enabled)
        except CommandError as error:
            self._waiting.append(Refusal(members, error))
            return True
        if request.out_of_band:
            self._urgent.append(request)
        else:
            self._waiting.append(request)
        return True

    def _drop_stray(self) -> None:
        """Answer what begins no object, and go on behind it."""
        stray = self._splitter.unfinished
        self._splitter = DocumentSplitter()
        if stray.startswith(b"{"):
            desc, rest = "JSON nesting depth limit exceeded", b""
        else:
            desc, rest = split_stray(stray)
        self._waiting.append(Refusal({}, CommandError("GenericError", desc)))
        self._splitter.feed(rest)
