"""``/save``: the last reply in a file."""

from __future__ import annotations

import os

from qmpshell.files import write_private
from qmpshell.language.options import OPTIONS
from qmpshell.language.shell_words import only_file, read_shell_words
from qmpshell.protocol import Return
from qmpshell.render import compact_json, escape, plain
from qmpshell.render.forms import RAW, write
from qmpshell.shell.session import Session

_OPTIONS = {"--output": "FORM", "--overwrite": None}


def save_reply(session: Session, rest: str) -> None:
    """Write the last reply to a file.

    Parameters:
        session: whose reply.
        rest: what stands behind ``/save``.

    Raises:
        LineError: it isn't understood.
        UsageError: there is no reply yet.
        FileError: there is such a file already, or it can't be written.
    """
    given = read_shell_words(rest, _OPTIONS)
    path = os.path.expanduser(only_file(given, rest))
    form = "json"
    if output := given.options.get("--output"):
        form = OPTIONS["--output"].read(output)
    data = _written(session.replies.find_last(), form)
    write_private(path, data, overwrite="--overwrite" in given.options)
    session.printer.note(f"saved {escape(path)}")


def _written(reply: Return, form: str) -> bytes:
    if form == RAW:
        return (reply.document or compact_json(reply.members).encode("ascii")) + b"\n"
    return (plain(write(reply.value, form, None)) + "\n").encode()
