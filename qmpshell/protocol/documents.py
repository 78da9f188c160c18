"""Bytes in any chunks → whole JSON documents, in linear time.

QEMU ends a message with CR LF, but a ``pretty=on`` monitor spreads one over many
lines, and neither is needed to know where a document ends: its outermost brace
closes. So this counts brackets outside of strings, a line or many bytes at once, by a
few passes of C code. Where a document ends in the middle of them, it counts half as
many, and goes through the last few from bracket to bracket. A short and simple line,
as nearly all are, is recognized as a whole.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn

from qmpshell.errors import ProtocolError

#: Deeper documents are refused, as Python's parser would run out of stack. The deepest
#: that QEMU sends is ``query-block``: a level or two for each image of a backing chain.
MAX_DEPTH = 400

#: A longer document, in bytes, is refused before it fills the memory. The longest that QEMU's
#: guest agent sends is a file's 48 MB in Base64 (``guest-file-read``).
MAX_BYTES = 256 * 2**20

#: The byte that both sides may send to say "forget what came before": it is in no valid
#: UTF-8 text. The guest agent puts it before the reply to ``guest-sync-delimited``.
RESYNC = b"\xff"

_BLANKS = b" \t\r\n"

#: At least so many bytes are counted at once, and so few gone through from bracket to bracket.
_FEW = 512

#: So many levels of brackets are paired off at once.
_LEVELS = 32

#: A longer line, in bytes, or one with deeper brackets, isn't worth a try as a whole.
_SHORT = 4096
_SIMPLE = 6

_ALL_BRACKETS_ALIKE = bytes.maketrans(b"{}", b"[]")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'{}[]"'))
_NOTHING_SPECIAL = bytes(set(_NO_STRUCTURE) - set(b"\\" + RESYNC))

# They are compiled at their first use: a start needs but one of them.
_ANY_BLANKS = rb"[ \t\r\n]*+"
_TOKEN = rb'\\["\\]|["{}\[\]\xff]'


def escaped_beginning(data: bytes, limit: int = 60) -> str:
    """Show the beginning of what a stranger sent, safe for a terminal.

    Parameters:
        data: the bytes.
        limit: how many of them to show.
    """
    shown = ascii(data[:limit].decode("latin-1"))
    return shown + ("..." if len(data) > limit else "")


class _Segment(NamedTuple):
    """Some bytes of a document, counted.

    Attributes:
        closing: how many brackets in it close what was opened before.
        opening: how many brackets that are opened in it stay open.
        ends_with_closing: whether it ends with the last of the closing ones, and blanks.
        in_string: whether a string is open at its end.
    """

    closing: int
    opening: int
    ends_with_closing: bool
    in_string: bool


def _count(data: bytearray, *, in_string: bool) -> _Segment | None:
    """Count the brackets outside of strings; ``None`` if they are nested too deep for that.

    Everything but brackets and quotes is taken away, then what stands between quotes, and
    then the innermost pairs, level by level: each step is one pass over what is left.

    Parameters:
        data: the bytes, without a resync byte. They don't end within an escape sequence.
        in_string: whether a string is open before them.
    """
    ends_with_bracket = data.rstrip(_BLANKS).endswith((b"}", b"]"))
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = data.translate(_ALL_BRACKETS_ALIKE, _NO_STRUCTURE).replace(b'""', b"")
    if in_string or b'"' in brackets:
        parts = brackets.split(b'"')
        brackets = bytearray().join(parts[in_string::2])
        in_string ^= len(parts) % 2 == 0
    last = brackets[-1:] if ends_with_bracket and not in_string else bytearray()
    unpaired = brackets.removesuffix(last)
    for _ in range(_LEVELS):
        if b"[]" not in unpaired:
            break
        unpaired = unpaired.replace(b"[]", b"")
    else:
        return None
    ends_with_closing = last == b"]" and b"[" not in unpaired
    unpaired = (unpaired + last).replace(b"[]", b"")
    opening = unpaired.count(b"[")
    return _Segment(len(unpaired) - opening, opening, ends_with_closing, in_string)


def _is_document(line: bytearray) -> bool:
    """Say whether a line that begins an object is all of it; ``False`` when that isn't simple.

    What stays behind when quotes and brackets are paired off is neither: a quote around a
    bracket, an escape sequence, a resync byte.
    """
    if not line.endswith(b"}"):
        return False
    brackets = line.translate(_ALL_BRACKETS_ALIKE, _NOTHING_SPECIAL).replace(b'""', b"")
    inside = brackets[1:-1]
    for _ in range(_SIMPLE):
        if not inside:
            return True
        inside = inside.replace(b"[]", b"")
    return False


def _whole_escapes(data: bytearray) -> bytearray:
    """Take a backslash away from the end when what it escapes isn't there."""
    backslashes = len(data) - len(data.rstrip(b"\\"))
    return data[:-1] if backslashes % 2 else data


class DocumentSplitter:
    """Cuts a stream of bytes into JSON documents.

    Give it bytes with :meth:`feed`; take documents out with :meth:`next_document`
    until that returns ``None``.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._counted = 0
        self._depth = 0
        self._in_string = False

    def feed(self, data: bytes) -> None:
        """Add what was received."""
        self._buffer += data

    @property
    def unfinished(self) -> bytes:
        """The bytes of a document whose end hasn't come."""
        return bytes(self._buffer).lstrip(_BLANKS + RESYNC)

    def next_document(self) -> bytes | None:
        """Return the next whole document, or ``None`` when more bytes are needed.

        Raises:
            ProtocolError: something else than a JSON object begins here.
        """
        if not self._depth and self._begin_object() and (line := self._next_line()):
            return line
        while self._depth or self._begin_object():
            data = self._next_segment()
            if not data:
                if len(self._buffer) > MAX_BYTES:
                    raise ProtocolError(f"a message is longer than {MAX_BYTES >> 20} MB")
                return None
            end = self._find_end(data)
            if end is not None:
                document = bytes(memoryview(self._buffer)[:end])
                self._forget(end)
                return document
        return None

    def _next_line(self) -> bytes | None:
        """Return the next line if it is a whole document, and that is soon found out."""
        line_end = self._buffer.find(b"\n", 0, _SHORT)
        if line_end < 0:
            return None
        line = self._buffer[:line_end].rstrip(_BLANKS)
        if not _is_document(line):
            return None
        self._forget(line_end + 1)
        return bytes(line)

    def _begin_object(self) -> bool:
        """Drop blanks and resync bytes; say whether an object begins here."""
        while not self._buffer.startswith(b"{"):
            blanks = re.match(_ANY_BLANKS, self._buffer)
            assert blanks is not None
            del self._buffer[: blanks.end()]
            if self._buffer.startswith(RESYNC):
                del self._buffer[:1]
            elif not self._buffer:
                return False
            elif not self._buffer.startswith(b"{"):
                raise ProtocolError(f"not QMP: {escaped_beginning(self.unfinished)}")
        self._counted = self._depth = 1
        return True

    def _next_segment(self) -> bytearray:
        """Return the bytes to count next: a whole line if the document may be one."""
        start = self._counted
        line_end = self._buffer.find(b"\n") + 1 if start == 1 else 0
        # Otherwise no more than have been counted, lest all that comes behind the document
        # be counted for it.
        return _whole_escapes(self._buffer[start : line_end or start + max(start, _FEW)])

    def _find_end(self, data: bytearray) -> int | None:
        """Count the next bytes, or the first of them; return the document's end, if it is there."""
        while True:
            segment = None if RESYNC in data else _count(data, in_string=self._in_string)
            if segment and self._depth + segment.opening <= MAX_DEPTH - _LEVELS:
                if segment.closing == self._depth and segment.ends_with_closing:
                    return self._counted + len(data.rstrip(_BLANKS))
                if segment.closing < self._depth:
                    self._counted += len(data)
                    self._depth += segment.opening - segment.closing
                    self._in_string = segment.in_string
                    return None
            if len(data) <= _FEW:
                return self._go_through(data)
            data = _whole_escapes(data[: len(data) // 2])

    def _go_through(self, data: bytearray) -> int | None:
        """Do as :meth:`_find_end`, from bracket to bracket; a resync byte drops all before."""
        for found in re.finditer(_TOKEN, data):
            token = found[0]
            if token == RESYNC:
                self._forget(self._counted + found.end())
                return None
            if token == b'"':
                self._in_string = not self._in_string
            elif len(token) == 1 and not self._in_string:
                self._depth += 1 if token in b"{[" else -1
                if self._depth > MAX_DEPTH:
                    raise ProtocolError(f"a message is nested over {MAX_DEPTH} levels deep")
                if self._depth == 0:
                    return self._counted + found.end()
        self._counted += len(data)
        return None

    def _forget(self, end: int) -> None:
        """Drop the buffer's beginning; nothing is known of what comes next."""
        del self._buffer[:end]
        self._counted = self._depth = 0
        self._in_string = False


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
        value = _DECODER.decode(document.decode("utf-8"))
    except ValueError:
        raise ProtocolError(f"not valid JSON: {escaped_beginning(document)}") from None
    assert isinstance(value, dict)
    return value
