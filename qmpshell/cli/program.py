"""Runs a program: arguments and environment in, status out; one line when it fails."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable

from qmpshell.cli.status import Status, status_of
from qmpshell.errors import Error, LineError
from qmpshell.render import caret_lines, columns, error_line, escape, plain


def run_program(name: str, work: Callable[[], int]) -> int:
    """Run a program, whatever becomes of it.

    Parameters:
        name: the program's name, which stands before each diagnostic.
        work: does all of it, and returns the status.

    Returns:
        The exit status.
    """
    _prepare_streams()
    try:
        status = work()
        sys.stdout.flush()
    except Error as error:
        complain(name, plain(error_line(error)))
        return status_of(error)
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return Status.NO_READER
    except OSError as error:
        _abandon_output()
        complain(name, f"standard output can't be written: {error.strerror}")
        return Status.BROKEN_OFF
    return status


def _prepare_streams() -> None:
    """Put up with whatever standard streams the program was started with."""
    # One that was closed (``<&-``) is None; nobody reads what goes to it.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    # A character that the terminal's encoding lacks is shown escaped, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]


def _abandon_output() -> None:
    """Keep Python from complaining once more when it closes standard output at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(name: str, text: str) -> None:
    """Write a diagnostic to standard error, behind the program's name."""
    # Who can't be told is not a reason for another complaint.
    with contextlib.suppress(OSError):
        print(f"{name}: {text}", file=sys.stderr, flush=True)


def complain_of_error(name: str, text: str, error: Error, where: str = "") -> None:
    """Say behind the program's name what became of a line, without the line's secrets.

    Parameters:
        name: the program's name.
        text: the line.
        error: why it failed.
        where: where the text comes from, such as ``disks.qmp:12: ``.
    """
    said = plain(error_line(error))
    complain(name, where + (_without_secrets(text, said) or said))


def complain_of_line(name: str, text: str, error: LineError, where: str = "") -> None:
    """Show a line again behind the program's name, with carets under the culprit.

    Parameters:
        name: the program's name.
        text: what was parsed.
        error: what is wrong with it.
        where: where the text comes from, such as ``disks.qmp:12: ``.
    """
    if said := _without_secrets(text, escape(error.message)):
        complain(name, where + said)
        return
    line, carets = plain(caret_lines(text, error)).split("\n")
    complain(name, where + line)
    with contextlib.suppress(OSError):
        print(" " * columns(f"{name}: {where}") + carets, file=sys.stderr, flush=True)


def _without_secrets(text: str, message: str) -> str | None:
    """Return what may be said of a line that may have a secret in it, otherwise ``None``.

    On a terminal, a person reads it who wrote the line; elsewhere it may be kept.
    """
    if sys.stderr.isatty():
        return None
    from qmpshell.language.keeping import kept_line  # few lines fail
    from qmpshell.secrets import HIDDEN

    kept = kept_line(text)
    if kept == text:
        return None

    def quoted(found: re.Match[str]) -> str:
        quote, inner = found.groups()
        return found[0] if kept and inner in kept else f"{quote}{HIDDEN}{quote}"

    return re.sub(r"""(?<!\w)(["'])(.*?)\1(?!\w)""", quoted, message)
