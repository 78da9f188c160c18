"""Bytes in any chunks → whole JSON documents, in linear time.

QEMU ends a message with CR LF, but a ``pretty=on`` monitor spreads one over many
lines, and neither is needed to know where a document ends: its outermost brace
closes. So this counts brackets outside of strings, and looks at each byte once; a
document that is a line of its own, as nearly all are, is recognized as a whole, which
is ten times as fast.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from qmpshell.errors import ProtocolError

#: Deeper documents are refused, as Python's parser would run out of stack. The deepest
#: that QEMU sends is ``query-block``: a level or two for each image of a backing chain.
MAX_DEPTH = 400

#: The byte that both sides may send to say "forget what came before": it is in no valid
#: UTF-8 text. The guest agent puts it before the reply to ``guest-sync-delimited``.
RESYNC = b"\xff"

#: What may stand between two documents.
_BETWEEN = b" \t\r\n" + RESYNC

#: A document longer than this, in bytes, can wait for the end of its line.
_SHORT = 4096

# The patterns are compiled at their first use: a start that only waits for a small reply
# needs hardly any of them.
_ESCAPED = rb"\\."
_STRING = rb'"[^"]*"'
_ALL_BRACKETS_ALIKE = bytes.maketrans(b"{}", b"[]")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'{}[]"'))

_BLANKS = rb"[ \t\r\n]*+"
_STRING_BODY = rb'[^"\\\xff]*(?:\\[^\xff][^"\\\xff]*)*'
# Up to the next byte that changes the depth, over complete strings. A quote in the group
# opens a string whose end hasn't come yet. (No possessive groups here: up to Python 3.11.4
# they match wrongly.)
_STRUCTURE = rb'[^"{}\[\]\xff]*(?:"' + _STRING_BODY + rb'"[^"{}\[\]\xff]*)*(["{}\[\]\xff])'


def escaped_beginning(data: bytes, limit: int = 60) -> str:
    """Show the beginning of what a stranger sent, safe for a terminal.

    Parameters:
        data: the bytes.
        limit: how many of them to show.
    """
    shown = ascii(data[:limit].decode("latin-1"))
    return shown + ("..." if len(data) > limit else "")


def _unpaired(text: bytes) -> bytes:
    """Return which brackets inside of an object's own have no partner: none if it is whole.

    Everything but brackets and strings is taken away, and then the innermost pairs, level
    by level: each step is one pass of C code over what is left.

    Parameters:
        text: what begins with ``{``, and ends with ``}`` if it is to be whole.

    Returns:
        Square brackets for all kinds; also a quote when a string has no end.
    """
    if RESYNC in text or not text.endswith(b"}"):
        return b"]"
    if b"\\" in text:
        text = re.sub(_ESCAPED, b"", text)
    brackets = text.translate(_ALL_BRACKETS_ALIKE, _NO_STRUCTURE).replace(b'""', b"")
    if b'"' in brackets:
        brackets = re.sub(_STRING, b"", brackets)
    inside = brackets[1:-1]
    for _ in range(MAX_DEPTH - 1):
        if b"[]" not in inside:
            break
        inside = inside.replace(b"[]", b"")
    return inside


class DocumentSplitter:
    """Cuts a stream of bytes into JSON documents.

    Give it bytes with :meth:`feed`; take documents out with :meth:`next_document`
    until that returns ``None``.
    """

    _scanned: int
    _depth: int
    _in_string: bool
    _searched: int
    _looked_at: int
    _is_line: bool

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._begin()

    def feed(self, data: bytes) -> None:
        """Add what was received."""
        self._buffer += data

    @property
    def unfinished(self) -> bytes:
        """The bytes of a document whose end hasn't come."""
        return bytes(self._buffer).lstrip(_BETWEEN)

    def next_document(self) -> bytes | None:
        """Return the next whole document, or ``None`` when more bytes are needed.

        Raises:
            ProtocolError: something else than a JSON object begins here.
        """
        if self._depth == 0 and not self._skip_to_object():
            return None
        if self._is_line:
            line = self._next_line()
            if line or self._is_line:
                return line
        end = self._count_to_end()
        if end is None:
            return None
        document = bytes(self._buffer[:end])
        self._forget(end)
        return document

    def _skip_to_object(self) -> bool:
        """Drop blanks and resync bytes; say whether an object begins here."""
        if self._buffer.startswith(b"{"):
            return True
        if not self._buffer:
            return False
        while True:
            blanks = re.match(_BLANKS, self._buffer)
            assert blanks is not None
            del self._buffer[: blanks.end()]
            if not self._buffer.startswith(RESYNC):
                break
            del self._buffer[:1]
        if not self._buffer:
            return False
        if not self._buffer.startswith(b"{"):
            raise ProtocolError(f"not QMP: {escaped_beginning(self.unfinished)}")
        return True

    def _next_line(self) -> bytes | None:
        """Return the document if it is a line of its own, or find out that it is none."""
        line_end = self._buffer.find(b"\n", self._searched)
        if line_end < 0:
            self._searched = len(self._buffer)
            self._is_line = self._goes_on()
            return None
        line = bytes(self._buffer[:line_end]).rstrip(_BETWEEN)
        if _unpaired(line):
            self._is_line = False
            return None
        self._forget(line_end + 1)
        return line

    def _goes_on(self) -> bool:
        """Say whether a long line is certainly not whole yet, as far as that is soon found out."""
        size = len(self._buffer)
        if size <= _SHORT or not self._buffer.endswith(b"}"):
            return size > _SHORT
        # Not again and again over nearly the same bytes.
        if size < 2 * self._looked_at:
            return False
        self._looked_at = size
        unpaired = _unpaired(bytes(self._buffer))
        return unpaired != b"" and b"]" not in unpaired

    def _count_to_end(self) -> int | None:
        """Go on counting where the last call stopped; return the document's end."""
        while found := self._next_structure():
            if found in b"{[":
                self._depth += 1
                if self._depth > MAX_DEPTH:
                    raise ProtocolError(f"a message is nested over {MAX_DEPTH} levels deep")
            elif found in b"}]":
                self._depth -= 1
                if self._depth == 0:
                    return self._scanned
            else:
                self._forget(self._scanned)
                if not self._skip_to_object():
                    return None
        return None

    def _next_structure(self) -> bytes | None:
        """Move behind the next bracket outside of a string, or resync byte; return it."""
        while True:
            if self._in_string and not self._leave_string():
                return None
            found = re.compile(_STRUCTURE).match(self._buffer, self._scanned)
            if found is None:
                self._scanned = len(self._buffer)
                return None
            self._scanned = found.end()
            if found[1] != b'"':
                return bytes(found[1])
            self._in_string = True

    def _leave_string(self) -> bool:
        """Move behind the string's end, or to a resync byte in it; say whether it has come."""
        found = re.compile(_STRING_BODY).match(self._buffer, self._scanned)
        assert found is not None
        position = self._scanned = found.end()
        # A lone backslash at the very end waits for the byte that it escapes.
        if self._buffer.startswith(b'"', position):
            self._scanned += 1
        elif RESYNC in self._buffer[position : position + 2]:
            self._scanned = self._buffer.index(RESYNC, position)
        else:
            return False
        self._in_string = False
        return True

    def _forget(self, end: int) -> None:
        del self._buffer[:end]
        self._begin()

    def _begin(self) -> None:
        """Nothing is known yet of the document that comes next."""
        self._scanned = 0
        self._depth = 0
        self._in_string = False
        self._searched = 0
        self._looked_at = 0
        self._is_line = True


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def decode_document(document: bytes) -> dict[str, Any]:
    """Read a document that :class:`DocumentSplitter` cut out.

    Parameters:
        document: the bytes from ``{`` to ``}``.

    Raises:
        ProtocolError: it isn't valid JSON (RFC 8259; ``NaN`` isn't either).
    """
    try:
        value, _ = _DECODER.raw_decode(document.decode("utf-8"))
    except ValueError:
        raise ProtocolError(f"not valid JSON: {escaped_beginning(document)}") from None
    assert isinstance(value, dict)
    return value
