"""A text in the person's own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping, Sequence

from qmpshell.errors import FileError, UsageError
from qmpshell.files import write_private
from qmpshell.shell.foreground import run_in_foreground, status_text

#: What is tried where neither ``$VISUAL`` nor ``$EDITOR`` says it: Debian's choice first.
_USUAL = ("sensible-editor", "editor", "nano", "vi")


def edit(text: str, env: Mapping[str, str]) -> str:
    """Let a person edit a text, in a file that nobody else can read and that is gone afterwards.

    Parameters:
        text: what to begin with.
        env: the environment, in which ``VISUAL`` or ``EDITOR`` is the editor.

    Returns:
        The text as it was saved, without the end of its last line.

    Raises:
        UsageError: there is no editor, or it can't be run.
        FileError: it failed, or what it saved can't be read.
    """
    editor = _editor(env)
    try:
        # In a folder of its own, so that the editor's copies are gone with it.
        with tempfile.TemporaryDirectory(prefix="qmp-shell-", ignore_cleanup_errors=True) as folder:
            return _edit_in(folder, text, editor)
    except OSError as error:
        raise FileError(f"the line can't be edited: {error.strerror}") from None


def _edit_in(folder: str, text: str, editor: Sequence[str]) -> str:
    path = os.path.join(folder, "line.qmp")
    write_private(path, (text + "\n").encode("utf-8", "surrogatepass"), overwrite=False)
    status = run_in_foreground([*editor, path])
    if status:
        raise FileError(f"{editor[0]} ended with {status_text(status)}; the line is as it was")
    with open(path, "rb") as file:
        data = file.read()
    try:
        edited = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise FileError("what was saved is no UTF-8; the line is as it was") from None
    return edited.replace("\r\n", "\n").rstrip("\n")


def _editor(env: Mapping[str, str]) -> Sequence[str]:
    """Return the editor, with the arguments that it is to be run with."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(env.get(name, ""))
        except ValueError:
            raise UsageError(f"${name} can't be understood: a quote in it is not closed") from None
        if words:
            return words
    for program in _USUAL:
        if shutil.which(program, path=env.get("PATH")):
            return [program]
    raise UsageError("there is no editor; set $VISUAL or $EDITOR to one")
