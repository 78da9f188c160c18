"""The schema-less rules: what a value means when only its text says so."""

from __future__ import annotations

import json
from typing import Any

from qmpshell.language.scalars import read_scalar
from qmpshell.language.tree import Style, Value


def read_value(value: Value) -> Any:
    """Read a value by how it was written and what it looks like.

    Raises:
        LineError: it looks like a number or a literal, and can't be sent as one.
    """
    if value.style is Style.QUOTED:
        return value.text
    if value.style is Style.BRACKETED:
        return read_literal(value.text, value.start)
    return read_scalar(value.text, value.start)


def read_literal(text: str, start: int) -> Any:
    """Read a text in brackets as JSON, or else as a Python literal.

    Raises:
        LineError: it is neither, or can't be sent.
    """
    # Few lines need it, and a command that is run once waits for every import.
    from qmpshell.language.json_text import check_json, decode_json

    try:
        literal = decode_json(text)
    except json.JSONDecodeError:
        from qmpshell.language.python_literals import read_python_literal

        return read_python_literal(text, start)
    check_json(text, start)
    return literal
