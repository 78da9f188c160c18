"""The client's time limits in tests: over when something has come about, whatever that takes."""

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from qmpshell.client import deadline

#: Longer than any limit, in seconds.
_AGES = 1e6


def let_time_pass_once(monkeypatch: pytest.MonkeyPatch, reached: Callable[[], object]) -> None:
    """Let no time pass on the client's clock until something is reached, and then all of it.

    A limit that is to be over at a certain point would otherwise have to be long enough for a
    busy machine to come so far.

    Parameters:
        reached: says whether it is.
    """
    start = time.monotonic()

    def now() -> float:
        return time.monotonic() + _AGES if reached() else start

    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=now))
