"""``--watch``: events as they come, until something happens."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from qmpshell.cli.echo import with_echo
from qmpshell.cli.options import Options
from qmpshell.cli.output import Output
from qmpshell.cli.program import complain
from qmpshell.cli.starting import end_starting
from qmpshell.cli.status import Status
from qmpshell.client import Client, Traffic
from qmpshell.client.deadline import Deadline
from qmpshell.client.introspection import SCHEMA_REQUEST, schema_from
from qmpshell.errors import ConnectionLost, TimedOut
from qmpshell.language.rendition import Rendition
from qmpshell.language.spelling import nearest
from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import ErrorReply, Event, Return
from qmpshell.render import escape, event_line
from qmpshell.schema import Schema

if TYPE_CHECKING:
    from qmpshell.cli.patience import Patience


class Patterns(NamedTuple):
    """Names of events, or patterns of the shell's kind, in any case.

    Attributes:
        patterns: any of them.
    """

    patterns: tuple[str, ...]

    def match(self, name: str) -> bool:
        """Say whether one of them fits the name of an event."""
        return any(_fits(name, pattern) for pattern in self.patterns)


def _fits(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name.upper(), pattern.upper())


def run_watching(
    connect: Callable[[Traffic | None], Client],
    log: Traffic | None,
    options: Options,
    rendition: Rendition | None,
    patterns: tuple[str, ...],
    env: Mapping[str, str],
    patience: Patience | None = None,
) -> Status:
    """Show events until one that is waited for comes, time is over or the connection ends.

    What happened before is not seen: events go to those who are connected.

    Parameters:
        connect: makes the connection.
        log: is given every message.
        options: what the person chose.
        rendition: how events are written, if chosen.
        patterns: the names of the events to show; empty for all.
        env: the environment.
        patience: connects in its own way, and again when the connection has ended.

    Returns:
        ``OK`` when an event came that was waited for, or as many as were wanted, or, when
        nothing was waited for, the connection ended after the machine had shut down.

    Raises:
        ConnectError: no connection came about.
        ConnectionLost: the connection ended, and there was more to wait for.
        TimedOut: it didn't come in time.
    """
    output = Output(options.theme(env), at_once=False)
    traffic = with_echo(log) if options.verbose else log
    watching = _Watching(options, rendition or Rendition(), Patterns(patterns), output)
    try:
        if patience is None:
            return _watch(watching, connect(traffic), Deadline(options.timeout))
        while True:
            try:
                return _watch(watching, patience.connect(traffic), patience.deadline)
            except ConnectionLost as error:
                patience.lost(error)
    except TimedOut:
        raise TimedOut(watching.what_is_missing()) from None
    except ConnectionLost:
        if watching.ended_well:
            return Status.OK
        raise


def _watch(watching: _Watching, client: Client, deadline: Deadline) -> Status:
    """Show a connection's events until the last that was waited for."""
    with client:
        try:
            watching.begin(client)
            end_starting()
            client.wait(lambda: watching.done, timeout=deadline.remaining, idle=watching.flush)
        finally:
            watching.flush()
    return Status.OK


class _Watching:
    """Takes events, shows them, and knows when it was the last."""

    def __init__(
        self, options: Options, rendition: Rendition, shown: Patterns, output: Output
    ) -> None:
        self.done = False
        self._options = options
        self._rendition = rendition
        self._shown = shown
        self._until = Patterns(options.until)
        self._output = output
        self._count = 0
        self._shut_down = False
        self._checked = False

    def begin(self, client: Client) -> None:
        """Take a connection's events from now on."""
        client.listener = self.take
        # One may have come before the negotiation was answered.
        for event in client.events(timeout=0):
            self.take(event)
        patterns = (*self._shown.patterns, *self._until.patterns)
        if patterns and not self._checked:
            _check_patterns(client, self._options.program, patterns)
        self._checked = True

    def flush(self) -> None:
        """Let readers have the events that were shown."""
        self._output.flush()

    def what_is_missing(self) -> str:
        """Say what hasn't come in time."""
        time = f"{self._options.timeout:g} s"
        if self._options.until:
            return f"no {escape(' or '.join(self._options.until))} came in {time}"
        if self._options.event_count:
            return f"{self._count} of {self._options.event_count} events came in {time}"
        return f"the watching's {time} are over"

    @property
    def ended_well(self) -> bool:
        """Whether the connection's end was to be expected, and nothing else was waited for."""
        return self._shut_down and not (self._options.until or self._options.event_count)

    def take(self, event: Event) -> None:
        """Show an event, if it is one of those to show, unless the last has come."""
        if self.done:
            return
        self._shut_down = self._shut_down or event.name == "SHUTDOWN"
        last = self._until.match(event.name)
        if last or not self._shown.patterns or self._shown.match(event.name):
            self._show(event)
            self._count += 1
            self.done = last or self._count == self._options.event_count

    def _show(self, event: Event) -> None:
        as_line = self._rendition.output == "pretty" or (
            self._rendition.output is None and self._output.for_people
        )
        if as_line and self._rendition.select is None:
            self._output.show(event_line(event))
        else:
            self._output.value(event.members, self._rendition)


def _check_patterns(client: Client, program: str, patterns: Iterable[str]) -> None:
    """Say of a pattern that no event of the server has such a name, when its schema is there.

    Meanwhile events are shown: the answer is not waited for.
    """

    def check(reply: Return | ErrorReply) -> None:
        schema = schema_from(reply)
        for pattern in patterns if schema and schema.events else ():
            if note := _note_on(pattern, schema):
                complain(program, note)

    if client.greeting:
        client.submit(SCHEMA_REQUEST, on_reply=check)


def _note_on(pattern: str, schema: Schema | None) -> str | None:
    events = schema.events if schema else ()
    if any(_fits(name, pattern) for name in events):
        return None
    meant = nearest(pattern.upper().strip("*?"), events)
    hint = f"; nearest: {escape(meant)}" if meant else ""
    return f"note: this server has no event {escape(pattern)}{hint}"
