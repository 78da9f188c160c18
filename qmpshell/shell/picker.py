"""One of several machines, chosen with the arrow keys or by its number."""

from __future__ import annotations

from collections.abc import Sequence

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window

TITLE = "Connect to which? Arrows and Enter, or a number; Ctrl-C leaves."


def pick(lines: Sequence[str], choices: Sequence[int]) -> int:
    """Let a person choose a line, at the terminal.

    Parameters:
        lines: what is shown, the heading first.
        choices: the numbers of the lines that can be chosen, in order; not empty.

    Returns:
        The number of the line that was chosen.

    Raises:
        KeyboardInterrupt: the person doesn't want any.
    """
    picker = _Picker(lines, choices)
    app: Application[int] = Application(
        Layout(Window(FormattedTextControl(picker.text, focusable=True, show_cursor=False))),
        key_bindings=_keys(picker),
        erase_when_done=True,
    )
    return app.run()


class _Picker:
    def __init__(self, lines: Sequence[str], choices: Sequence[int]) -> None:
        self._lines = lines
        self._choices = choices
        self._at = 0
        self._typed = ""

    @property
    def chosen(self) -> int:
        """The number of the line that stands out."""
        return self._choices[self._at]

    def move(self, steps: int) -> None:
        """Choose another line, and the first one behind the last."""
        self._typed = ""
        self._at = (self._at + steps) % len(self._choices)

    def type(self, digit: str) -> bool:
        """Take a digit; say whether no other number begins so, and it is decided."""
        count = len(self._choices)
        typed = next((t for t in (self._typed + digit, digit) if 0 < int(t) <= count), "")
        if typed:
            self._typed, self._at = typed, int(typed) - 1
        return bool(typed) and int(typed) * 10 > count

    def text(self) -> StyleAndTextTuples:
        """Draw the lines, each choice with its number."""
        width = len(str(len(self._choices)))
        shown: StyleAndTextTuples = [("bold", TITLE)]
        for number, line in enumerate(self._lines):
            chosen = number == self.chosen
            label = str(self._choices.index(number) + 1) if number in self._choices else ""
            # The window is scrolled to where the cursor is.
            cursor = [("[SetCursorPosition]", "")] if chosen else []
            style = "reverse" if chosen else ""
            shown += [("", "\n"), *cursor, (style, f"{label:>{width}}  {line}")]
        return shown


def _keys(picker: _Picker) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("up")
    @keys.add("c-p")
    @keys.add("k")
    def up(_event: KeyPressEvent) -> None:
        picker.move(-1)

    @keys.add("down")
    @keys.add("c-n")
    @keys.add("j")
    @keys.add("tab")
    def down(_event: KeyPressEvent) -> None:
        picker.move(1)

    @keys.add("enter")
    def enter(event: KeyPressEvent) -> None:
        event.app.exit(result=picker.chosen)

    @keys.add("c-c")
    @keys.add("c-d")
    @keys.add("q")
    def leave(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    for digit in "0123456789":

        @keys.add(digit)
        def number(event: KeyPressEvent) -> None:
            if picker.type(event.data):
                event.app.exit(result=picker.chosen)

    return keys
