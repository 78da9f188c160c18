"""What is shown on the terminal: at once, or above the prompt while there is one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, TextIO

from qmpshell.render import Role, Styled, plain
from qmpshell.render.theme import Theme
from qmpshell.shell.bar import Bar

if TYPE_CHECKING:
    from prompt_toolkit.application import Application

#: How long what comes while the prompt stands is gathered, in seconds, so that a flood of
#: events costs one redrawing of the prompt for each frame and not for each event.
FRAME_SECONDS = 1 / 30


#: CAN and ST end an escape sequence that was cut off, and then the colours go.
_END_OF_ANY_SEQUENCE = "\x18\x1b\\\x1b[0m"


class Printer:
    """Writes styled text to a terminal and never disturbs the line that is being typed.

    Parameters:
        stream: the terminal.
        theme: the colours; ``None`` for none.

    Attributes:
        theme: as given.
        bar: the progress of what is waited for, below all else; none while a prompt stands.
        picture_shown: whether a picture was shown since the last prompt.
    """

    def __init__(self, stream: TextIO, theme: Theme | None) -> None:
        self.theme = theme
        self.bar = Bar(stream, theme)
        self.picture_shown = False
        self._stream = stream
        self._waiting: list[Styled] = []
        self._app: Application[str] | None = None

    @property
    def width(self) -> int:
        """How many columns the terminal has."""
        return shutil.get_terminal_size().columns

    def show(self, styled: Styled) -> None:
        """Show something that ends its line."""
        self._waiting.append(styled)
        if self._app is None:
            self._write()
        elif len(self._waiting) == 1 and self._app.loop:
            self._app.loop.call_later(FRAME_SECONDS, self._write_above)

    def note(self, text: str) -> None:
        """Show a remark of the shell's own."""
        self.show([(Role.NOTE, text)])

    def show_picture(self, text: str) -> None:
        """Show what is in the terminal's own language, between two prompts.

        Parameters:
            text: as ``render.picture`` writes it, with the end of its last line.
        """
        self.picture_shown = True
        try:
            self._stream.write(text)
            self._stream.flush()
        except KeyboardInterrupt:
            # A sequence that isn't ended would swallow what comes behind it.
            self._stream.write(_END_OF_ANY_SEQUENCE)
            self._stream.flush()
            raise

    def prompt_appeared(self, app: Application[str]) -> None:
        """Begin to print above a prompt that is running."""
        self._app = app

    def prompt_gone(self) -> bool:
        """Go back to printing at once; say whether anything came behind the prompt."""
        self._app = None
        self.picture_shown = False
        return self._write()

    def _write_above(self) -> None:
        """Take the prompt away, write, and let it be drawn again below.

        The terminal stays in raw mode all the while. prompt_toolkit's own
        ``run_in_terminal`` leaves it for the time, and keys that are typed then are echoed
        and lost: with many events, that is most keys.
        """
        if self._app is None or not self._app.is_running or self._app.is_done:
            return
        renderer = self._app.renderer
        renderer.erase()
        self._write()
        renderer.reset()
        renderer.request_absolute_cursor_position()
        self._app.invalidate()

    def _write(self) -> bool:
        waiting, self._waiting = self._waiting, []
        self.bar.clear()
        for styled in waiting:
            text = self.theme.paint(styled) if self.theme else plain(styled)
            self._stream.write(text + "\n")
        self._stream.flush()
        self.bar.draw()
        return bool(waiting)
