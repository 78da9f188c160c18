"""``/output`` and ``/timing``: how replies are shown from now on."""

from __future__ import annotations

from qmpshell.errors import LineError, UsageError
from qmpshell.language.faults import shown
from qmpshell.language.options import bind_options
from qmpshell.language.rendition import Rendition
from qmpshell.language.shell_words import read_shell_words
from qmpshell.language.tree import Name, OptionUse, Style, Value
from qmpshell.render import escape
from qmpshell.shell.session import Session

_SWITCH = {"on": True, "off": False}


def choose_output(session: Session, rest: str) -> None:
    """Choose the form of replies for the rest of the session, and say which it is.

    Parameters:
        session: whose replies.
        rest: what stands behind ``/output``: a form, and what is selected, if anything is;
            nothing to change nothing.

    Raises:
        LineError: it isn't understood.
        UsageError: replies are HMP's.
    """
    if session.options.hmp:
        raise UsageError("what HMP answers is text, and has no other form")
    if rest:
        session.replies.rendition = _read_rendition(rest)
    output, select = session.replies.rendition or Rendition()
    selection = f" --select {escape(select.expression)}" if select else ""
    session.printer.note(f"replies are shown with --output {output or 'pretty'}{selection}")


def _read_rendition(text: str) -> Rendition:
    form = text.split(maxsplit=1)[0]
    # An expression needs no quotes here, as nothing stands behind it.
    words = read_shell_words(" " * len(form) + text[len(form) :], {}, literal=True).words
    if len(words) > 1:
        raise LineError("nothing may follow the expression", words[1].start, len(text))
    uses = [_use("--output", Value(form, Style.BARE, 0, len(form)))]
    uses += [_use("--select", word) for word in words]
    options = bind_options(uses)
    return Rendition(options.output, options.select)


def _use(name: str, value: Value) -> OptionUse:
    return OptionUse(Name(name, value.start, value.end), value)


def switch_timing(session: Session, rest: str) -> None:
    """Say from now on how long each reply took, or don't, or change between the two.

    Parameters:
        session: whose replies.
        rest: what stands behind ``/timing``: ``on``, ``off`` or nothing.

    Raises:
        LineError: it is something else.
    """
    if rest and rest not in _SWITCH:
        raise LineError(f"{shown(rest)} is neither on nor off", 0, len(rest))
    session.replies.timing = _SWITCH.get(rest, not session.replies.timing)
    session.printer.note(f"timing is {'on' if session.replies.timing else 'off'}")
