"""The bottom line: what is being typed on its left, how the machine is on its right.

While nothing is typed, the machine's address stands on the left; where there is no signature
of what is typed over several lines, how to leave them.
"""

from __future__ import annotations

from qmpshell.address import TLSAddress, name_of, short_text
from qmpshell.render import Role, columns, escape
from qmpshell.shell.mode import WriteBottomLine
from qmpshell.shell.session import Session

_TEXT = "class:bottom-toolbar.text"
_STATE = "class:bottom-toolbar.text.state"
_RUNNING = "class:bottom-toolbar.text.state.running"
_TROUBLE = "class:bottom-toolbar.text.state.trouble"
_HIDDEN = "class:bottom-toolbar.text.hidden"

_STYLES = {
    Role.KEY: "class:bottom-toolbar.text.job",
    Role.STRING: "class:bottom-toolbar.text.done",
    Role.COMMENT: "class:bottom-toolbar.text.rest",
    Role.ERROR: "class:bottom-toolbar.text.failed",
}

#: The line is reversed: what a character is drawn with is the background's colour.
COLOURS = {
    "bottom-toolbar.text.state.running": "bg:ansigreen",
    "bottom-toolbar.text.state.trouble": "bg:ansired",
    "bottom-toolbar.text.job": "bold",
    "bottom-toolbar.text.done": "bg:ansigreen",
    "bottom-toolbar.text.rest": "bg:ansibrightblack",
    "bottom-toolbar.text.failed": "bg:ansired bold",
}

#: Run states in which something is wrong (``RunState`` in QEMU's qapi/run-state.json).
_TROUBLES = ("guest-panicked", "internal-error", "io-error", "watchdog")

_GAP = "   "
_END = " "

#: What is typed keeps at least so many columns; for the rest the machine makes room.
_LEAST_LEFT = 30

#: The least that an address takes to say something.
_LEAST_ADDRESS = 10

#: Jobs may take half of what there is, or as much as one needs to say all, if that is more;
#: beside what is typed, as much as one needs for its bar.
_ONE_JOB = 40
_ONE_BAR = 24

_UNFINISHED = "Ctrl-C clears this; Enter runs it when all is closed"

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
        one_job = _ONE_BAR if text else _ONE_JOB
        right = self._right(width - (_LEAST_LEFT if text else 0), one_job)
        room = width - _size(right)
        left = signature(text, room)
        if not left:
            left = _hint(_UNFINISHED, room) if "\n" in text else self._address(room)
        return [*left, *right]

    def _right(self, room: int, one_job: int) -> Pieces:
        """Return what fits of the machine's state, the most important last."""
        room -= len(_END)
        jobs = self._jobs(min(room - len(_GAP), max(one_job, room // 2)))
        pieces: Pieces = [(_TEXT, _GAP), *jobs] if jobs else []
        room -= _size(pieces)
        for style, text in reversed(list(self._state())):
            room -= len(_GAP) + columns(text)
            if room < 0:
                break
            pieces = [(_TEXT, _GAP), (style, text), *pieces]
        return [*pieces, (_TEXT, _END)] if pieces else []

    def _address(self, room: int) -> Pieces:
        """Return the address, or its end if there is no room for all of it."""
        where = self._session.connection.address
        text = name_of(where) if isinstance(where, TLSAddress) else where and short_text(where)
        address = escape(text or "")
        if not address or room < _LEAST_ADDRESS:
            return [(_TEXT, " " * room)]
        if columns(address) >= room:
            address = address[-room:]
            while columns(address) > room - len(" …"):
                address = address[1:]
            address = f"…{address}"
        return [(_TEXT, f" {address}" + " " * (room - 1 - columns(address)))]

    def _state(self) -> Pieces:
        session = self._session
        state: Pieces = []
        if name := session.client.server_name:
            state.append((_TEXT, escape(name)))
        if session.machine.state and not session.client.closed:
            state.append((_style_of(session.machine.state), escape(session.machine.state)))
        if (late := session.overdue.first) and not session.client.closed:
            state.append((_TROUBLE, f"{late.name} unanswered"))
        if hidden := session.events.hidden:
            state.append((_HIDDEN, f"{hidden} event{'s' if hidden > 1 else ''} hidden"))
        return state

    def _jobs(self, room: int) -> Pieces:
        activity = self._session.activity
        jobs = activity.worth_a_look if activity and not self._session.client.closed else []
        if not jobs:
            return []
        from qmpshell.render.jobs_line import jobs_line  # most machines have none

        styled = jobs_line(jobs, room, self._session.printer.bar.marks)
        return [(_STYLES.get(role, _TEXT), text) for role, text in styled]


def _hint(text: str, room: int) -> Pieces:
    from qmpshell.render.wrap import cut  # the first prompt has no hint

    shown = "".join(piece for _, piece in cut([(_TEXT, f" {text}")], room))
    return [(_TEXT, shown.ljust(room)[:room])]


def _style_of(state: str) -> str:
    if state == "running":
        return _RUNNING
    return _TROUBLE if state in _TROUBLES else _STATE


def _size(pieces: Pieces) -> int:
    return sum(columns(text) for _, text in pieces)
