"""A line at the end of a terminal that is drawn over and over, and leaves no trace."""

from __future__ import annotations

import os
from typing import TextIO

from qmpshell.progress import Progress
from qmpshell.render.progress import ASCII, BLOCKS, progress_line
from qmpshell.render.styled import plain
from qmpshell.render.theme import Theme

_COLUMNS = 80
_TO_EMPTY_LINE = "\r\x1b[K"


class Bar:
    """Shows progress on the last line of a terminal, which has nothing else in it.

    Parameters:
        stream: the terminal.
        theme: the colours; ``None`` for none.
    """

    def __init__(self, stream: TextIO, theme: Theme | None) -> None:
        self._stream = stream
        self._theme = theme
        self._progress: Progress | None = None

    def show(self, progress: Progress) -> None:
        """Show how far it is, in place of what was shown before."""
        self._progress = progress
        self.draw()

    def draw(self) -> None:
        """Draw it again on the line where the cursor is, if there is something to show."""
        if self._progress is None:
            return
        # A terminal that is full to its last column may have begun another line.
        styled = progress_line(self._progress, self._columns() - 1, self.marks)
        text = self._theme.paint(styled) if self._theme else plain(styled)
        self._stream.write(_TO_EMPTY_LINE + text)
        self._stream.flush()

    def clear(self) -> None:
        """Take it away, until it is drawn again."""
        if self._progress is not None:
            self._stream.write(_TO_EMPTY_LINE)
            self._stream.flush()

    def end(self, left: str = "") -> None:
        """Take it away, and show it no more.

        Parameters:
            left: what stays on its line, such as the ^C that a terminal echoed behind it.
        """
        self.clear()
        if self._progress is not None and left:
            self._stream.write(left)
            self._stream.flush()
        self._progress = None

    @property
    def marks(self) -> str:
        """What is full of a bar and what isn't, in characters that the terminal has."""
        try:
            BLOCKS.encode(self._stream.encoding)
        except UnicodeEncodeError:
            return ASCII
        return BLOCKS

    def _columns(self) -> int:
        try:
            # A terminal of which nobody has said how large it is has 0.
            return os.get_terminal_size(self._stream.fileno()).columns or _COLUMNS
        except OSError:
            return _COLUMNS
