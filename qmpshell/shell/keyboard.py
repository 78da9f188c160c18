"""``/type`` and ``/keys``: what a person would do on the machine's own keyboard.

QEMU queues what ``send-key`` is given, plays it on the machine's own clock, and drops
without a word what is too much (tried on 7.2: of 600 keys sent at once, 237 came). So each
key is sent when the one before has been let go (tried as well: all of 800 came, at a
tenth of the time that they take here, and of 200 on a host with twice as much to do as it
has processors).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qmpshell.errors import GivenUp, LineError, UsageError
from qmpshell.language.keyboard.combinations import key_names, read_combinations
from qmpshell.language.keyboard.layout import Stroke, us_layout
from qmpshell.language.keyboard.text import strokes_for
from qmpshell.language.shell_words import ShellWords, read_shell_words
from qmpshell.shell.session import Session

#: How long a key is held while a text is typed, in milliseconds: a USB keyboard is asked
#: every 10 ms (at 5 ms, a key of it got stuck), and a guest that is busy for a while is
#: forgiven by the 16 bytes that a PS/2 keyboard holds.
_TYPING_HOLD = 20

#: How long the keys of a combination are held: as long as QEMU itself does.
_PRESSING_HOLD = 100

#: A machine whose timers are late plays keys more slowly than it should.
_SLACK = 1.25

#: Whoever has to wait longer, in seconds, is told.
_LONG = 5.0

#: Run states in which a key reaches the guest, or wakes it up; also where none is known.
_TAKES_KEYS = ("running", "suspended", "")

_HOLD = {"--hold": "MILLISECONDS"}


def type_text(session: Session, rest: str) -> None:
    """Type a text.

    Parameters:
        session: whose machine gets it.
        rest: what stands behind ``/type``.

    Raises:
        LineError: it isn't understood, or the layout lacks a character; nothing was sent.
        GivenUp: Ctrl-C; what wasn't sent by then won't be.
        Error: the machine doesn't run, or as :meth:`Session.request`.
    """
    given = read_shell_words(rest, {**_HOLD, "--enter": None}, literal=True)
    enter = "--enter" in given.options
    strokes = [stroke for text in given.words for stroke in strokes_for(rest, text, us_layout())]
    if len(given.words) > 1:
        second = given.words[1]
        raise LineError("one text is expected; quotes go around all of it", second.start, len(rest))
    if enter:
        strokes.append(us_layout()["\n"])
    if not strokes:
        raise LineError('a text is expected, as it is or in quotes: "root\\n"', 0, len(rest))
    _press(session, strokes, _hold(given, _TYPING_HOLD))


def press_keys(session: Session, rest: str) -> None:
    """Press combinations of keys.

    Parameters:
        session: whose machine gets them.
        rest: what stands behind ``/keys``.

    Raises:
        LineError: it isn't understood, or there is no such key; nothing was sent.
        GivenUp: Ctrl-C; what wasn't sent by then won't be.
        Error: the machine doesn't run, or as :meth:`Session.request`.
    """
    given = read_shell_words(rest, _HOLD)
    if not given.words:
        raise LineError("keys are expected, such as ctrl-alt-f2 or ret", 0, len(rest))
    strokes = read_combinations(given.words, key_names(session.schema))
    _press(session, strokes, _hold(given, _PRESSING_HOLD))


def _hold(given: ShellWords, default: int) -> int:
    value = given.options.get("--hold")
    if value is None:
        return default
    digits = value.text.isascii() and value.text.isdigit() and len(value.text) < 6
    if not digits or int(value.text) == 0:
        raise LineError("milliseconds from 1 to 99999 are expected", value.start, value.end)
    return int(value.text)


def _press(session: Session, strokes: Sequence[Stroke], hold: int) -> None:
    """Press and let go, one after the other; ``hold`` is in milliseconds."""
    seconds = [_SLACK * _duration(stroke, hold) for stroke in strokes]
    if sum(seconds) > _LONG:
        session.printer.note(f"{len(strokes)} keys take {sum(seconds):.0f} s; Ctrl-C stops")
    number = 0
    # Ctrl-C may come between any two steps.
    try:
        for number, (stroke, pause) in enumerate(zip(strokes, seconds, strict=True), 1):
            _raise_unless_running(session, number - 1)
            session.request(_send_key(stroke, hold))
            session.pause(pause)
    except (GivenUp, KeyboardInterrupt):
        # The key that was being pressed is let go by QEMU itself.
        raise GivenUp(f"stopped after {number} of {len(strokes)} keys") from None


def _duration(stroke: Stroke, hold: int) -> float:
    """Return how long QEMU takes for a stroke, in seconds: each key goes down, and up."""
    return 2 * len(stroke) * hold / 1000


def _raise_unless_running(session: Session, pressed: int) -> None:
    session.connection.raise_if_closed()
    state = session.machine.state
    if state not in _TAKES_KEYS:
        done = f" after {pressed} keys" if pressed else ""
        raise UsageError(f"the machine doesn't run{done} ({state}), so no key reaches it; `cont`?")


def _send_key(stroke: Stroke, hold: int) -> dict[str, Any]:
    keys = [{"type": "qcode", "data": key} for key in stroke]
    return {"execute": "send-key", "arguments": {"keys": keys, "hold-time": hold}}
