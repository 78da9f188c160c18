"""A moment until which something may take."""

from __future__ import annotations

import time


class Deadline:
    """A moment in the future, or never.

    Parameters:
        seconds: how far away it is; ``None`` for never.
    """

    def __init__(self, seconds: float | None) -> None:
        self._moment = None if seconds is None else time.monotonic() + seconds

    @property
    def remaining(self) -> float | None:
        """Seconds that are left, not below 0; ``None`` when there is no end."""
        if self._moment is None:
            return None
        return max(0.0, self._moment - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining == 0.0
