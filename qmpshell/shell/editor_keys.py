"""Ctrl-X Ctrl-E, and vi's ``v``: the line goes into an editor, and comes back to the prompt."""

from __future__ import annotations

import os
from collections.abc import Callable

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import emacs_mode, has_focus, has_selection, vi_navigation_mode
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from qmpshell.errors import Error


def editor_keys(tell: Callable[[Error], None]) -> KeyBindings:
    """Return the keys that open an editor.

    Parameters:
        tell: shows a person what went wrong.
    """
    keys = KeyBindings()
    in_line = has_focus(DEFAULT_BUFFER) & ~has_selection

    @keys.add("c-x", "c-e", filter=in_line & emacs_mode)
    @keys.add("v", filter=in_line & vi_navigation_mode)
    def open_editor(event: KeyPressEvent) -> None:
        event.app.create_background_task(_edit(event.current_buffer, tell))

    return keys


async def _edit(buffer: Buffer, tell: Callable[[Error], None]) -> None:
    # Its imports are for those who use it.
    from qmpshell.shell.editor import edit

    try:
        # Not in a thread: nothing is to be read or shown while the terminal is the editor's.
        text = await run_in_terminal(lambda: edit(buffer.text, os.environ))
    except Error as error:
        tell(error)
        return
    buffer.save_to_undo_stack()
    # It isn't run: whoever edits a line has not said so.
    buffer.document = Document(text, len(text))
