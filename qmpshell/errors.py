"""Every exception that qmpshell raises, as one tree. Who erred is its type.

::

    Error
    ├── UsageError         the person: what was written can't be understood
    │   ├── AddressError       ... as an address
    │   ├── LineError          ... as a line, with the place in it
    │   └── RequestError       ... as a request that may go over the wire
    ├── CommandError       the server: it answered a command with an error
    │   └── OutcomeError       ... or accepted it, and what it began failed
    ├── ConnectError       no connection came about
    │   ├── NobodyListens      ... as nobody listens there, or not yet
    │   ├── NoAnswer           ... as who listens there doesn't answer
    │   │   └── NoAgent            ... as no guest agent does
    │   ├── NotQMP             ... as something else is spoken there
    │   │   └── NotAgent           ... as no guest agent, though one is wanted
    │   ├── NotTrusted         ... as one side doesn't trust the other's certificate
    │   └── WrongAddress       ... as nobody could ever listen there
    ├── ConnectionLost     the connection was there, and ended
    │   └── ProtocolError      ... because what came is no QMP
    ├── FileError          a file can't be written or reached, or isn't what it should be
    ├── SourceError        a line of a file failed, for one of the reasons above
    ├── ProgramError       a program that was given a reply failed
    ├── TimedOut           an answer or an event didn't come in time
    └── GivenUp            the person didn't want to wait for it any longer

The text of an exception is one line for a person: what happened and, where
there is something to do about it, what to do. It holds no control character.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Error(Exception):
    """The base of every exception that qmpshell raises on purpose."""


class UsageError(Error):
    """What the person wrote can't be understood."""


class AddressError(UsageError):
    """A text is no address of a monitor."""


class LineError(UsageError):
    """A typed line is wrong, at a known place.

    Parameters:
        message: what is wrong, and what was expected.
        start: where the culprit begins, in characters from the text's start.
        end: where it ends (exclusive). ``start == end`` points between two characters.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


class RequestError(UsageError):
    """A request can't be written as JSON that QEMU would read as it was meant."""


class CommandError(Error):
    """The server answered a command with an error.

    Parameters:
        error_class: the error's class, such as ``DeviceNotFound``
            (``GenericError`` in most cases).
        desc: the server's text for a person. Its wording varies by version:
            show it, never compare it.
        members: the whole reply as it came, where there is one.
    """

    def __init__(
        self, error_class: str, desc: str, members: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{error_class}: {desc}")
        self.error_class = error_class
        self.desc = desc
        self.members = members or {"error": {"class": error_class, "desc": desc}}


class OutcomeError(CommandError):
    """The server accepted a command, and what it began failed.

    Its class is of our own making, such as ``JobFailed``; its text is the server's.
    """


class ConnectError(Error):
    """No connection came about: nobody there, not QMP, silent, refused.

    Parameters:
        what: what happened.
        advice: why that may be, or what to do about it.
    """

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what}; {advice}" if advice else what)
        self.what = what
        self.advice = advice


class NobodyListens(ConnectError):
    """Nobody listens at the address: the server is gone, or hasn't come up yet."""


class NoAnswer(ConnectError):
    """Who listens at the address says nothing, or too little: held by another client, busy.

    Parameters:
        what, advice: as of every :class:`ConnectError`.
        greeted: whether the greeting came, so that it is a QMP server.
    """

    def __init__(self, what: str, advice: str = "", *, greeted: bool = False) -> None:
        super().__init__(what, advice)
        self.greeted = greeted


class NoAgent(NoAnswer):
    """No guest agent answers at the address: it isn't running, or serves another client."""


class NotQMP(ConnectError):
    """What is spoken at the address is no QMP."""


class NotAgent(NotQMP):
    """Who speaks at the address is no guest agent."""


class NotTrusted(ConnectError):
    """One side doesn't trust the certificate of the other, or gets none."""


class WrongAddress(ConnectError):
    """Nobody could listen at the address as it is: there is no such host, or a plain file."""


class ConnectionLost(Error):
    """The connection ended before the answer came."""


class ProtocolError(ConnectionLost):
    """The other side sent what is no QMP; the connection can't be used any more."""


class FileError(Error):
    """A file can't be written or reached, or isn't what it should be."""


class SourceError(Error):
    """A line of a file failed that is run as if it was typed.

    Parameters:
        where: the file and the line, such as ``disks.qmp:12: ``, safe for a terminal.
        text: the line, or the lines that belong together.
        reason: why it failed.
    """

    def __init__(self, where: str, text: str, reason: Error) -> None:
        super().__init__(f"{where}{reason}")
        self.where = where
        self.text = text
        self.reason = reason


class ProgramError(Error):
    """A program that was given what a line has to show failed.

    Parameters:
        message: which one, and how it ended.
        interrupted: whether Ctrl-C ended it.
    """

    def __init__(self, message: str, *, interrupted: bool = False) -> None:
        super().__init__(message)
        self.interrupted = interrupted


class TimedOut(Error, TimeoutError):
    """An answer or an event didn't come within the time given."""


class NotSent(Error):
    """The person was asked, and didn't want a command to be sent."""


class GivenUp(Error):
    """The person pressed Ctrl-C while an answer was awaited; it is dropped when it comes."""
