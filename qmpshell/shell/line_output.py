"""What a line has to show: on the terminal, through the pager, or where the line says."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

from qmpshell.render import Rendering, Styled
from qmpshell.shell.delivery import Delivery
from qmpshell.shell.printer import Printer

if TYPE_CHECKING:
    from qmpshell.language.rendition import Rendition
    from qmpshell.protocol import Return


class LineOutput:
    """Shows replies and texts. Events, errors and remarks are the printer's, wherever those go.

    Parameters:
        printer: writes to the terminal.
        pager: the command that shows what is longer than the screen; ``None`` for the one in
            the environment, ``""`` for none.

    Attributes:
        delivery: gathers what goes elsewhere than to the terminal.
    """

    def __init__(self, printer: Printer, pager: str | None) -> None:
        self.delivery = Delivery()
        self._printer = printer
        self._pager = pager

    @property
    def width(self) -> int | None:
        """How many columns there are for a line; ``None`` where a line may be of any length."""
        return None if self.delivery.under_way else self._printer.width

    def show(self, text: Styled | Rendering) -> None:
        """Show a text, which may be empty, and end its line."""
        if self.delivery.under_way:
            self.delivery.take_text(text)
        elif text and not self._is_paged(text):
            self._printer.show(text)

    def reply(self, reply: Return, rendition: Rendition) -> None:
        """Show a reply.

        Parameters:
            reply: with its own bytes, if it is to be shown raw.
            rendition: how.

        Raises:
            UsageError: what is to be selected doesn't suit it.
        """
        # There is a prompt before there is a reply.
        from qmpshell.render import compact_json
        from qmpshell.render.forms import RAW, raw

        if rendition.output != RAW:
            self.value(reply.value, rendition)
            return
        # The reply to ``quit`` may have been lost with the connection.
        document = reply.document or compact_json(reply.members).encode("ascii")
        if self.delivery.under_way:
            self.delivery.take(document + b"\n")
        else:
            self.show(raw(document))

    def value(self, value: Any, rendition: Rendition) -> None:
        """Show a value, in any form but the raw one.

        Raises:
            UsageError: what is to be selected doesn't suit it.
        """
        from qmpshell.render.forms import write

        form = rendition.output or ("json" if self.delivery.under_way else "pretty")
        self.show(write(rendition.of(value), form, self.width))

    def _is_paged(self, text: Styled | Rendering) -> bool:
        """Show it with the pager, if it is too long for the screen; say whether that was done."""
        from qmpshell.shell.pager import find_pager, is_longer_than_screen, page

        if not is_longer_than_screen(text, *shutil.get_terminal_size()):
            return False
        pager = find_pager(self._pager, os.environ)
        return pager is not None and page(text, self._printer.theme, pager)
