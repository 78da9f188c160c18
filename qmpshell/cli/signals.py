"""Signals that end the program, but in order."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

_NUMBERS = (signal.SIGTERM, signal.SIGHUP)


def end_on_signals() -> None:
    """Let SIGTERM and SIGHUP unwind the program, so that what it started is ended too."""
    for number in _NUMBERS:
        # Who started us with nohup wants us to go on.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _unwind)


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Do as :func:`end_on_signals`, for a while."""
    before = {number: signal.getsignal(number) for number in _NUMBERS}
    try:
        end_on_signals()
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unwind(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
