"""What is shown on the terminal: at once, or above the prompt while there is one."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import Event
from qmpshell.render import Rendering, Role, Styled, columns, plain
from qmpshell.render.theme import Theme, painted
from qmpshell.shell.bar import Bar

if TYPE_CHECKING:
    from asyncio import TimerHandle

    from prompt_toolkit.application import Application

#: How long what comes while the prompt stands is gathered, in seconds, so that a flood of
#: events costs one redrawing of the prompt for each frame and not for each event.
FRAME_SECONDS = 1 / 30

#: When so much waits, it doesn't wait for the frame: a key is answered between two writes,
#: and while the terminal takes one, nothing more is read from the machine.
MOST_WAITING = 100

#: So many characters go to the terminal in one write, or as many as there are.
MOST_AT_ONCE = 1 << 15

#: The first column of the line above, and nothing in that line.
_LINE_ABOVE_AGAIN = "\x1b[A\r\x1b[2K"


class Line(NamedTuple):
    """Something to show.

    Attributes:
        shown: what ends its line, or an event, which is put on one line when it is written.
        times: how many such events have come in a row.
        repeats: whether it is the event of the line before once more, and takes its place
            while that still is the last one.
    """

    shown: Styled | Rendering | Event
    times: int = 1
    repeats: bool = False


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
        self._waiting: list[Line] = []
        self._event_is_last = False
        self._app: Application[str] | None = None
        self._frame: TimerHandle | None = None

    @property
    def width(self) -> int:
        """How many columns the terminal has."""
        return shutil.get_terminal_size().columns

    def show(self, styled: Styled | Rendering) -> None:
        """Show something that ends its line."""
        self._add(Line(styled))

    def show_event(self, event: Event, count: int = 1) -> None:
        """Show an event on one line.

        Parameters:
            event: as it came.
            count: how many such events have come in a row; the line of those before is
                replaced while nothing else has been shown or typed below it.
        """
        self._add(Line(event, count, repeats=count > 1))

    def _add(self, line: Line) -> None:
        if line.repeats and self._waiting and isinstance(self._waiting[-1].shown, Event):
            self._waiting[-1] = line._replace(repeats=self._waiting[-1].repeats)
            return
        self._waiting.append(line)
        if self._app is None:
            self._write()
        elif len(self._waiting) >= MOST_WAITING:
            self._write_above()
        elif self._frame is None and self._app.loop:
            self._frame = self._app.loop.call_later(FRAME_SECONDS, self._write_above)

    def note(self, text: str) -> None:
        """Show a remark of the shell's own; it may begin with a line's end."""
        body = text.removeprefix("\n")
        self.say([(Role.NOTE, body)], before=text[: len(text) - len(body)])

    def say(self, remark: Styled, before: str = "") -> None:
        """Show what the shell itself has to say, with no word of it broken.

        Parameters:
            remark: one line; what a server said is better left to the terminal, as it may be
                copied to be looked for.
            before: what stands before it.
        """
        text = plain(remark)
        # Where blanks were chosen, they stay.
        if columns(text) > self.width and "\n" not in text and "  " not in text:
            from qmpshell.render.wrap import wrap  # the first prompt needs it seldom

            remark = wrap(remark, self.width)
        self.show([(Role.NOTE, before), *remark] if before else remark)

    def show_picture(self, text: str) -> None:
        """Show what is in the terminal's own language, between two prompts.

        Parameters:
            text: as ``render.picture`` writes it, with the end of its last line.
        """
        self.picture_shown = True
        self._event_is_last = False
        self._write_pieces([text])

    def prompt_appeared(self, app: Application[str]) -> None:
        """Begin to print above a prompt that is running."""
        self._app = app
        self._frame = None

    def prompt_gone(self) -> bool:
        """Go back to printing at once; say whether anything came behind the prompt."""
        self._app = None
        self.picture_shown = False
        self._event_is_last = False
        return self._write()

    def _write_above(self) -> None:
        """Take the prompt away, write, and let it be drawn again below.

        The terminal stays in raw mode all the while. prompt_toolkit's own
        ``run_in_terminal`` leaves it for the time, and keys that are typed then are echoed
        and lost: with many events, that is most keys.
        """
        if self._app is None or not self._app.is_running or self._app.is_done:
            return
        if self._frame:
            self._frame.cancel()
            self._frame = None
        renderer = self._app.renderer
        renderer.erase()
        self._write()
        renderer.reset()
        renderer.request_absolute_cursor_position()
        self._app.invalidate()

    def _write(self) -> bool:
        waiting, self._waiting = self._waiting, []
        self.bar.clear()
        self._write_pieces(self._pieces(waiting))
        self.bar.draw()
        return bool(waiting)

    def _pieces(self, lines: Iterable[Line]) -> Iterator[str]:
        width = self.width - 1
        for line in lines:
            # Only below a prompt that was erased is it certain where the cursor stands.
            if line.repeats and self._event_is_last and self._app:
                yield _LINE_ABOVE_AGAIN
            shown = line.shown
            self._event_is_last = isinstance(shown, Event)
            if isinstance(shown, Event):
                from qmpshell.render.event import event_line  # few prompts begin with one

                shown = event_line(shown, width=width, count=line.times)
            yield from painted(shown, self.theme)
            yield "\n"

    def _write_pieces(self, pieces: Iterable[str]) -> None:
        """Write a text that may be large; Ctrl-C stops it."""
        try:
            for text in _gathered(pieces):
                self._stream.write(text)
            self._stream.flush()
        except KeyboardInterrupt:
            # A sequence that isn't ended would swallow what comes behind it.
            self._stream.write(_END_OF_ANY_SEQUENCE)
            self._stream.flush()
            raise


def _gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Yield a text in as few pieces as may be: a terminal is told of each."""
    text = ""
    for piece in pieces:
        text += piece
        if len(text) >= MOST_AT_ONCE:
            yield text
            text = ""
    yield text
