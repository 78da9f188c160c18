"""The connection to one client."""

from __future__ import annotations

import contextlib
import selectors
import socket

from qmpshell.simulator.conversation import Conversation
from qmpshell.simulator.faults import Faults
from qmpshell.simulator.stream import OutputStream

#: How long to try to send what is left when the server ends, in seconds.
_LAST_WORDS = 1.0


class Link:
    """A client's socket, what it says, and what it is told.

    Parameters:
        connected: the socket.
        faults: what its bytes suffer.
    """

    def __init__(self, connected: socket.socket, faults: Faults) -> None:
        self.socket = connected
        self.socket.settimeout(0)
        self.conversation = Conversation()
        self.output = OutputStream(faults)
        self._input_ended = False
        self._broken = False

    @property
    def wanted(self) -> int:
        """What to wait for on the socket; 0 for nothing."""
        reading = not self._input_ended and not self.conversation.full
        return (selectors.EVENT_READ if reading else 0) | (
            selectors.EVENT_WRITE if self.output.pending else 0
        )

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do for this client."""
        heard_out = self._input_ended and not self.output.pending
        return self._broken or heard_out or self.output.finished

    def receive(self) -> None:
        """Take in what the client sent, if it did."""
        if self._input_ended or self.conversation.full:
            return
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            self._broken = True
            return
        self._input_ended = not data
        self.conversation.receive(data)

    def send(self) -> None:
        """Send as much of what is pending as goes without waiting."""
        try:
            while self.output.pending:
                sent = self.socket.send(memoryview(self.output.pending)[: 2**20])
                del self.output.pending[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._broken = True

    def send_rest(self) -> None:
        """Send all that is pending, unless the client doesn't take it."""
        with contextlib.suppress(OSError):
            self.socket.settimeout(_LAST_WORDS)
            self.socket.sendall(self.output.pending)
