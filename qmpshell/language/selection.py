"""Which part of a reply is wanted: an expression in JMESPath (https://jmespath.org).

The library that knows the language is imported when an expression is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qmpshell.errors import LineError, UsageError
from qmpshell.language.faults import printable, shown
from qmpshell.language.spelling import nearest
from qmpshell.named_tuple import NamedTuple

if TYPE_CHECKING:
    from jmespath.exceptions import ParseError


class Selection(NamedTuple):
    """An expression that was understood. :func:`read_selection` makes it.

    Attributes:
        expression: its text.
    """

    expression: str

    def apply(self, value: Any) -> Any:
        """Return what the expression selects of a value; ``None`` where there is nothing.

        Parameters:
            value: what :func:`json.loads` returned.

        Raises:
            UsageError: the expression doesn't suit the value.
        """
        import jmespath

        try:
            selected = jmespath.search(self.expression, value)
            # A reference to an expression and a number like infinity are values there, too.
            json.dumps(selected, allow_nan=False)
        except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
            raise UsageError(f"--select {shown(self.expression)}: {_reason(error)}") from None
        return selected


def read_selection(text: str) -> Selection:
    """Understand an expression.

    Parameters:
        text: the expression.

    Raises:
        LineError: it can't be understood, or calls a function that isn't there.
    """
    import jmespath
    from jmespath.exceptions import ParseError

    if not text.strip():
        raise LineError("a JMESPath expression is expected", 0, len(text))
    try:
        tree = jmespath.compile(text).parsed
        _check_functions(text, tree)
    except ParseError as error:
        raise _misread(text, error) from None
    except RecursionError:
        raise LineError("the expression is nested too deep", 0, len(text)) from None
    return Selection(text)


def _misread(text: str, error: ParseError) -> LineError:
    """Say what the library found wrong, where it found it."""
    from jmespath.exceptions import IncompleteExpressionError, LexerError

    start = error.lex_position
    if isinstance(error, LexerError):
        if text.startswith("-", start):
            message = 'in JMESPath, a name with - in it stands in double quotes: "node-name"'
            return LineError(message, start, start + 1)
        message = f"this is no JMESPath: {error.message[:1].lower()}{error.message[1:]}"
        return LineError(printable(message), start, start + 1)
    if isinstance(error, IncompleteExpressionError) or start >= len(text):
        return LineError("the JMESPath expression isn't complete", len(text), len(text))
    end = min(start + max(1, len(str(error.token_value))), len(text))
    return LineError("in JMESPath, this can't stand here", start, end)


def _check_functions(text: str, tree: Any) -> None:
    """Refuse what the library would only find out from a value."""
    from jmespath.functions import Functions

    known: dict[str, Any] = Functions.FUNCTION_TABLE
    for name, count in _calls(tree):
        found = re.search(rf"(?<!\w){name}(?=\s*\()", text)
        start, end = found.span() if found else (0, len(text))
        if name not in known:
            meant = nearest(name, known)
            hint = f"nearest: {meant}" if meant else f"there are: {', '.join(sorted(known))}"
            raise LineError(f"JMESPath has no such function; {hint}", start, end)
        signature = known[name]["signature"]
        least, open_end = len(signature), bool(signature and signature[-1].get("variadic"))
        if count < least or (count > least and not open_end):
            several = "" if least == 1 else "s"
            wanted = f"{'at least ' if open_end else ''}{least} argument{several}"
            raise LineError(f"{name}() takes {wanted}, not {count}", start, end)


def _calls(tree: Any) -> Iterator[tuple[str, int]]:
    """Yield the functions that an expression calls, with the number of their arguments."""
    match tree:
        case {"type": "function_expression", "value": name, "children": children}:
            yield name, len(children)
            yield from _calls(children)
        case {"children": children}:
            yield from _calls(children)
        case list():
            for child in tree:
                yield from _calls(child)


def _reason(error: Exception) -> str:
    from jmespath.exceptions import JMESPathTypeError

    if isinstance(error, JMESPathTypeError):
        expected = " or ".join(error.expected_types)
        return f"{error.function_name}() takes {expected}, not {error.actual_type}"
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return "it doesn't suit the reply"
