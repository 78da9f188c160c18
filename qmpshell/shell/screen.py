"""``/screen``: what the machine's screen shows, in the terminal or in a file."""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import sys
import termios

from qmpshell.client.screendump import screendump
from qmpshell.errors import LineError, UsageError
from qmpshell.files import write_private
from qmpshell.language.complaints import no_such_name
from qmpshell.language.faults import shown
from qmpshell.language.shell_words import read_shell_words
from qmpshell.language.tree import Value
from qmpshell.named_tuple import NamedTuple
from qmpshell.render import escape
from qmpshell.render.picture.form import Form, drawn, form_for, has_true_colour
from qmpshell.render.picture.picture import MOST_BYTES, read_ppm
from qmpshell.render.picture.png import png
from qmpshell.render.picture.size import Room
from qmpshell.shell.session import Session

#: The prompt below the picture, and the bottom line below that.
_LINES_BELOW = 2

_OPTIONS = {"--as": "FORM", "--device": "ID", "--head": "NUMBER", "--overwrite": None}


class _Wanted(NamedTuple):
    file: str | None
    overwrite: bool
    device: str | None
    head: int | None
    form: Form | None


def show_screen(session: Session, rest: str) -> None:
    """Show the screen of a machine, or save it.

    Parameters:
        session: whose machine's.
        rest: what stands behind ``/screen``.

    Raises:
        LineError: it isn't understood.
        FileError: QEMU can't reach a file of ours, or the picture can't be saved.
        Error: as :meth:`Session.request`.
    """
    wanted = _wanted(rest)
    form = None if wanted.file else wanted.form or _own_form()
    # It sends more than what is asked for, and none of it may go out by half.
    with session.catching_sigint():
        data = screendump(
            session.client, session.request, MOST_BYTES, device=wanted.device, head=wanted.head
        )
    picture = read_ppm(data)
    if form:
        true_colour = has_true_colour(os.environ)
        session.printer.show_picture(drawn(picture, form, _room(), true_colour=true_colour))
    elif wanted.file:
        write_private(wanted.file, png(picture), overwrite=wanted.overwrite)
        size = f"{picture.width}x{picture.height}"
        session.printer.note(f"saved {escape(wanted.file)} ({size})")


def _wanted(rest: str) -> _Wanted:
    given = read_shell_words(rest, _OPTIONS)
    options = given.options
    if len(given.words) > 1:
        second = given.words[1]
        raise LineError("one file is expected; quote a name with blanks", second.start, len(rest))
    device, head = options.get("--device"), options.get("--head")
    if head and not device:
        raise LineError("--head needs --device ID", head.start, head.end)
    return _Wanted(
        os.path.expanduser(given.words[0].text) if given.words else None,
        "--overwrite" in options,
        device.text if device else None,
        _number(head) if head else None,
        _form(options["--as"]) if "--as" in options else None,
    )


def _number(value: Value) -> int:
    if value.text.isascii() and value.text.isdigit() and len(value.text) < 10:
        return int(value.text)
    raise LineError("the number of an output is expected, from 0", value.start, value.end)


def _form(value: Value) -> Form:
    names = [form.value for form in Form]
    if value.text in names:
        return Form(value.text)
    hint = no_such_name(value.text, names)
    raise LineError(f"no such form {shown(value.text)}{hint}", value.start, value.end)


def _own_form() -> Form:
    form = form_for(os.environ)
    if form is None:
        raise UsageError(
            f"a terminal of this kind (TERM={os.environ.get('TERM', '')}) shows no picture:"
            " /screen FILE saves it, /screen --as FORM tries"
        )
    return form


def _room() -> Room:
    """Return what a picture may take, so that the prompt stands below it."""
    columns, lines = shutil.get_terminal_size()
    room = Room(columns, max(1, lines - _LINES_BELOW))
    try:
        size = fcntl.ioctl(sys.stdout, termios.TIOCGWINSZ, bytes(8))
    except (OSError, ValueError):
        return room
    rows, columns, width, height = struct.unpack("HHHH", size)
    if not (rows and columns and width >= columns and height >= rows):
        return room
    return room._replace(cell_width=width // columns, cell_height=height // rows)
