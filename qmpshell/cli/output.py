"""What a program without a prompt writes: replies, each in the form that was chosen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from qmpshell.language.rendition import Rendition
from qmpshell.protocol import Return
from qmpshell.render import Rendering, Role, Styled, compact_json, escape_lines
from qmpshell.render.forms import RAW, raw, write
from qmpshell.render.theme import painted
from qmpshell.shell.delivery import Delivery

if TYPE_CHECKING:
    from qmpshell.render.theme import Theme


class Output:
    """Writes replies to standard output, or to where their line says.

    Parameters:
        theme: the colours on standard output; ``None`` for none.
        at_once: whether each is flushed at once, rather than by :meth:`flush`.

    Attributes:
        delivery: gathers what goes elsewhere.
    """

    def __init__(self, theme: Theme | None, *, at_once: bool = True) -> None:
        self.delivery = Delivery()
        self._theme = theme
        self._at_once = at_once
        self._terminal = sys.stdout.isatty()

    @property
    def for_people(self) -> bool:
        """Whether it is written for people and not for programs, unless a form is chosen."""
        return not self.delivery.under_way and (self._terminal or self._theme is not None)

    def reply(self, reply: Return, rendition: Rendition) -> None:
        """Write a reply.

        Parameters:
            reply: with its own bytes, if it is to be written raw.
            rendition: how.

        Raises:
            UsageError: what is to be selected doesn't suit it.
        """
        if rendition.output == RAW:
            # The reply to ``quit`` may have been lost with the connection.
            self._raw(reply.document or compact_json(reply.members).encode("ascii"))
        else:
            self.value(reply.value, rendition)

    def value(self, value: Any, rendition: Rendition) -> None:
        """Write a value.

        Parameters:
            value: what :func:`json.loads` returned.
            rendition: how; in any form but the raw one.

        Raises:
            UsageError: what is to be selected doesn't suit it.
        """
        form = rendition.output or ("pretty" if self.for_people else "json")
        self.show(write(rendition.of(value), form, self._width))

    def show(self, text: Styled | Rendering) -> None:
        """Write a text, unless there is none, and end its line."""
        if self.delivery.under_way:
            self.delivery.take_text(text)
        elif text:
            sys.stdout.writelines(painted(text, self._theme))
            print(flush=self._at_once)

    def flush(self) -> None:
        """Let readers have what was written."""
        sys.stdout.flush()

    def data(self, data: bytes) -> None:
        """Write what a guest's program or file says, as it is; escaped to a terminal."""
        if self.delivery.under_way:
            self.delivery.take(data)
        elif self._terminal:
            shown = escape_lines(data.decode("utf-8", "replace")).rstrip("\n")
            self.show([(Role.TEXT, shown)] if shown else [])
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def _raw(self, document: bytes) -> None:
        if self.delivery.under_way:
            self.delivery.take(document + b"\n")
            return
        if self._terminal:
            self.show(raw(document))
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(document + b"\n")
        sys.stdout.buffer.flush()

    @property
    def _width(self) -> int | None:
        if not self._terminal or self.delivery.under_way:
            return None
        import shutil  # and with it all that it packs and unpacks files with

        return shutil.get_terminal_size().columns
