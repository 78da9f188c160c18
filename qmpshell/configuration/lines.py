"""In which line of a TOML text each key stands, which ``tomllib`` doesn't say.

The text is cut into its statements, the headings of tables and the pairs of a key and a
value, and ``tomllib`` reads each of them for itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from qmpshell.named_tuple import NamedTuple

Path = tuple[str, ...]


class Statement(NamedTuple):
    """A heading, or a key with its value; or nothing but a comment or a blank line.

    Attributes:
        line: the number of its first line, from 1 on.
        text: itself.
    """

    line: int
    text: str


#: What says where a statement ends: strings and comments as a whole, brackets, line ends.
_PIECE = r"""
    \"{3} (?: \\. | [^\\] )*? \"{3,5}
  | '{3} .*? '{3,5}
  | " (?: \\. | [^"\\\n] )* "
  | ' [^'\n]* '
  | \# [^\n]*
  | [\[\]{}\n]
"""


def statements(text: str) -> Iterator[Statement]:
    """Cut a text that is valid, at least in its strings and brackets, into its statements.

    Parameters:
        text: with line ends as Python has them.
    """
    start = line = depth = 0
    for piece in re.finditer(_PIECE, text, re.VERBOSE | re.DOTALL):
        match piece[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case "\n" if depth <= 0:
                statement = text[start : piece.end()]
                yield Statement(line + 1, statement)
                line += statement.count("\n")
                start = piece.end()
    if text[start:]:
        yield Statement(line + 1, text[start:])


def find_lines(text: str) -> dict[Path, int]:
    """Return for each table and key, by its path, the line where it first stands.

    Parameters:
        text: valid TOML, with line ends as Python has them.
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    for line, statement in statements(text):
        document = tomllib.loads(statement)
        paths = list(_paths(document, ()))
        if statement.lstrip(" \t").startswith("["):
            table = paths[-1]
        else:
            paths = [table + path for path in paths]
        for path in paths:
            lines.setdefault(path, line)
    return lines


def _paths(document: Mapping[str, Any], above: Path) -> Iterator[Path]:
    for name, value in document.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from _paths(value, (*above, name))
