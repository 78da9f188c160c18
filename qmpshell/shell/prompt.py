"""Asks for a line: prompt_toolkit's session with this shell's keys, colours and history."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.styles import BaseStyle, Style, merge_styles
from prompt_toolkit.styles.pygments import style_from_pygments_cls

from qmpshell.render.theme import Theme
from qmpshell.shell.mode import Mode

_STYLE = Style.from_dict(
    {"prompt": "bold", "prompt.state": "ansicyan", "auto-suggestion": "ansibrightblack"}
)

#: The bottom line is a bar only while something is in it. These aren't colours.
_BAR = Style.from_dict(
    {
        "bottom-toolbar": "noreverse",
        "bottom-toolbar.text": "reverse",
        "bottom-toolbar.text.current": "bold underline",
    }
)


class Prompt:
    """The line at the bottom, where a person types.

    Parameters:
        mode: knows when a text is complete, completes and colours it.
        history: what was typed before.
        theme: the colours; ``None`` for none.
        editing: Emacs' keys or vi's.
        label: is asked for the prompt's text at each drawing: name and state.
    """

    def __init__(
        self,
        mode: Mode,
        history: History,
        theme: Theme | None,
        editing: EditingMode,
        label: Callable[[], tuple[str, str]],
    ) -> None:
        self._label = label
        self._write_bottom_line = mode.bottom_line
        self._session: PromptSession[str] = PromptSession(
            self._message,
            multiline=True,
            prompt_continuation=_continuation,
            completer=mode.completer,
            complete_while_typing=True,
            lexer=mode.lexer,
            history=history,
            auto_suggest=AutoSuggestFromHistory(),
            editing_mode=editing,
            key_bindings=_keys(mode.is_complete),
            style=_style(theme),
            bottom_toolbar=self._bottom_line,
            include_default_pygments_style=False,
            enable_suspend=True,
        )

    def ask(self, appeared: Callable[[], None]) -> str:
        """Return what was typed.

        Parameters:
            appeared: is called from the prompt's event loop when it has started.

        Raises:
            KeyboardInterrupt: Ctrl-C.
            EOFError: Ctrl-D on an empty line.
        """
        return self._session.prompt(pre_run=appeared)

    def redraw(self) -> None:
        """Draw the prompt again, as its label may have changed."""
        self._session.app.invalidate()

    def _message(self) -> StyleAndTextTuples:
        name, state = self._label()
        size = self._session.app.output.get_size()
        # On a low terminal the menu's room would leave none for the line itself.
        self._session.reserve_space_for_menu = max(0, min(8, size.rows - 3))
        # And a prompt that fills the line would leave none for what is typed.
        name = _shortened(name, size.columns // 3)
        return [("class:prompt", name), ("class:prompt.state", state), ("class:prompt", "> ")]

    def _bottom_line(self) -> StyleAndTextTuples:
        before_cursor = self._session.default_buffer.document.text_before_cursor
        width = self._session.app.output.get_size().columns
        return [*self._write_bottom_line(before_cursor, width)]


def _shortened(name: str, room: int) -> str:
    return name if len(name) <= room else name[: max(0, room - 1)] + "…"


def _continuation(width: int, _line: int, _wraps: int) -> StyleAndTextTuples:
    return [("class:prompt", "... ".rjust(width))]


def _style(theme: Theme | None) -> BaseStyle:
    if theme is None:
        return _BAR
    return merge_styles([style_from_pygments_cls(theme.style), _STYLE, _BAR])


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
