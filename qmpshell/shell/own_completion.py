"""Completes the lines that aren't the machine's: commands of the shell, and of the system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prompt_toolkit.completion import CompleteEvent, Completion
from prompt_toolkit.document import Document

from qmpshell.language import Expected, Slot
from qmpshell.shell.commands import COMMANDS
from qmpshell.shell.mode import completions
from qmpshell.shell.paths import paths, programs, system_paths
from qmpshell.shell.server import Server

#: What this completes.
OWN_SLOTS = (Slot.SHELL_COMMAND_NAME, Slot.SHELL_ARGUMENT, Slot.PROGRAM, Slot.PATH, Slot.FILE)


class OwnCompletion:
    """Knows what fits on the shell's own lines.

    Parameters:
        server: what is known of the server.
        targets: addresses that have names.
    """

    def __init__(self, server: Server, targets: Mapping[str, str]) -> None:
        self._server = server
        self._targets = targets

    def at(self, fits: Expected, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        """Offer what fits at the cursor. Folders are only looked into when Tab was pressed.

        Parameters:
            fits: what is expected, of ``OWN_SLOTS``.
            document: what is typed.
            event: why we are asked.
        """
        match fits.kind:
            case Slot.SHELL_COMMAND_NAME:
                for command in COMMANDS:
                    if command.suits(self._server):
                        yield from completions(fits.prefix, [command.name], command.summary)
            case Slot.SHELL_ARGUMENT:
                yield from self._arguments(fits, document, event)
            case Slot.PROGRAM if event.completion_requested:
                yield from programs(fits)
            case Slot.PATH if event.completion_requested:
                yield from system_paths(fits)
            case Slot.FILE if event.completion_requested:
                yield from paths(fits, document.text_after_cursor)

    def _arguments(
        self, fits: Expected, document: Document, event: CompleteEvent
    ) -> Iterator[Completion]:
        command = next((command for command in COMMANDS if command.name == fits.command), None)
        if command is None:
            return
        typed = fits.prefix
        if command.within_words:
            typed = typed.rpartition(command.within_words)[2]
        if command.goes_to_targets:
            yield from completions(typed, self._targets)
        words = command.words(self._server) if not fits.quote else ()
        if command.takes_path and not _is_behind_option(fits, document):
            words = [word for word in words if word.startswith("--")]
        yield from completions(typed, words)
        if command.takes_path and event.completion_requested:
            yield from paths(fits, document.text_after_cursor)


def _is_behind_option(fits: Expected, document: Document) -> bool:
    before = document.text_before_cursor[: fits.start].split()
    return before[-1].startswith("--")
