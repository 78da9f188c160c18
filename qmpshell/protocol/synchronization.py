"""Where a guest agent's replies to us begin, in a stream that others have used before.

A guest agent doesn't greet, and forgets nothing when a client leaves: what it still had to say
to the one before comes to us, perhaps from the middle of a message on. The reply to
``guest-sync-delimited`` can be told from all of that: a byte that is in no text stands before
it, and in it is the number that was sent (QEMU's ``docs/interop/qemu-ga-ref.rst``).
"""

from __future__ import annotations

import secrets

from qmpshell.errors import ProtocolError
from qmpshell.protocol.documents import RESYNC, DocumentSplitter, decode_document
from qmpshell.protocol.messages import Return, read_message

#: So much of what came first is kept, in bytes: enough to see who speaks there.
_BEGINNING = 80

#: The agent takes numbers of 64 bits. These come whole also through who reads them as floats.
_NUMBERS = 2**53


class Synchronization:
    """Looks for the reply to one ``guest-sync-delimited``, and drops what comes before it.

    Attributes:
        number: what that request carries.
        beginning: the first bytes that came, whatever they are.
    """

    def __init__(self) -> None:
        self.number = secrets.randbelow(_NUMBERS)
        self.beginning = b""
        self._splitter: DocumentSplitter | None = None

    @property
    def rest(self) -> bytes:
        """What came behind the reply, or has come of a message since a mark."""
        return self._splitter.unfinished if self._splitter else b""

    def feed(self, data: bytes) -> None:
        """Take in what came."""
        self.beginning += data[: _BEGINNING - len(self.beginning)]
        if self._splitter is None:
            self._begin(data)
        else:
            self._splitter.feed(data)

    def find(self) -> Return | None:
        """Return the reply, or ``None`` when more bytes are needed."""
        while self._splitter:
            try:
                document = self._splitter.next_document()
            except ProtocolError:
                self._begin(self._splitter.unfinished)
                continue
            if document is None:
                return None
            message = _read(document)
            if message and type(message.value) is int and message.value == self.number:
                return message
        return None

    def _begin(self, data: bytes) -> None:
        """Go on behind the next mark, if there is one."""
        _, mark, behind = data.partition(RESYNC)
        self._splitter = DocumentSplitter() if mark else None
        if self._splitter:
            self._splitter.feed(behind)


def _read(document: bytes) -> Return | None:
    """Read what may be a reply, or anything else."""
    try:
        message = read_message(decode_document(document))
    except ProtocolError:
        return None
    return message if isinstance(message, Return) else None
