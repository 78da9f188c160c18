"""Offers what fits at the cursor of a QMP line: what the schema says, and the machine."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping

from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from qmpshell.client import Client
from qmpshell.client.names import LiveNames, find_sources
from qmpshell.language import Expected, expected
from qmpshell.language.candidates import Candidate, Menu
from qmpshell.language.candidates.expressions import expressions_for
from qmpshell.language.json_cursor import Path
from qmpshell.language.last_reply import LAST_REPLY
from qmpshell.protocol import Event
from qmpshell.render import escape
from qmpshell.shell.matching import fitting
from qmpshell.shell.mode import completions
from qmpshell.shell.offers import find_offers
from qmpshell.shell.own_completion import OWN_SLOTS, OwnCompletion
from qmpshell.shell.replies import Replies
from qmpshell.shell.server import Server


class QMPCompleter(Completer):
    """Completes what is typed.

    Parameters:
        server: what is known of the server.
        replies: the last one can be selected from.
        targets: addresses that have names.
    """

    def __init__(
        self, server: Server, replies: Replies, targets: Mapping[str, str] | None = None
    ) -> None:
        self._server = server
        self._replies = replies
        self._own = OwnCompletion(server, targets or {})
        self._menu: Menu | None = None
        self._live: LiveNames | None = None
        self._unanswered: Document | None = None
        self._tab_pressed = False

    def begin(self, client: Client) -> None:
        """Ask another connection for living names from now on."""
        self.end_line()
        self._menu = None
        self._live = LiveNames(client, self._refresh)
        self._server.on_answer = self._take_answer

    def end_line(self) -> None:
        """Take note that nothing is typed any more: the line is run."""
        self._unanswered = None
        if self._live:
            self._live.close()

    def on_event(self, event: Event) -> None:
        """Take note of an event, after which there may be other names."""
        if self._live:
            self._live.on_event(event)

    def on_command(self, name: str) -> None:
        """Take note of a command that was sent, after which there may be other names."""
        if self._live:
            self._live.on_command(name)

    def further_arguments(self, command: str, given: Mapping[Path, str]) -> Collection[str]:
        """Say what a command takes that isn't in its schema, as far as completion knows it."""
        if self._live is None:
            return ()
        sources = find_sources(command, (), members=True, given=given)
        return [name for name, _ in self._live.known(sources)]

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Offer what fits at the cursor."""
        fits = expected(document.text_before_cursor)
        if not (fits.prefix or complete_event.completion_requested):
            return
        if fits.kind in OWN_SLOTS:
            yield from self._own.at(fits, document, complete_event)
            return
        if fits.command == LAST_REPLY and fits.argument == ("--select",):
            last = self._replies.last
            yield from completions(fits.prefix, expressions_for(last.value) if last else ())
            return
        # What comes later is offered then, if nothing has been typed meanwhile.
        self._unanswered = None if self._server.complete else document
        self._tab_pressed = complete_event.completion_requested
        if self._menu is None:
            self._menu = Menu(self._server.schema, self._server.commands)
        candidates, complete = find_offers(fits, self._menu, self._live)
        if self._live and not complete:
            self._unanswered = document
            self._watch_twin(self._live)
        for name in fitting(fits.prefix, candidates):
            if name == escape(name):
                yield _completion(candidates[name], document, fits)

    def _watch_twin(self, live: LiveNames) -> None:
        """Let the prompt's event loop read a twin."""
        twin = live.twin
        if twin is None or twin.fileno() < 0:
            return
        descriptor = twin.fileno()
        loop = asyncio.get_running_loop()

        def read() -> None:
            loop.remove_reader(descriptor)
            if live.twin is twin:
                live.read_twin()
            if live.twin is twin:
                loop.add_reader(descriptor, read)

        loop.add_reader(descriptor, read)

    def _take_answer(self) -> None:
        self._menu = None
        self._refresh()

    def _refresh(self) -> None:
        """Offer what has come, unless something was typed or chosen since it was missing."""
        app = get_app_or_none()
        if self._unanswered is None or app is None or not app.is_running:
            return
        buffer = app.current_buffer
        chosen = buffer.complete_state and buffer.complete_state.complete_index is not None
        if buffer.document == self._unanswered and not chosen:
            buffer.complete_state = None
            tab = self._tab_pressed
            # It types what all names begin with, once all of them are there.
            buffer.start_completion(
                insert_common_part=tab and self._all_known(buffer.document),
                complete_event=CompleteEvent(text_inserted=not tab, completion_requested=tab),
            )

    def _all_known(self, document: Document) -> bool:
        fits = expected(document.text_before_cursor)
        menu = Menu(self._server.schema, self._server.commands)
        return self._server.complete and find_offers(fits, menu, self._live)[1]


def _completion(candidate: Candidate, document: Document, fits: Expected) -> Completion:
    ending = candidate.ending
    if ending and document.text_after_cursor.startswith(ending[0]):
        ending = ""
    return Completion(
        candidate.text + ending,
        start_position=-len(fits.prefix),
        display=candidate.name,
        display_meta=escape(candidate.menu_text),
    )
