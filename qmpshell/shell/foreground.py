"""The terminal belongs to another program for a while: a command, an editor, a pager."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import FrameType

from qmpshell.errors import UsageError
from qmpshell.render import escape

#: What the keys Ctrl-C and Ctrl-\\ send to everyone on the terminal, us included.
_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)

#: What ends us, with everything that we have started.
_ENDING = (signal.SIGTERM, signal.SIGHUP)

#: How long a program may take to end when we have to, in seconds, before it is killed.
_END_SECONDS = 1.0


def run_in_foreground(
    command: str | Sequence[str],
    *,
    given: bytes | Iterable[bytes] | None = None,
    env: Mapping[str, str] | None = None,
) -> int:
    """Run a program to its end, with the terminal as its own; then the terminal is ours again.

    Ctrl-C and its like are the program's alone. Call it in the main thread, and with the
    terminal as a program expects it: between two prompts, or in prompt_toolkit's
    ``run_in_terminal``. What the server sends meanwhile waits in the socket.

    Parameters:
        command: a line for ``/bin/sh``, or a program and its arguments.
        given: what it reads on its standard input, perhaps in parts that are made while it
            reads; ``None`` for the terminal. A program that doesn't read it all is no error.
        env: its environment; ``None`` for ours.

    Returns:
        Its exit status; the negative number of the signal that ended it.

    Raises:
        UsageError: there is no such program, or it can't be run.
    """
    sys.stdout.flush()
    has_input = given is not None
    with _deaf_to_keys(), _terminal_restored(), _started(command, env, has_input=has_input) as it:
        if given is not None:
            _give(it, [given] if isinstance(given, bytes) else given)
        return it.wait()


def _give(process: subprocess.Popen[bytes], parts: Iterable[bytes]) -> None:
    """Write it to a program's standard input, as far as that is read."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
        pipe.writelines(parts)


def status_text(status: int) -> str:
    """Say in words how a program ended.

    Parameters:
        status: as :func:`run_in_foreground` returns it.
    """
    if status >= 0:
        return f"status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"


@contextlib.contextmanager
def _started(
    command: str | Sequence[str], env: Mapping[str, str] | None, *, has_input: bool
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program; it has ended when this is left, whatever happens."""
    let_end = _put_off_end()
    try:
        process = subprocess.Popen(  # noqa: S603 (the person asked for it)
            command,
            shell=isinstance(command, str),
            stdin=subprocess.PIPE if has_input else None,
            env=env,
        )
    except (OSError, ValueError) as error:
        let_end()
        reason = getattr(error, "strerror", None) or error
        name = command if isinstance(command, str) else command[0]
        raise UsageError(f"{escape(name)} can't be run: {reason}") from None
    with process:
        try:
            let_end()
            yield process
        except BaseException:
            # We are being ended ourselves.
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_END_SECONDS)
            process.kill()
            raise


def _put_off_end() -> Callable[[], None]:
    """Put off the signals that end us, until what is returned is called.

    A program that begins just then would be left behind, as nobody knows it yet.
    """
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in _ENDING}
    # Those that are ignored, or have no handler, stay so.
    before = {number: handler for number, handler in before.items() if callable(handler)}
    for number in before:
        signal.signal(number, lambda number, _frame: came.append(number))

    def let_end() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        for arrived in came:
            signal.raise_signal(arrived)

    return let_end


@contextlib.contextmanager
def _deaf_to_keys() -> Iterator[None]:
    """Take no notice of signals from keys. They aren't ignored, as the program would be, too."""

    def deaf(_number: int, _frame: FrameType | None) -> None:
        pass

    # An event loop is told of a signal through a descriptor, whatever the handler is.
    descriptor = signal.set_wakeup_fd(-1)
    before = {
        number: signal.signal(number, deaf)
        for number in _FROM_KEYS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)


@contextlib.contextmanager
def _terminal_restored() -> Iterator[None]:
    """Undo afterwards what a program did to the terminal, however it ended."""
    try:
        descriptor = sys.stdin.fileno()
        attributes = termios.tcgetattr(descriptor)
    except (OSError, ValueError, termios.error):
        # There is no terminal to restore.
        yield
        return
    was_ours = os.tcgetpgrp(descriptor) == os.getpgrp()
    try:
        yield
    finally:
        # A shell that was killed has left the terminal to itself, and whoever changes
        # anything about another's terminal is stopped.
        before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        with contextlib.suppress(OSError, termios.error):
            if was_ours:
                os.tcsetpgrp(descriptor, os.getpgrp())
            termios.tcsetattr(descriptor, termios.TCSADRAIN, attributes)
        signal.signal(signal.SIGTTOU, before)
        _begin_line()


def _begin_line() -> None:
    """Go to the beginning of a line, below one that the program left unfinished."""
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return
    # A line's worth of blanks ends on the next line unless it began at this one's beginning.
    blanks = " " * columns
    sys.stdout.write(f"\x1b[0m{blanks}\r\x1b[K")
    sys.stdout.flush()
