"""What goes out to one client, with the faults that its bytes suffer."""

from __future__ import annotations

from typing import Any

from qmpshell.simulator.documents import write_document
from qmpshell.simulator.faults import Faults, Then


class OutputStream:
    """The bytes for one client.

    Parameters:
        faults: what they suffer.

    Attributes:
        pending: what hasn't been sent.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._count = 0
        self._documents = 0
        self.pending = bytearray()
        self._limit = faults.cut_after
        if faults.greeting is not None and self._limit is None:
            self._limit = len(faults.greeting)

    @property
    def finished(self) -> bool:
        """Whether the connection is to be closed, as all was said that will be."""
        return self._faults.then is Then.CLOSE and self._count == self._limit and not self.pending

    def greet(self, members: dict[str, Any]) -> None:
        """Say the greeting, or what stands in its place."""
        if self._faults.greeting is None:
            self.say(members)
            self.say_raw(self._faults.after_greeting)
        else:
            self.say_raw(self._faults.greeting)

    def reply(self, members: dict[str, Any]) -> None:
        """Say a reply."""
        self.say_raw(self._faults.before_replies)
        self.say(members)

    def say(self, members: dict[str, Any]) -> None:
        """Say a document."""
        self.say_raw(self._faults.inject.get(self._documents, b""))
        self._documents += 1
        self.say_raw(write_document(members, self._faults.layout))

    def say_raw(self, data: bytes) -> None:
        """Say bytes, as far as the limit goes."""
        if data and self._faults.change is not None:
            data = self._faults.change(data)
        if self._limit is not None:
            data = data[: self._limit - self._count]
        self._count += len(data)
        self.pending += data
