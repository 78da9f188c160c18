"""Programs that are run in the guest: ``guest-exec``, and then asking whether they have ended.

No version of the agent hands out what a program writes before it has ended (QEMU 10.0's
``docs/interop/qemu-ga-ref.rst``), nor more than 16 MB of it (tried on 7.2).
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qmpshell.client.agent.replies import decoded, member
from qmpshell.client.deadline import Deadline
from qmpshell.errors import TimedOut
from qmpshell.named_tuple import NamedTuple
from qmpshell.progress import OnProgress, Progress

if TYPE_CHECKING:
    from qmpshell.client.client import Client

#: How long to wait before it is asked for the first time, in seconds, and at the longest;
#: each time it is half as long again.
_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.25


class Finished(NamedTuple):
    """A program that has run in the guest.

    Attributes:
        status: its exit status; ``None`` when it was ended by a signal.
        signal: that signal's number; on Windows the code of an exception.
        output: what it wrote to its standard output.
        errors: what it wrote to its standard error.
        truncated: whether it wrote more, which the agent didn't keep.
    """

    status: int | None
    signal: int | None
    output: bytes
    errors: bytes
    truncated: bool


def run_program(
    client: Client,
    program: str,
    arguments: Sequence[str],
    *,
    input: bytes | None = None,  # noqa: A002 (as of subprocess.run)
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    on_started: Callable[[int], None] | None = None,
    on_progress: OnProgress | None = None,
) -> Finished:
    """Run a program in the guest; as :meth:`AgentClient.run`, which see."""
    deadline = Deadline(timeout)
    pid = _start(client, program, arguments, input, env, timeout)
    if on_started:
        on_started(pid)
    pause = _FIRST_PAUSE
    while True:
        value = client.execute("guest-exec-status", pid=pid)
        if member(value, "exited", bool, "guest-exec-status"):
            return _finished(value)
        if deadline.passed:
            raise TimedOut(
                f"{program}: not ended in {timeout:g} s; it runs on in the guest as process {pid}"
            )
        remaining = deadline.remaining
        with contextlib.suppress(TimedOut):
            client.wait(
                lambda: False, timeout=pause if remaining is None else min(pause, remaining)
            )
        pause = min(1.5 * pause, _LONGEST_PAUSE)
        # What has ended by then needs no line of its own.
        if on_progress and pause == _LONGEST_PAUSE:
            on_progress(
                Progress(program, f"runs as process {pid}; what it writes comes when it has ended")
            )


def _start(
    client: Client,
    program: str,
    arguments: Sequence[str],
    given: bytes | None,
    env: Mapping[str, str] | None,
    timeout: float | None,
) -> int:
    members: dict[str, Any] = {"path": program, "arg": list(arguments), "capture-output": True}
    if given is not None:
        members["input-data"] = base64.b64encode(given).decode("ascii")
    if env is not None:
        members["env"] = [f"{name}={value}" for name, value in env.items()]
    value = client.execute("guest-exec", members, timeout=timeout)
    return member(value, "pid", int, "guest-exec")


def _finished(value: Mapping[str, Any]) -> Finished:
    status, signal = value.get("exitcode"), value.get("signal")
    return Finished(
        status if isinstance(status, int) else None,
        signal if isinstance(signal, int) else None,
        decoded(value.get("out-data", ""), "guest-exec-status"),
        decoded(value.get("err-data", ""), "guest-exec-status"),
        value.get("out-truncated") is True or value.get("err-truncated") is True,
    )
