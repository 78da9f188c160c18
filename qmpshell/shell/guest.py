"""Programs and files of a guest: what ``/run``, ``/get`` and ``/put`` do, wherever one types."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from qmpshell.client.agent.client import AgentClient
from qmpshell.client.agent.copying import Readable, put_stream, read_here
from qmpshell.client.agent.program import Finished
from qmpshell.errors import GivenUp
from qmpshell.language.guest_words import STREAM, Copy, Run
from qmpshell.progress import Progress
from qmpshell.render import escape


class Surroundings(Protocol):
    """Where it is done: what is written goes there, and what has no name here comes from there."""

    def output(self, data: bytes) -> None:
        """Take what a program or a file says, whole."""

    def errors(self, data: bytes) -> None:
        """Take what a program says on its standard error, whole."""

    def note(self, text: str) -> None:
        """Say to a person who looks on what was done."""

    @property
    def warn(self) -> Callable[[str], None]:
        """What says what has to be known."""

    def progress(self, progress: Progress) -> None:
        """Show how far it is."""

    def end_progress(self, *, interrupted: bool = False) -> None:
        """Show that no more."""

    def standard_input(self) -> Readable:
        """Return standard input.

        Raises:
            UsageError: it is something else's here.
        """

    def attentive(self) -> AbstractContextManager[None]:
        """Let Ctrl-C end the waits for the agent, and nothing in the middle."""


def run_in_guest(guest: AgentClient, wanted: Run, around: Surroundings) -> int:
    """Run a program in the guest, and write what it wrote.

    Returns:
        Its exit status, or 128 and the number of the signal that ended it, as in a shell.

    Raises:
        GivenUp: Ctrl-C; a program that was started runs on.
        Error: as :meth:`AgentClient.run`.
    """
    meanwhile = "gave up; no program was started"
    name = escape(wanted.program)

    def started(pid: int) -> None:
        nonlocal meanwhile
        meanwhile = f"gave up waiting; {name} runs on in the guest as process {pid}"

    with around.attentive():
        try:
            given = _read_input(wanted.input, around)
            meanwhile = f"gave up waiting; {name} may run in the guest, or is yet to start"
            done = guest.run(
                wanted.program,
                *wanted.arguments,
                input=given,
                timeout=wanted.timeout,
                on_started=started,
                on_progress=around.progress,
            )
        except KeyboardInterrupt:
            around.end_progress(interrupted=True)
            raise GivenUp(meanwhile) from None
        finally:
            around.end_progress()
    around.output(done.output)
    around.errors(done.errors)
    if done.truncated:
        around.warn("there was more, which the agent didn't keep")
    if ending := _ending(done):
        around.warn(f"{escape(wanted.program)} {ending}")
    return _status(done)


def get_from_guest(guest: AgentClient, wanted: Copy, around: Surroundings) -> None:
    """Copy a file from the guest.

    Raises:
        GivenUp: Ctrl-C; nothing is left here.
        Error: as :meth:`AgentClient.get`.
    """
    with around.attentive():
        try:
            if wanted.target == STREAM:
                data = guest.read(wanted.source, on_progress=around.progress)
            else:
                target = os.path.expanduser(wanted.target)
                saved = guest.get(
                    wanted.source, target, overwrite=wanted.overwrite, on_progress=around.progress
                )
        except KeyboardInterrupt:
            around.end_progress(interrupted=True)
            raise GivenUp("gave up; there is no half file") from None
        finally:
            around.end_progress()
    if wanted.target == STREAM:
        around.output(data)
    else:
        around.note(f"saved {escape(saved)} ({os.path.getsize(saved):,} bytes)")


def put_to_guest(guest: AgentClient, wanted: Copy, around: Surroundings) -> None:
    """Copy a file to the guest.

    Raises:
        GivenUp: Ctrl-C; nothing is left in the guest, unless it is written in place.
        Error: as :meth:`AgentClient.put`.
    """
    with around.attentive():
        try:
            saved = _put(guest, wanted, around)
        except KeyboardInterrupt:
            around.end_progress(interrupted=True)
            left = f"a part of it may be in {escape(wanted.target)}"
            raise GivenUp(
                f"gave up; {left if wanted.in_place else 'there is no half file'}"
            ) from None
        finally:
            around.end_progress()
    around.note(f"saved {escape(saved)} in the guest")


def _put(guest: AgentClient, wanted: Copy, around: Surroundings) -> str:
    if wanted.source != STREAM:
        return guest.put(
            os.path.expanduser(wanted.source),
            wanted.target,
            overwrite=wanted.overwrite,
            in_place=wanted.in_place,
            on_progress=around.progress,
        )
    return put_stream(
        guest,
        around.standard_input(),
        "standard-input",
        wanted.target,
        overwrite=wanted.overwrite,
        in_place=wanted.in_place,
        on_progress=around.progress,
    )


def _read_input(file: str | None, around: Surroundings) -> bytes | None:
    if file is None:
        return None
    if file == STREAM:
        return around.standard_input().read() or b""
    return read_here(os.path.expanduser(file))


def _ending(done: Finished) -> str:
    """Say how a program ended, if that isn't as usual."""
    if done.status == 0:
        return ""
    if done.status is not None:
        return f"ended with status {done.status}"
    if done.signal is None:
        return "ended, and the agent doesn't say how"
    try:
        return f"was ended by {signal.Signals(done.signal).name}"
    except ValueError:
        return f"was ended by signal {done.signal}"


def _status(done: Finished) -> int:
    if done.status is not None:
        # Windows has others, which no Unix program can end with.
        return done.status if 0 <= done.status <= 255 else 255
    return 128 + done.signal if done.signal is not None and 0 < done.signal < 128 else 255
