"""Exit statuses, as scripts know them."""

from __future__ import annotations

import enum

from qmpshell.errors import (
    CommandError,
    ConnectError,
    ConnectionLost,
    Error,
    GivenUp,
    ProgramError,
    TimedOut,
)


class Status(enum.IntEnum):
    """What a program's end says of its work."""

    OK = 0
    COMMAND_FAILED = 1
    USAGE = 2
    NO_CONNECTION = 3
    BROKEN_OFF = 4
    INTERRUPTED = 130
    #: What a shell shows for a program that SIGPIPE ended.
    NO_READER = 141


def status_of(error: Error) -> Status:
    """Return the exit status that an exception leads to."""
    match error:
        case CommandError():
            return Status.COMMAND_FAILED
        case ProgramError():
            return Status.INTERRUPTED if error.interrupted else Status.COMMAND_FAILED
        case ConnectError():
            return Status.NO_CONNECTION
        case GivenUp():
            return Status.INTERRUPTED
        case ConnectionLost() | TimedOut():
            return Status.BROKEN_OFF
    return Status.USAGE
