"""What a line has to show is delivered where the line says: to a program, or into a file."""

from __future__ import annotations

import contextlib
import os.path
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qmpshell.errors import ProgramError
from qmpshell.files import opened_target
from qmpshell.render import Rendering, Styled
from qmpshell.render.theme import painted

if TYPE_CHECKING:
    from qmpshell.language import Destination


class Delivery:
    """Gathers what a line shows, where it says that this goes elsewhere than to the terminal."""

    def __init__(self) -> None:
        self._gathered: list[bytes] | None = None

    @property
    def under_way(self) -> bool:
        """Whether what is shown is to be given to :meth:`take`."""
        return self._gathered is not None

    def take(self, data: bytes) -> None:
        """Take a part of what is shown, which may be empty."""
        assert self._gathered is not None
        self._gathered.append(data)

    def take_text(self, text: Styled | Rendering) -> None:
        """Take a text, which may be empty, without colours; it ends its line."""
        if not text:
            self.take(b"")
            return
        for chunk in painted(text, None):
            self.take(chunk.encode())
        self.take(b"\n")

    @contextlib.contextmanager
    def to(self, destination: Destination | None) -> Iterator[None]:
        """Gather what is shown meanwhile, and deliver it when all has gone well.

        A file that can't be written is found out before anything else is done. It is left as
        it is, and a program isn't started, if something goes wrong or nothing is shown.

        Parameters:
            destination: where it goes; ``None`` for where it always goes.

        Raises:
            FileError: the file can't be written.
            ProgramError: the program failed, or Ctrl-C ended it.
        """
        if destination is None:
            yield
            return
        with _opened(destination) as deliver:
            gathered: list[bytes] = []
            self._gathered = gathered
            try:
                yield
            finally:
                self._gathered = None
            if gathered:
                deliver(b"".join(gathered))


@contextlib.contextmanager
def _opened(destination: Destination) -> Iterator[Callable[[bytes], None]]:
    target = destination.target.text
    if destination.is_program:
        yield lambda data: _run(target, data)
        return
    append = destination.operator.text == ">>"
    with opened_target(os.path.expanduser(target), append=append) as write:
        yield write


def _run(command: str, data: bytes) -> None:
    # Only a line that has a program needs what it takes to run one.
    import signal

    from qmpshell.shell.foreground import run_in_foreground, status_text

    status = run_in_foreground(command, given=data)
    # Ctrl-C has ended the program, or a shell passes that on.
    if status in (-signal.SIGINT, 128 + signal.SIGINT):
        raise ProgramError(f"{command}: interrupted", interrupted=True)
    if status:
        raise ProgramError(f"{command}: ended with {status_text(status)}")
