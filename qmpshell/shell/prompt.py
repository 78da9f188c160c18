"""Asks for a line: prompt_toolkit's session with this shell's keys, colours and history."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import DynamicCompleter
from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.lexers import DynamicLexer
from prompt_toolkit.styles import BaseStyle, DynamicStyle, Style, merge_styles

from qmpshell.errors import Error
from qmpshell.render.theme import Theme
from qmpshell.shell.editor_keys import editor_keys
from qmpshell.shell.mode import Mode
from qmpshell.shell.toolbar import COLOURS, Toolbar

_LINE = Style.from_dict(
    {"prompt": "bold", "prompt.state": "ansicyan", "auto-suggestion": "ansibrightblack"}
)

#: The bottom line is a bar only while something is in it. These aren't colours.
_BAR = Style.from_dict(
    {
        "bottom-toolbar": "noreverse",
        "bottom-toolbar.text": "reverse",
        "bottom-toolbar.text.current": "bold underline",
        "bottom-toolbar.text.hidden": "bold",
    }
)


class Prompt:
    """The line at the bottom, where a person types.

    An empty line can be drawn before the mode is loaded, which takes half as long as
    importing prompt_toolkit did: so that is done when the first prompt stands.

    Parameters:
        load_mode: loads what knows when a text is complete, completes and colours it.
        history: what was typed before.
        theme: the colours; ``None`` for none.
        editing: Emacs' keys or vi's.
        label: is asked for the prompt's text at each drawing: name and state.
        toolbar: writes the bottom line.
        tell: shows what went wrong while the prompt stands.
    """

    def __init__(
        self,
        load_mode: Callable[[], Mode],
        history: History,
        theme: Theme | None,
        editing: EditingMode,
        label: Callable[[], tuple[str, str]],
        toolbar: Toolbar,
        tell: Callable[[Error], None],
    ) -> None:
        self._label = label
        self._toolbar = toolbar
        self._load_mode = load_mode
        self._mode: Mode | None = None
        self._theme = theme
        self._stay_low = False
        self._session: PromptSession[str] = PromptSession(
            self._message,
            multiline=True,
            prompt_continuation=_continuation,
            completer=DynamicCompleter(lambda: self._mode.completer if self._mode else None),
            complete_while_typing=True,
            lexer=DynamicLexer(lambda: self._mode.lexer if self._mode else None),
            history=history,
            auto_suggest=AutoSuggestFromHistory(),
            editing_mode=editing,
            cursor=ModalCursorShapeConfig() if editing == EditingMode.VI else None,
            key_bindings=merge_key_bindings(
                [_keys(lambda text: self.mode.is_complete(text)), editor_keys(tell)]
            ),
            style=DynamicStyle(self._style),
            bottom_toolbar=self._bottom_line,
            include_default_pygments_style=False,
            enable_suspend=True,
        )

    @property
    def mode(self) -> Mode:
        """The language that is spoken, loaded if it wasn't yet."""
        if self._mode is None:
            self._mode = self._load_mode()
        return self._mode

    @property
    def text(self) -> str:
        """What stands on the line, or stood there last."""
        return self._session.default_buffer.text

    def ask(self, appeared: Callable[[Application[str]], None], *, stay_low: bool = False) -> str:
        """Return what was typed.

        Parameters:
            appeared: is called from the prompt's event loop when it has started, with
                the application that runs in it.
            stay_low: make no room for the menu before something is typed, as that would
                move away what stands above.

        Raises:
            KeyboardInterrupt: Ctrl-C.
            EOFError: Ctrl-D on an empty line.
        """
        self._stay_low = stay_low

        def before_drawing() -> None:
            appeared(self._session.app)
            if self._mode is None:
                asyncio.get_running_loop().call_soon(self._become_ready)

        return self._session.prompt(pre_run=before_drawing, handle_sigint=False)

    def forget_typed_ahead(self) -> None:
        """Drop the lines that were pasted or typed behind the one that was given up."""
        clear_typeahead(self._session.app.input)

    def redraw(self) -> None:
        """Draw the prompt again, as its label may have changed."""
        self._session.app.invalidate()

    def _become_ready(self) -> None:
        assert self.mode
        self.redraw()

    def _style(self) -> BaseStyle:
        """Colours for what is typed: none are needed before something can be."""
        if self._theme is None:
            return _BAR
        if self._mode is None:
            return _LINE
        return _full_style(self._theme)

    def _message(self) -> StyleAndTextTuples:
        name, state = self._label()
        size = self._session.app.output.get_size()
        # On a low terminal the menu's room would leave none for the line itself.
        room = max(0, min(8, size.rows - 3))
        low = self._stay_low and not self._session.default_buffer.text
        self._session.reserve_space_for_menu = 0 if low else room
        # And a prompt that fills the line would leave none for what is typed.
        name = _shortened(name, size.columns // 3)
        return [("class:prompt", name), ("class:prompt.state", state), ("class:prompt", "> ")]

    def _bottom_line(self) -> StyleAndTextTuples:
        if self._mode is None:
            return []
        before_cursor = self._session.default_buffer.document.text_before_cursor
        width = self._session.app.output.get_size().columns
        return [*self._toolbar.write(before_cursor, width, self._mode.bottom_line)]


def _shortened(name: str, room: int) -> str:
    return name if len(name) <= room else name[: max(0, room - 1)] + "…"


def _continuation(width: int, _line: int, _wraps: int) -> StyleAndTextTuples:
    return [("class:prompt", "... ".rjust(width))]


@functools.cache
def _full_style(theme: Theme) -> BaseStyle:
    from prompt_toolkit.styles.pygments import style_from_pygments_cls

    colours = Style.from_dict(COLOURS)
    return merge_styles([style_from_pygments_cls(theme.style), _LINE, _BAR, colours])


def _keys(is_complete: Callable[[str], bool]) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def run_or_go_on(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=False)

    return keys
