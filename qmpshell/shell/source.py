"""``/source``: the lines of a file, run as if they were typed."""

from __future__ import annotations

import os

from qmpshell.errors import Error, GivenUp, SourceError
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
            for number, text in whole_texts(lines, lines_go_on=not session.options.hmp):
                _run_text(session, text, f"{escape(path)}:{number}: ")
                if session.leaving:
                    break
    finally:
        session.sources -= 1


def _run_text(session: Session, text: str, where: str) -> None:
    try:
        session.run_line(text)
    except SourceError:
        # A line of another file, which says where that is.
        raise
    except GivenUp as error:
        raise GivenUp(f"{where}{error}") from None
    except Error as error:
        raise SourceError(where, text, error) from None
    session.show_time()
