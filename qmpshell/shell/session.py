"""What a line can be about: the connection as it is now, and where things are shown.

Modes and commands know the session; the loop that asks for lines is around it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qmpshell.client import Client
from qmpshell.client.connector import Connector
from qmpshell.errors import GivenUp, TimedOut, UsageError
from qmpshell.protocol import Event, Request, Return
from qmpshell.schema import Schema
from qmpshell.shell.connection import Connection
from qmpshell.shell.event_log import EventLog
from qmpshell.shell.line_output import LineOutput
from qmpshell.shell.machine import Machine
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.overdue import OnReply, Overdue
from qmpshell.shell.printer import Printer
from qmpshell.shell.replies import Replies
from qmpshell.shell.server import Server

if TYPE_CHECKING:
    from prompt_toolkit.application import Application

    from qmpshell.client.activity import Activity
    from qmpshell.client.waiting import Done, Ending

OnSent = Callable[[Request], None]


class Session:
    """A session with one machine, over one or several connections.

    Parameters:
        connect: connects to the first machine.
        printer: where everything is shown.
        options: what the person chose.
        connector: connects to addresses; ``None`` where there is no other way than the first.

    Attributes:
        connection: the connection as it is now.
        events: those that have come.
        activity: what goes on in the machine; ``None`` while nobody looks.
        printer, options: as given.
        sources: how many files are being run, one from another.
        output: where what a line has to show goes.
        replies: how replies are shown, and the last of them.
        overdue: which commands were given up and aren't answered.
        leaving: whether the person wants to leave.
        on_connected: is called when there is another connection.
        on_event: is given each event besides.
        appeared: is called from the event loop of an application that takes keys and has
            events printed above it, when it has started.
        run_line: runs a line as if it was typed.
        ask: puts a question to the person and says whether the answer is yes. The text is
            asked for again whenever the machine's state may have changed.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        printer: Printer,
        options: ShellOptions,
        connector: Connector | None = None,
    ) -> None:
        self.printer = printer
        self.output = LineOutput(printer, options.pager)
        self.options = options
        self.leaving = False
        self.sources = 0
        self.events = EventLog()
        self.events.set_filter(options.events)
        self.overdue = Overdue(printer.show)
        self.replies = Replies(options.rendition, timing=options.timing)
        self.on_connected: Callable[[], None] = lambda: None
        self.on_event: Callable[[Event], None] = lambda _: None
        self.appeared: Callable[[Application[Any]], None] = lambda _: None
        self.ask: Callable[[Callable[[], str]], bool] = lambda _: True
        self.run_line: Callable[[str], None] = lambda _: None
        self.activity: Activity | None = None
        self.connection = Connection(
            connect,
            connector,
            negotiated=options.negotiated,
            with_schema=not options.hmp,
            patient=options.reconnect,
        )
        self.connection.on_connected = self._on_connected
        self.connection.on_event = self._on_event

    @property
    def client(self) -> Client:
        """The connection's client."""
        return self.connection.client

    @property
    def machine(self) -> Machine:
        """What is known of the machine."""
        return self.connection.machine

    @property
    def server(self) -> Server:
        """What its server accepts, as far as it has said so."""
        return self.connection.server

    @property
    def schema(self) -> Schema | None:
        """The server's schema, once it has come."""
        return self.server.schema

    def close(self) -> None:
        """Leave the machine, which runs on."""
        self.connection.close()

    def leave(self) -> None:
        """End the session after this line."""
        self.leaving = True

    def catching_sigint(self) -> contextlib.AbstractContextManager[None]:
        """Let Ctrl-C end waits for the machine, and nothing else, for a while."""
        return self.connection.interrupt.catching_sigint()

    def request(
        self,
        members: dict[str, Any],
        *,
        timeout: float | None = None,
        on_sent: OnSent | None = None,
        keep_document: bool = False,
        descriptors: Sequence[int] = (),
    ) -> Return:
        """Send a request and wait for its reply; Ctrl-C gives up the waiting only.

        Parameters:
            members, timeout, on_sent, keep_document, descriptors: as in
                :meth:`Client.request`.

        Raises:
            GivenUp: Ctrl-C; the connection is in step.
            Error: as :meth:`Client.request`.
        """
        try:
            with self._sending(members, on_sent) as (sent, on_late):
                return self.client.request(
                    members,
                    timeout=timeout,
                    on_sent=sent,
                    keep_document=keep_document,
                    descriptors=descriptors,
                    on_late=on_late,
                )
        except KeyboardInterrupt:
            raise GivenUp("gave up waiting; a reply that still comes is dropped") from None

    def request_and_wait(
        self,
        members: dict[str, Any],
        ending: Ending,
        *,
        timeout: float | None = None,
        on_sent: OnSent | None = None,
    ) -> Done:
        """Send a request and wait until it is done, its progress in sight.

        Parameters:
            members, ending, timeout, on_sent: as in
                :func:`qmpshell.client.waiting.request_and_wait`.

        Raises:
            GivenUp: Ctrl-C; what the command began goes on.
            Error: as :func:`qmpshell.client.waiting.request_and_wait`.
        """
        from qmpshell.client.waiting import request_and_wait

        try:
            with self._sending(members, on_sent) as (sent, on_late):
                return request_and_wait(
                    self.client,
                    members,
                    ending,
                    timeout=timeout,
                    on_sent=sent,
                    on_late=on_late,
                    on_progress=self.printer.bar.show,
                )
        except KeyboardInterrupt:
            self.printer.bar.end(left="^C")
            raise GivenUp(f"gave up waiting; {ending.meanwhile}") from None
        finally:
            self.printer.bar.end()

    def warn_of_overdue(self, members: Mapping[str, Any]) -> None:
        """Say of a request that is about to be sent that it may have to wait for another.

        Parameters:
            members: the request.
        """
        late = self.overdue.obstacle
        if late and "execute" in members and not self.client.closed:
            way_on = "; /rescue lists what may free it" if self.client.takes_out_of_band else ""
            self.printer.note(
                f"{late.name} hasn't been answered for {late.seconds} s"
                f" and may hold this up{way_on}"
            )

    def pause(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Wait a while, and take in what comes meanwhile.

        Parameters:
            seconds: how long.
            until: says whether the waiting may end before.

        Raises:
            GivenUp: Ctrl-C.
            ConnectionLost: the connection ended.
        """
        try:
            with contextlib.suppress(TimedOut), self.catching_sigint():
                self.client.wait(until, timeout=seconds)
        except KeyboardInterrupt:
            raise GivenUp("gave up waiting") from None

    def show_time(self) -> None:
        """Say how long the last reply took, if that is wanted and there was one since."""
        if time := self.replies.take_time():
            self.printer.note(time)

    @contextlib.contextmanager
    def _sending(
        self, members: Mapping[str, Any], on_sent: OnSent | None
    ) -> Iterator[tuple[OnSent, OnReply]]:
        """Let Ctrl-C end the waiting for a reply, and know of it while it is owed to us."""
        self.connection.raise_if_closed()
        self._refuse_too_many(members)
        late, on_late = self.overdue.sending(members)
        requests: list[Request] = []

        def sent(request: Request) -> None:
            requests.append(request)
            if on_sent:
                on_sent(request)

        try:
            with self.catching_sigint():
                yield sent, on_late
        finally:
            # Ctrl-C may have come just behind the reply.
            if any(map(self.client.owes, requests)) and not self.client.closed:
                self.overdue.add(late)
            self._on_sent(members)

    def _refuse_too_many(self, members: Mapping[str, Any]) -> None:
        if "execute" in members and self.client.is_full:
            raise UsageError(
                f"not sent: {self.client.in_flight} commands wait in QEMU, and behind more it"
                " wouldn't hear what is sent out of band; /rescue"
            )

    def _on_connected(self) -> None:
        self.events.begin_anew()
        self.overdue.clear()
        self.activity = None
        self.on_connected()

    def _on_sent(self, members: Mapping[str, Any]) -> None:
        self.connection.on_command(members)
        if self.activity:
            self.activity.on_command(members)

    def _on_event(self, event: Event) -> None:
        if entry := self.events.take(event):
            self.printer.show_event(entry.event, entry.times)
        self.machine.on_event(event)
        if self.activity:
            self.activity.on_event(event)
        self.on_event(event)
