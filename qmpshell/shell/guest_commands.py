"""``/run``, ``/get`` and ``/put`` at the prompt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from qmpshell.client.agent.client import AgentClient, agent_of
from qmpshell.client.agent.copying import Readable
from qmpshell.errors import UsageError
from qmpshell.language.guest_words import read_get, read_put, read_run
from qmpshell.progress import Progress
from qmpshell.render import Role, escape_lines
from qmpshell.shell.guest import get_from_guest, put_to_guest, run_in_guest
from qmpshell.shell.permission import ask_before
from qmpshell.shell.session import Session


def run_program(session: Session, rest: str) -> None:
    """Run a program in the guest and show what it wrote.

    Parameters:
        session: whose guest.
        rest: what stands behind ``/run``.

    Raises:
        LineError: it isn't understood.
        Error: as :func:`run_in_guest`.
    """
    wanted = read_run(rest)
    guest = _guest(session)
    arguments = {"path": wanted.program, "arg": list(wanted.arguments)}
    ask_before(session, {"execute": "guest-exec", "arguments": arguments}, yes=False)
    run_in_guest(guest, wanted, _Prompt(session))


def get_file(session: Session, rest: str) -> None:
    """Copy a file from the guest.

    Parameters:
        session: whose guest.
        rest: what stands behind ``/get``.

    Raises:
        LineError: it isn't understood.
        Error: as :func:`get_from_guest`.
    """
    wanted = read_get(rest)
    get_from_guest(_guest(session), wanted, _Prompt(session))


def put_file(session: Session, rest: str) -> None:
    """Copy a file to the guest.

    Parameters:
        session: whose guest.
        rest: what stands behind ``/put``.

    Raises:
        LineError: it isn't understood.
        Error: as :func:`put_to_guest`.
    """
    wanted = read_put(rest)
    put_to_guest(_guest(session), wanted, _Prompt(session))


def _guest(session: Session) -> AgentClient:
    session.connection.raise_if_closed()
    return agent_of(session.client)


class _Prompt:
    def __init__(self, session: Session) -> None:
        self._session = session

    def output(self, data: bytes) -> None:
        delivery = self._session.output.delivery
        if delivery.under_way:
            delivery.take(data)
        elif shown := _text(data):
            self._session.output.show([(Role.TEXT, shown)])

    def errors(self, data: bytes) -> None:
        if shown := _text(data):
            self._session.printer.show([(Role.WARNING, shown)])

    def note(self, text: str) -> None:
        self._session.printer.note(text)

    def warn(self, text: str) -> None:
        self._session.printer.note(text)

    def progress(self, progress: Progress) -> None:
        self._session.printer.bar.show(progress)

    def end_progress(self, *, interrupted: bool = False) -> None:
        self._session.printer.bar.end(left="^C" if interrupted else "")

    def standard_input(self) -> Readable:
        raise UsageError("- is standard input, which the prompt itself reads: name a file")

    @contextlib.contextmanager
    def attentive(self) -> Iterator[None]:
        with self._session.connection.interrupt.catching_sigint():
            yield


def _text(data: bytes) -> str:
    return escape_lines(data.decode("utf-8", "replace")).rstrip("\n")
