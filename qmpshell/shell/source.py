"""Several lines, one after the other: of a file (``/source``), or pasted at the prompt."""

from __future__ import annotations

import os
from collections.abc import Iterable

from qmpshell.errors import Error, GivenUp, NotSent, SourceError
from qmpshell.files import opened_lines
from qmpshell.language.sourcing import sourced_file
from qmpshell.language.whole_texts import whole_texts
from qmpshell.render import escape
from qmpshell.shell.session import Session


def run_source(session: Session, rest: str) -> None:
    """Run the lines of a file, up to the first that fails.

    Nobody is asked whether a line is meant that ends the machine, as in a script.

    Parameters:
        session: what they are about.
        rest: what stands behind ``/source``.

    Raises:
        LineError: it isn't understood.
        UsageError: the file can't be read, or files are nested too deep.
        SourceError: a line of it failed.
        GivenUp: Ctrl-C, while a reply was awaited.
    """
    path = os.path.expanduser(sourced_file(rest, session.sources))
    session.sources += 1
    try:
        with opened_lines(path) as lines:
            texts = whole_texts(lines, lines_go_on=not session.options.hmp)
            _run_each(session, texts, f"{escape(path)}:")
    finally:
        session.sources -= 1


def run_lines(session: Session, text: str) -> None:
    """Run what was typed: a line or, of several that were pasted, each, up to the first that fails.

    Parameters:
        session: what they are about.
        text: what was typed.

    Raises:
        SourceError: one of several lines failed.
        Error: the only one did; its place is one in the text.
    """
    texts = split_lines(text, hmp=session.options.hmp)
    if len(texts) < 2:
        session.run_line(text)
        return
    _run_each(session, texts, "line ")


def split_lines(text: str, *, hmp: bool) -> list[tuple[int, str]]:
    """Return what is to be run of a typed text, and the number of the line where each begins.

    Parameters:
        text: what was typed.
        hmp: whether it is HMP, which has no line that goes on.
    """
    texts = whole_texts(text.splitlines(keepends=True), lines_go_on=not hmp)
    return [(number, each) for number, each in texts if each.strip()]


def _run_each(session: Session, texts: Iterable[tuple[int, str]], place: str) -> None:
    for number, text in texts:
        _run_text(session, text, f"{place}{number}: ")
        if session.leaving:
            break


def _run_text(session: Session, text: str, where: str) -> None:
    try:
        session.run_line(text)
    except SourceError:
        # A line of another file, which says where that is.
        raise
    except (GivenUp, NotSent) as error:
        raise type(error)(f"{where}{error}") from None
    except Error as error:
        raise SourceError(where, text, error) from None
    session.show_time()
