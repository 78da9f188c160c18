"""The bottom line: what is being typed on its left, how the machine is on its right."""

from __future__ import annotations

from qmpshell.render import columns, escape
from qmpshell.shell.mode import WriteBottomLine
from qmpshell.shell.session import Session

_TEXT = "class:bottom-toolbar.text"
_STATE = "class:bottom-toolbar.text.state"
_HIDDEN = "class:bottom-toolbar.text.hidden"

_GAP = "   "

#: What is typed keeps at least so many columns; for the rest the machine makes room.
_LEAST_LEFT = 30

Pieces = list[tuple[str, str]]


class Toolbar:
    """Writes the bottom line.

    Parameters:
        session: whose machine it is about.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(self, text: str, width: int, signature: WriteBottomLine) -> Pieces:
        """Return the line as styled pieces, as wide as the terminal.

        Parameters:
            text: what stands before the cursor.
            width: how many columns the terminal has.
            signature: writes the left side.
        """
        right = self._right(width - (_LEAST_LEFT if text else 0))
        room = width - sum(columns(piece) for _, piece in right)
        return [*(signature(text, room) or [(_TEXT, " " * room)]), *right]

    def _right(self, room: int) -> Pieces:
        """Return what fits of the machine's state, the most important last."""
        pieces: Pieces = []
        for style, text in reversed(list(self._state())):
            room -= len(_GAP) + columns(text)
            if room < 0:
                break
            pieces = [(_TEXT, _GAP), (style, text), *pieces]
        return [*pieces, (_TEXT, " ")] if pieces and room else pieces

    def _state(self) -> Pieces:
        session = self._session
        state: Pieces = []
        if greeting := session.client.greeting:
            state.append((_TEXT, "QEMU " + ".".join(map(str, greeting.version))))
        if session.machine.state and not session.client.closed:
            state.append((_STATE, escape(session.machine.state)))
        if hidden := session.events.hidden:
            state.append((_HIDDEN, f"{hidden} event{'s' if hidden > 1 else ''} hidden"))
        return state
