"""What can go wrong with what a server says: at one of its bytes, or with one of its messages."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from qmpshell.simulator import Faults, Layout, Then
from qmpshell.simulator.documents import write_document
from qmpshell.simulator.faults import HOSTILE, event_bytes, reply_bytes
from qmpshell.simulator.recorded import greeting

#: Given what stands before and behind a place in a document, returns what goes out.
Spoil = Callable[[bytes, bytes], bytes]

#: Given a document, returns what goes out in its place, and what behind the next one.
Change = Callable[[bytes], tuple[bytes, bytes]]


class Fault:
    """Changes what a server says, once; ``Faults.change`` calls it with each document.

    Parameters:
        place: where: the number of the byte, or of the document.

    Attributes:
        struck: whether it has happened.
        count: how many bytes there were so far.
        documents: how many documents there were so far.
    """

    def __init__(self, place: int = -1) -> None:
        self.place = place
        self.struck = False
        self.count = 0
        self.documents = 0

    def __call__(self, data: bytes) -> bytes:
        changed = self.change(data)
        self.count += len(data)
        self.documents += 1
        return changed

    def change(self, data: bytes) -> bytes:
        """Return what goes out in place of a document."""
        return data

    def faults(self, **others: Any) -> Faults:
        """Return what the server is to suffer, this and others."""
        return Faults(change=self, **others)


class ByteFault(Fault):
    """Something happens at a byte.

    Parameters:
        spoil: what; or what comes after the last byte, if this is to be behind it.
        place: the byte's number.
    """

    def __init__(self, spoil: Spoil | Then, place: int) -> None:
        super().__init__(place)
        self._spoil = spoil
        self.struck = place == 0

    def change(self, data: bytes) -> bytes:
        index = self.place - self.count
        if isinstance(self._spoil, Then):
            # The end is near as soon as there is nothing more before it.
            self.struck = index <= len(data)
        elif 0 <= index < len(data):
            self.struck = True
            return self._spoil(data[:index], data[index:])
        return data

    def faults(self, **others: Any) -> Faults:
        if isinstance(self._spoil, Then):
            return super().faults(cut_after=self.place, then=self._spoil, **others)
        return super().faults(**others)


class MessageFault(Fault):
    """Something happens to a document.

    Parameters:
        change: what.
        place: the document's number; the greeting is 0.
    """

    def __init__(self, change: Change, place: int) -> None:
        super().__init__(place)
        self._change = change
        self._held = b""

    def change(self, data: bytes) -> bytes:
        if self.documents == self.place:
            self.struck = True
            data, self._held = self._change(data)
        elif self._held:
            data, self._held = data + self._held, b""
        return data


#: What may get between the bytes of a server.
GARBAGE: Mapping[str, bytes] = {
    "NUL": b"\0",
    "an escape": b"\x1b[2J",
    "a resync byte": b"\xff",
    "half a character": b"\xe2\x82",
    "a web page": b"HTTP/1.1 200 OK\r\n\r\n<html>\r\n",
    "another program's line": b"Segmentation fault (core dumped)\n",
    "binary": bytes(range(0x80, 0x100)),
    "an open brace": b"{",
    "a closing brace": b"}",
    "an open bracket": b"[",
    "a quote": b'"',
    "a backslash": b"\\",
    "a line's end": b"\r\n",
    "a digit": b"7",
}


def _inserted(garbage: bytes) -> Spoil:
    return lambda before, rest: before + garbage + rest


def _replaced(garbage: bytes) -> Spoil:
    return lambda before, rest: before + garbage + rest[1:]


#: What can happen at a byte.
AT_A_BYTE: Mapping[str, Spoil | Then] = {
    "the end": Then.CLOSE,
    "silence": Then.STALL,
    **{f"{name} more": _inserted(garbage) for name, garbage in GARBAGE.items()},
    "NUL instead": _replaced(b"\0"),
    "an x instead": _replaced(b"x"),
    "one byte lost": _replaced(b""),
    "the line's rest lost": lambda before, _: before,
    "as much again": lambda before, rest: before + before + rest,
}

_STORM = (
    b"".join(
        event_bytes(name, data)
        for name, data in (
            ("BLOCK_IO_ERROR", {"device": "x", "reason": HOSTILE}),
            ("JOB_STATUS_CHANGE", {"id": "another", "status": "aborting"}),
            ("DEVICE_DELETED", {"path": "/machine/another"}),
            ("STOP", None),
        )
    )
    * 25
)

#: What can happen to a message, and should not be noticed, but for the greeting.
HARMLESS: Mapping[str, Change] = {
    "twice": lambda document: (document * 2, b""),
    "once more later": lambda document: (document, document),
    "behind many events": lambda document: (_STORM + document, b""),
    "before many events": lambda document: (document + _STORM, b""),
    "behind another's reply": lambda document: (reply_bytes("no", id="other") + document, b""),
    "behind a reply to nobody": lambda document: (reply_bytes("no") + document, b""),
    "over many lines": lambda document: (
        write_document(json.loads(document), Layout.PRETTY),
        b"",
    ),
    "without a line's end": lambda document: (document.rstrip(), b""),
    "behind a resync byte": lambda document: (b"\xff" + document, b""),
}

#: What can happen to a message, and may be noticed.
HARMFUL: Mapping[str, Change] = {
    "never": lambda _: (b"", b""),
    "late": lambda document: (b"", document),
    "behind an error for nobody": lambda document: (
        write_document({"error": {"class": "GenericError", "desc": HOSTILE}}) + document,
        b"",
    ),
    "behind a greeting": lambda document: (write_document(greeting()) + document, b""),
}

_STRANGE: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e300, "", HOSTILE, [], {}, [None], [[]], [{}], ["x"], [0]),
    {"id": None, "status": [], "name": {}, "data": 5, "error": [], "path": 0},
    [{"id": None, "status": [], "name": {}, "type": 5, "error": []}],
    [{"id": "job1", "status": "concluded", "error": {}}],
)


def _with_value(document: bytes, value: Any) -> bytes:
    """Put another value where the message's own stands."""
    members = json.loads(document)
    key = next(key for key in ("return", "error", "data", "QMP", "event") if key in members)
    return write_document({**members, key: value})


def _strange(value: Any) -> Change:
    return lambda document: (_with_value(document, value), b"")


#: What can be in a message that no server should say.
STRANGE: Mapping[str, Change] = {
    **{f"with {value!a}": _strange(value) for value in _STRANGE},
    "without its id": lambda document: (
        write_document({k: v for k, v in json.loads(document).items() if k != "id"}),
        b"",
    ),
    "with a strange time": lambda document: (
        write_document({**json.loads(document), "timestamp": {"seconds": 10**400}}),
        b"",
    ),
}

TO_A_MESSAGE: Mapping[str, Change] = {**HARMLESS, **HARMFUL, **STRANGE}
