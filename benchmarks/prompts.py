"""Programs that ask on a terminal, and how long they take to show something."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pexpect

#: What a program asks the terminal: where the cursor is. And the answer.
_WHERE, _THERE = "\x1b[6n", "\x1b[1;1R"

#: prompt_toolkit's prompt without anything.
BARE = "from prompt_toolkit import PromptSession; PromptSession().prompt('bare> ')"


class Terminal:
    """A program on a terminal.

    Parameters:
        command: the program and its arguments.
        env: its environment, if not ours.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._begin = time.perf_counter()
        self._process = pexpect.spawn(
            command[0],
            list(command[1:]),
            dimensions=(40, 100),
            timeout=60,
            env={**env, "TERM": "xterm-256color"} if env else None,
        )
        # Otherwise pexpect waits 50 ms before it answers, for all alike.
        self._process.delaybeforesend = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close(force=True)

    def started(self, text: str) -> float:
        """Wait for the first prompt; return how many milliseconds it took.

        Parameters:
            text: it has.
        """
        self._process.expect_exact(_WHERE)
        self._process.send(_THERE)
        self._process.expect_exact(text)
        return (time.perf_counter() - self._begin) * 1000

    def type(self, keys: str, shown: str) -> float:
        """Press keys; return how many milliseconds it took until something was shown."""
        begin = time.perf_counter()
        self._process.send(keys)
        self._process.expect_exact(shown)
        return (time.perf_counter() - begin) * 1000

    def clear(self) -> None:
        """Empty the line, and wait until nothing more is drawn."""
        self._process.send("\x15")
        self._process.expect(pexpect.TIMEOUT, timeout=0.1)

    @property
    def memory(self) -> float:
        """How many megabytes the program has now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / 1e6
