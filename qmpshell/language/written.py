"""Values as they were written, where a schema isn't asked or has nothing to say.

Between the line and its meaning, the arguments are an object whose leaves are words
(:class:`~qmpshell.language.tree.Value`) and what literals and raw JSON consist of.
"""

from __future__ import annotations

from typing import Any

from qmpshell.language.tree import Style, Value
from qmpshell.language.values import read_literal, read_value


def as_written(value: Value) -> Any:
    """Read a literal; leave a word for whoever knows its type.

    Raises:
        LineError: it is no literal.
    """
    return read_literal(value.text, value.start) if value.style is Style.BRACKETED else value


def read_untyped(written: Any) -> Any:
    """Read something written by the rules that need no schema.

    Raises:
        LineError: a word in it can't be sent.
    """
    match written:
        case Value():
            return read_value(written)
        case dict():
            return {name: read_untyped(value) for name, value in written.items()}
        case list():
            return [read_untyped(value) for value in written]
    return written


def word_of(written: Any) -> str | None:
    """Return the text of a word or a string; ``None`` when it is something else."""
    text = written.text if isinstance(written, Value) else written
    return text if isinstance(text, str) else None
