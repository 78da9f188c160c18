"""How replies are shown in a session, how long they took, and the last of them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qmpshell.errors import CommandError, UsageError
from qmpshell.protocol import Return

if TYPE_CHECKING:
    from qmpshell.language.rendition import Rendition


class Replies:
    """What a person chose about replies, and what became of it.

    Parameters:
        rendition: how they are written where a line doesn't say otherwise, if chosen.
        timing: whether it is said how long each took.

    Attributes:
        rendition, timing: as given, and changed at will.
        last: the last reply to a command of QMP; ``None`` before the first.
    """

    def __init__(self, rendition: Rendition | None = None, *, timing: bool = False) -> None:
        self.rendition = rendition
        self.timing = timing
        self.last: Return | None = None
        self._seconds: float | None = None

    def find_last(self) -> Return:
        """Return the last reply.

        Raises:
            UsageError: there was none.
        """
        if self.last is None:
            raise UsageError("there is no reply yet: _ is the last one")
        return self.last

    @contextlib.contextmanager
    def timed(self) -> Iterator[Callable[[], None]]:
        """Take the time from a request to its reply, which may be an error.

        Yields:
            What is to be called when the request is out.
        """
        began = time.perf_counter()

        def begin() -> None:
            nonlocal began
            began = time.perf_counter()

        try:
            yield begin
        except CommandError:
            self._seconds = time.perf_counter() - began
            raise
        self._seconds = time.perf_counter() - began

    def take_time(self) -> str | None:
        """Return how long the last reply took, in words and once; ``None`` if nobody asked."""
        seconds, self._seconds = self._seconds, None
        return f"{seconds * 1000:.1f} ms" if self.timing and seconds is not None else None
