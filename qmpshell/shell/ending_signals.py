"""Signals that end the program while a prompt stands: none of them gets lost."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from prompt_toolkit.application import Application

from qmpshell.client.interrupt import Interrupt

_NUMBERS = (signal.SIGTERM, signal.SIGHUP)


class EndingSignals:
    """Calls a signal's handler, which raises, and once more if that didn't end the prompt.

    An exception can be raised between any two steps of Python code, and some takes it for one
    of its own: prompt_toolkit, in the moment in which it asks for a descriptor.
    """

    def __init__(self) -> None:
        self._came = Interrupt()
        self._again: Callable[[], object] = lambda: None

    def close(self) -> None:
        """Let go of the descriptors."""
        self._came.close()

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Take note of them for a while. Only the main thread may do so."""
        handlers = {number: signal.getsignal(number) for number in _NUMBERS}

        def note(number: int, frame: FrameType | None) -> None:
            handler = handlers[signal.Signals(number)]
            assert callable(handler)
            self._again = lambda: handler(number, None)
            self._came.set()
            handler(number, frame)

        # Those that are ignored, or have no handler, stay so.
        handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
        for number in handlers:
            signal.signal(number, note)
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def watch(self, app: Application[Any]) -> None:
        """Let the prompt's event loop look for them. Called when it has started.

        Parameters:
            app: the prompt.
        """
        loop = asyncio.get_running_loop()

        def look() -> None:
            loop.remove_reader(self._came.fileno())
            if app.is_running and not app.is_done:
                self._again()

        loop.add_reader(self._came.fileno(), look)
