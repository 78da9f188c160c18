"""JSON → values, strictly: what QEMU would refuse or take for something else is refused here.

Python's reader is fast but forgiving, and says where a mistake is only for syntax. So it
reads, and :func:`check_json` then walks over the text once for what it forgives.
"""

from __future__ import annotations

import json
import re
from typing import Any

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.scalars import check_float, read_integer

# In JSON that was read without an error: whatever is not one of these needs no look.
_NOTEWORTHY = re.compile(
    r'"(?P<string>[^"\\]*(?:\\.[^"\\]*)*)"(?P<key>\s*:)?'
    r"|(?P<number>-?[0-9][0-9.eE+-]*+)"
    r"|(?P<constant>NaN|-?Infinity)"
    r"|(?P<brace>[{}])"
)

_PYTHON_CONSTANTS = ("True", "False", "None")

# Thousands of digits are an error in Python without a place in it; check_json has the place.
_DECODER = json.JSONDecoder(parse_int=lambda digits: int(digits[:30]))


def read_json(text: str, start: int) -> Any:
    """Read JSON whose brackets are known to match.

    Parameters:
        text: the JSON.
        start: where it stands.

    Raises:
        LineError: it is no JSON, or JSON that QEMU would not take as it is.
    """
    try:
        value = decode_json(text)
    except json.JSONDecodeError as error:
        position = start + error.pos
        end = start + min(error.pos + 1, len(text))
        raise LineError(f"no JSON: {_explain(error)}", position, end) from None
    check_json(text, start)
    return value


def decode_json(text: str) -> Any:
    """Read JSON as Python does.

    Raises:
        json.JSONDecodeError: it is no JSON.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:  # only under a stack that is nearly full already
        raise json.JSONDecodeError("nested too deep", text, 0) from None


def check_json(text: str, start: int) -> None:
    """Refuse what Python forgives, in a text that it has read.

    Raises:
        LineError: a key is there twice, a number can't be sent, or NaN stands for one.
    """
    keys: list[set[str]] = []
    for found in _NOTEWORTHY.finditer(text):
        position, end = start + found.start(), start + found.end()
        if found["brace"] == "{":
            keys.append(set())
        elif found["brace"]:
            keys.pop()
        elif found["key"]:
            key_end = end - len(found["key"])
            _check_key(text[found.start() : key_end - start], keys[-1], position, key_end)
        elif found["number"]:
            _check_number(found["number"], position, end)
        elif found["constant"]:
            raise LineError(f"JSON has no {found['constant']}", position, end)


def _check_key(quoted: str, keys: set[str], start: int, end: int) -> None:
    key = json.loads(quoted) if "\\" in quoted else quoted[1:-1]
    if key in keys:
        raise LineError(f"{shown(key)} is there twice", start, end)
    keys.add(key)


def _check_number(text: str, start: int, end: int) -> None:
    if text.lstrip("-").isdecimal():
        read_integer(text, start)
    else:
        check_float(float(text), start, end)


def _explain(error: json.JSONDecodeError) -> str:
    if error.doc.startswith("'", error.pos):
        return "its strings are in double quotes"
    if error.doc.startswith(_PYTHON_CONSTANTS, error.pos):
        return "its constants are true, false and null"
    return error.msg[0].lower() + error.msg[1:]
