"""A manual page's source → blocks of plain text.

Reads what Sphinx writes (QEMU's pages are made by it since 5.2) and needs nothing else of
roff. Any other text gives some blocks or other, never an exception.
"""

from __future__ import annotations

import enum
import re

from qmpshell.named_tuple import NamedTuple


class Layout(enum.Enum):
    """How a block is laid out."""

    HEADING = "a heading"
    PARAGRAPH = "words that flow"
    TERM = "what the paragraphs below it explain"
    ITEM = "a paragraph of a list, with its mark"
    EXAMPLE = "lines that are kept as they are"


class Block(NamedTuple):
    """A piece of a manual.

    Attributes:
        layout: how it is laid out.
        depth: how far it is indented, in steps.
        text: what it says; of more than one line only for an example.
        mark: the bullet or the number of an item.
    """

    layout: Layout
    depth: int
    text: str
    mark: str = ""


_CHARACTERS = {
    "aq": "'",
    "dq": '"',
    "bu": "•",
    "em": "—",
    "en": "–",
    "lq": "“",
    "rq": "”",
    "oq": "‘",
    "cq": "’",
    "ga": "`",
    "ha": "^",
    "ti": "~",
    "rs": "\\",
    "->": "→",
    "<-": "←",
}
_SIGNS = {"-": "-", "e": "\\", "\\": "\\", "'": "'", "`": "`", " ": " ", "~": " ", "0": " "}

# \f and \s change how text looks, \(xx and \[name] are characters, and of the rest each is
# one sign or nothing.
_ESCAPE = re.compile(r"\\(?:[f*n](?:\[[^\]]*\]|\(..|.)|s[+-]?\d|\((..)|\[([^\]]*)\]|\".*|(.)|$)")

#: A label such as ``Arguments`` or ``Example:``, not what a list explains.
_HEADING = re.compile(r"[A-Z][A-Za-z]*(?: [A-Za-z]+)?:?")

#: An item that says what a name means, as the pages since 10.0 have them.
_ITEM_OF_NAME = re.compile(r"(\S+ \([^()]*(?:\([^()]*\))?[^()]*\)|\S+) (?:--|–) (.*)", re.DOTALL)
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')
_BULLETS = ("•", "*", "-")
_LONGEST_MARK = 3
_RULE = re.compile(r"^[_=]$", re.MULTILINE)


def plain_text(text: str) -> str:
    """Take roff's escapes out of a text."""
    return _ESCAPE.sub(_unescape, text)


def read_blocks(source: str) -> list[Block]:
    """Read a part of a page.

    Parameters:
        source: lines of roff.
    """
    reader = _Reader()
    for line in source.split("\n"):
        reader.read(line)
    reader.end_block()
    return reader.blocks


def _unescape(found: re.Match[str]) -> str:
    named = found[1] or found[2]
    if named is None:
        return _SIGNS.get(found[3] or "", "")
    if re.fullmatch(r"u[0-9A-Fa-f]{4,5}", named):
        return chr(int(named[1:], 16))
    return _CHARACTERS.get(named, "?")


class _Reader:
    """Gathers blocks from lines.

    Attributes:
        blocks: what was read.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._layout = Layout.PARAGRAPH
        self._mark = ""
        self._lines: list[str] = []
        self._cells: list[str] | None = None
        # How far each open indentation goes, and how far it and those around it go
        # together in what a heading stands over.
        self._steps: list[int] = []
        self._margin = 0
        # Nothing stands in the innermost indentation yet.
        self._fresh = False
        # What comes explains a term, or goes on with an item.
        self._below = 0

    def read(self, line: str) -> None:
        """Read a line: a request, which begins with a dot, or text."""
        name, _, rest = line.partition(" ")
        if self._cells is not None and name != ".TE":
            self._cells.append(line)
        elif self._layout is Layout.EXAMPLE and name not in (".EE", ".fi"):
            if name != ".ft":
                self._lines.append(plain_text(line))
        elif line.startswith((".", "'")):
            self._request(name[1:], rest)
        elif self._layout is Layout.TERM:
            self._term(line)
        else:
            self._text(line)

    def end_block(self) -> None:
        """End the block that is being read, if there is something in it."""
        text = "\n".join(self._lines) if self._layout is Layout.EXAMPLE else _flow(self._lines)
        layout, mark, depth = self._layout, self._mark, self._depth
        self._layout, self._mark, self._lines = Layout.PARAGRAPH, "", []
        if not text.strip():
            return
        named = _ITEM_OF_NAME.fullmatch(text) if mark in _BULLETS else None
        if layout is Layout.ITEM and named:
            self.blocks.append(Block(Layout.TERM, depth, named[1]))
            self.blocks.append(Block(Layout.PARAGRAPH, depth + 1, named[2]))
        else:
            self.blocks.append(Block(layout, depth, text, mark))
        self._below = max(self._below, int(layout is Layout.ITEM))

    @property
    def _depth(self) -> int:
        return max(0, sum(self._steps) + self._below - self._margin)

    def _request(self, name: str, rest: str) -> None:
        match name:
            case "INDENT" | "UNINDENT":
                self._indent() if name == "INDENT" else self._unindent()
            case "SS" | "SH":
                self._heading(rest)
            case "B" | "I" | "R":
                self._term(rest) if self._layout is Layout.TERM else self._text(rest)
            case "IP":
                self._item(rest)
            case "TP" | "TQ":
                self._begin(Layout.TERM, below=0)
            case "nf" | "EX":
                self._begin(Layout.EXAMPLE)
            case "TS" | "TE":
                self._begin_table() if name == "TS" else self._end_table()
            case _ if not name.startswith(("\\", "ft")):
                # Whatever else there is ends a paragraph at most.
                self.end_block()

    def _begin(self, layout: Layout, mark: str = "", *, below: int | None = None) -> None:
        self.end_block()
        self._layout, self._mark = layout, mark
        self._fresh = False
        if below is not None:
            self._below = below

    def _indent(self) -> None:
        """Indent by a step, but by one only where several begin at the same place."""
        self.end_block()
        self._steps.append(0 if self._fresh else 1)
        self._fresh = True
        self._below = 0

    def _unindent(self) -> None:
        self.end_block()
        if self._steps:
            self._steps.pop()
        self._margin = min(self._margin, sum(self._steps))
        self._fresh = False
        self._below = 0

    def _text(self, line: str) -> None:
        if line.strip():
            self._fresh = False
            self._lines.append(plain_text(line))
        else:
            self.end_block()

    def _term(self, line: str) -> None:
        if _HEADING.fullmatch(line):
            self._heading(line)
            return
        self._lines.append(plain_text(line))
        self.end_block()
        self._below = 1

    def _heading(self, line: str) -> None:
        self._begin(Layout.PARAGRAPH, below=0)
        self._margin = sum(self._steps)
        if text := plain_text(line).strip('": '):
            self.blocks.append(Block(Layout.HEADING, 0, text))

    def _item(self, rest: str) -> None:
        quoted = _QUOTED.match(rest)
        mark = plain_text(quoted[1] or quoted[2] or "") if quoted else ""
        if len(mark) <= _LONGEST_MARK:
            self._begin(Layout.ITEM, mark, below=0)
        else:
            self._heading(mark)

    def _begin_table(self) -> None:
        self.end_block()
        self._cells = []

    def _end_table(self) -> None:
        """Show a table as its rows, the cells beside one another."""
        cells, self._cells = self._cells or [], None
        start = next((i for i, line in enumerate(cells) if line.endswith(".")), -1)
        rows = _RULE.split("\n".join(cells[start + 1 :]))
        self._layout = Layout.EXAMPLE
        self._lines = [row for row in map(_table_row, rows) if row]
        self.end_block()


def _table_row(row: str) -> str:
    cells = (_flow([plain_text(cell)]) for cell in re.split(r"T\}?\tT\{|\t", row))
    return " | ".join(cell.strip("T{} ") for cell in cells).strip()


def _flow(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
