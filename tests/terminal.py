"""A terminal for tests: a program on a pty, keys typed into it, and its screen."""

import codecs
import contextlib
import os
import re
import select
import signal
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pexpect
import pyte

#: How long to wait for what must appear, in seconds. Only a failing test waits so long.
PATIENCE = 30.0

#: How long a person takes to press a key, in seconds: the terminal reads meanwhile.
KEY_SECONDS = 0.05

#: How long a program may take to end when its terminal goes at a test's end, before it is killed.
END_MILLISECONDS = 400

#: What newer programs ask of a terminal's keyboard, and pyte would print; and a beginning of that.
_UNKNOWN = re.compile(r"\x1b\[[=<][\d;]*[a-z]")
_UNFINISHED = re.compile(r"\x1b(\[([=<][\d;]*)?)?$")


def environment() -> dict[str, str]:
    """Return the environment of a program on a terminal that is none of ours.

    Its size is its own: pytest-xdist, for one, tells its workers that of the terminal above.
    """
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return {**kept, "TERM": "xterm-256color"}


class Terminal:
    """A program on a pty of 100 columns.

    The screen is pyte's, with all lines that scrolled out kept in ``history``. Nothing is
    paged, unless the environment has a pager.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        columns: int = 100,
        lines: int = 40,
    ) -> None:
        self.screen = pyte.HistoryScreen(columns, lines, history=100_000, ratio=0.000_01)
        self.raw = b""
        # A program asks where its cursor is; a terminal answers.
        self.screen.write_process_input = self._send
        self._stream = pyte.Stream(self.screen)
        self._unread = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._process = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={**environment(), "PAGER": "", **(env or {})},
            dimensions=(lines, columns),
            timeout=PATIENCE,
        )
        # Otherwise pexpect waits before it sends something, and nothing is read meanwhile.
        self._process.delaybeforesend = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.closed:
            return
        if self._process.isalive():
            self._hang_up(END_MILLISECONDS)
        else:
            self._process.ptyproc.delayafterclose = 0
            self._process.close()

    @property
    def pid(self) -> int:
        """The program's process id."""
        return int(self._process.pid)

    @property
    def lines(self) -> list[str]:
        """Every line so far, those that scrolled out first, without blanks at the end.

        The bottom line is none of them, nor is what stands on it part of ``text``.
        """
        gone = (
            "".join(line[column].data for column in range(self.screen.columns))
            for line in self.screen.history.top
        )
        shown = (
            line for row, line in enumerate(self.screen.display) if not self._is_bottom_line(row)
        )
        lines = [line.rstrip() for line in (*gone, *shown)]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def bottom_line(self) -> str:
        """What stands on the bottom line, or nothing when there is none."""
        rows = filter(self._is_bottom_line, range(self.screen.lines))
        return "".join(self.screen.display[row] for row in rows).strip()

    @property
    def bottom_line_mark(self) -> str:
        """What is marked on the bottom line."""
        return "".join(
            self.screen.buffer[row][column].data
            for row in filter(self._is_bottom_line, range(self.screen.lines))
            for column in range(self.screen.columns)
            if self.screen.buffer[row][column].underscore
        )

    def type(self, keys: str) -> None:
        """Type keys, as the bytes that a terminal sends for them."""
        self._read_on()
        self._send(keys)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, as a person does who drags its window's corner."""
        self._process.setwinsize(lines, columns)
        self.screen.resize(lines, columns)

    def wait(self, condition: Callable[[], object]) -> None:
        """Read what the program writes until the condition holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"it never came; the screen:\n{self.text}"
            try:
                self._read()
            except pexpect.EOF:
                assert condition(), f"the program ended; the screen:\n{self.text}"

    def wait_for(self, text: str) -> None:
        """Wait until a text stands on the screen, or has scrolled out of it."""
        self.wait(lambda: text in self.text)

    def wait_for_last_line(self, text: str) -> None:
        """Wait until the last line is this one, such as an empty prompt."""
        self.wait(lambda: self.lines and self.lines[-1] == text)

    def wait_until_prompt_is_gone(self) -> None:
        """Wait until a line that was entered is being done: then Ctrl-C is a signal again."""
        self.wait(lambda: termios.tcgetattr(self._process.child_fd)[3] & termios.ISIG)

    def run(self, line: str, prompt: str) -> list[str]:
        """Type a line at an empty prompt; return what it printed."""
        return self.press(line + "\r", prompt)

    def press(self, keys: str, prompt: str) -> list[str]:
        """Type keys that lead to another prompt; return what stands between the two."""
        self._read_on()
        # Below the cursor there may be a menu, which goes.
        before = len(self.screen.history.top) + self.screen.cursor.y + 1
        prompts = self._count(prompt)
        self._send(keys)
        self.wait(lambda: self._count(prompt) > prompts and self.lines[-1] == prompt)
        return self.lines[before:-1]

    def _count(self, prompt: str) -> int:
        return sum(line.startswith(prompt) for line in self.lines)

    def signal_children(self, number: int) -> None:
        """Send a signal to what the program has started, as ``kill`` would."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for child in children.read_text().split():
            os.kill(int(child), number)

    def hang_up(self) -> None:
        """Go away, as a terminal's window does that is closed; wait for the program's end."""
        self._hang_up(None)

    def _hang_up(self, milliseconds: int | None) -> None:
        """Go away, and kill a program that hasn't ended after so long."""
        ended = os.pidfd_open(self.pid)
        # Python's own object for the descriptor must know, or it closes a stranger's later.
        self._process.ptyproc.fileobj.close()
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        if not poll.poll(milliseconds):
            signal.pidfd_send_signal(ended, signal.SIGKILL)
        os.close(ended)
        os.waitpid(self.pid, 0)
        self._process.ptyproc.terminated = self._process.ptyproc.closed = True
        self._process.terminated = self._process.closed = True

    def wait_until_ended(self) -> int:
        """Wait for the program's end; return its exit status."""
        try:
            while True:
                self._read()
        except pexpect.EOF:
            pass
        self._process.wait()
        return int(self._process.exitstatus or 0)

    def _is_bottom_line(self, row: int) -> bool:
        """Tell the bottom line from the others: it alone is reversed from edge to edge."""
        cells = self.screen.buffer[row]
        return bool(cells[0].reverse and cells[self.screen.columns - 1].reverse)

    def _send(self, keys: str) -> None:
        self._process.send(keys)

    def _read_on(self) -> None:
        """Read what is written until a key is pressed.

        With Ctrl-C, the system throws away what was written and nobody has read.
        """
        end = time.monotonic() + KEY_SECONDS
        with contextlib.suppress(pexpect.EOF):
            while (seconds := end - time.monotonic()) > 0:
                self._read(seconds)

    def _read(self, seconds: float = 0.2) -> None:
        try:
            data = self._process.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return
        self.raw += data
        text = self._unread + self._decoder.decode(data)
        unfinished = _UNFINISHED.search(text)
        self._unread = unfinished[0] if unfinished else ""
        self._stream.feed(_UNKNOWN.sub("", text.removesuffix(self._unread)))
