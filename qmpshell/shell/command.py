"""What a command of the shell itself is, one with a slash."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable

from qmpshell.named_tuple import NamedTuple
from qmpshell.shell.server import Server
from qmpshell.shell.session import Session

QEMU = "QEMU"
AGENT = "a guest agent"


class Command(NamedTuple):
    """A command of the shell itself.

    Attributes:
        name: the word behind the slash.
        arguments: what follows it, as shown by ``/help``; ``""`` when nothing may.
        summary: what it does, in a few words.
        run: does it, given the session and what followed the word.
        words: says what may follow the word, given what is known of the server; a mapping
            has what stands beside each in the menu.
        within_words: what stands between names in one word, such as those of keys.
        goes_to_targets: whether the name of a configured target may follow the word.
        takes_path: whether a file's path may follow as well.
        shows_text: whether what it shows is a text, which can go elsewhere.
        needs: what has to answer for it: ``QEMU``, or ``AGENT``, a guest's; else anyone may.
        uses: the server's command that it can't do without; a storage daemon has fewer.
    """

    name: str
    arguments: str
    summary: str
    run: Callable[[Session, str], None]
    words: Callable[[Server], Iterable[str]] = lambda _: ()
    within_words: str = ""
    goes_to_targets: bool = False
    takes_path: bool = False
    shows_text: bool = False
    needs: str = ""
    uses: str = ""

    def suits(self, server: Server) -> bool:
        """Say whether it can be carried out with what answers."""
        if self.needs not in ("", AGENT if server.is_agent else QEMU):
            return False
        return not server.commands or self.uses in ("", *server.commands)


def later(module: str, function: str) -> Callable[[Session, str], None]:
    """Return what a command does whose module is imported when it is run.

    Otherwise the first prompt would wait for all of them.

    Parameters:
        module: of this package.
        function: is given the session, and what followed the command's word.
    """

    def run(session: Session, rest: str) -> None:
        getattr(importlib.import_module(f"qmpshell.shell.{module}"), function)(session, rest)

    return run
