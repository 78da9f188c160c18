"""Python's lists and dictionaries → values.

QEMU's own shell takes them, as they are what its output looked like. Only what JSON has
is taken: no tuples, sets, bytes or complex numbers; ``true``, ``false`` and ``null`` are
as good as Python's own names.

Python's parser is left with harmless texts only. Before it sees one, the text must consist
of literals in their order, since long chains of operators and the like can exhaust its stack.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.scalars import check_float, check_integer

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n]++)"
    r"|(?P<open>[{\[])"
    r"|(?P<close>[}\]])"
    r"|(?P<between>[,:])"
    r"""|(?P<string>[rRuU]?(?:"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'))"""
    r"|(?P<word>(?:True|False|None|true|false|null|"
    r"[+-]?(?:0[xXoObB][0-9a-fA-F_]+|[0-9][0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9]+)?"
    r"|\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?))(?![\w.]))"
)

_NAMES = {"true": True, "false": False, "null": None}
_LINE_ENDS = str.maketrans("\r\n", "  ")


def read_python_literal(text: str, start: int) -> Any:
    """Read a list or a dictionary whose brackets are known to match.

    Parameters:
        text: the literal.
        start: where it stands.

    Raises:
        LineError: it is no such literal, or holds what JSON doesn't have.
    """
    _check_tokens(text, start)
    return _Reader(text, start).read()


def _check_tokens(text: str, start: int) -> None:
    position = 0
    after: str | None = None
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or (after in ("string", "word", "close") and _begins_value(token, after)):
            raise _no_literal(start + position, start + position + 1)
        if token.lastgroup != "blank":
            after = token.lastgroup
        position = token.end()


def _begins_value(token: re.Match[str], after: str) -> bool:
    if token.lastgroup == "string":  # Python joins strings that stand side by side
        return after != "string"
    return token.lastgroup in ("word", "open")


def _no_literal(start: int, end: int) -> LineError:
    message = "neither JSON nor a Python literal; quote all of it to send it as text"
    return LineError(message, start, end)


class _Reader:
    """Reads what Python's parser made of a text."""

    def __init__(self, text: str, start: int) -> None:
        # Outside of strings a line's end is a blank; on one line, columns are positions.
        self._text = text.translate(_LINE_ENDS)
        self._start = start

    def read(self) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # an escape that there isn't, in most cases
                tree = ast.parse(self._text, mode="eval")
            return self._value(tree.body)
        except SyntaxError as error:
            place = min(max(error.offset or 1, 1), len(self._text)) - 1
            raise _no_literal(self._start + place, self._start + place + 1) from None
        except (ValueError, MemoryError, RecursionError):
            raise _no_literal(self._start, self._start + len(self._text)) from None

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=None | bool() | str()):
                return node.value
            case ast.Constant(value=int() | float()):
                return self._number(node, node.value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return self._number(node, -number)
            case ast.UnaryOp(op=ast.UAdd(), operand=ast.Constant(value=int() | float() as number)):
                return self._number(node, number)
            case ast.Name(id=name) if name in _NAMES:
                return _NAMES[name]
            case ast.List(elts=elements):
                return [self._value(element) for element in elements]
            case ast.Dict(keys=keys, values=values):
                return self._members(keys, values)
        raise _no_literal(*self._place(node))

    def _number(self, node: ast.expr, number: Any) -> int | float:
        try:
            if isinstance(number, int):
                return check_integer(number, 0, 0)
            return check_float(number, 0, 0)
        except LineError as error:  # the place takes time, and most numbers are right
            raise LineError(error.message, *self._place(node)) from None

    def _members(self, keys: Any, values: Any) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, value in zip(keys, values, strict=True):
            name = self._value(key)
            if not isinstance(name, str):
                raise LineError("a member's name is a string", *self._place(key))
            if name in members:
                raise LineError(f"{shown(name)} is there twice", *self._place(key))
            members[name] = self._value(value)
        return members

    def _place(self, node: ast.expr) -> tuple[int, int]:
        """Say where a node stands, from the parser's columns in UTF-8."""
        line = self._text.encode("utf-8")
        start = len(line[: node.col_offset].decode("utf-8"))
        end = len(line[: node.end_col_offset].decode("utf-8"))
        return self._start + start, self._start + end
