"""Bare words and numbers → scalars, where no schema says what they are.

What JSON would call a number is one, and nothing else is: ``01`` and ``1_000`` are names
of things more often than numbers.
"""

from __future__ import annotations

import math
import re

from qmpshell.errors import LineError

#: What QEMU reads as an integer; beyond, it would round to a float.
MIN_INTEGER = -(2**63)
MAX_INTEGER = 2**64 - 1

_LONGEST_INTEGER = len(str(MAX_INTEGER)) + 1

_INTEGER = r"[+-]?(?:0|[1-9][0-9]*)"
_FLOAT = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"

_BOOLEANS = {"true": True, "false": False}
_NULLS = ("null", "None")

Scalar = str | int | float | bool | None


def read_scalar(text: str, start: int) -> Scalar:
    """Read a bare word.

    Parameters:
        text: the word.
        start: where it stands.

    Raises:
        LineError: a number that can't be sent.
    """
    if text in _NULLS:
        return None
    if text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if re.fullmatch(_INTEGER, text):
        return read_integer(text, start)
    if re.fullmatch(_FLOAT, text):
        return check_float(float(text), start, start + len(text))
    return text


def is_number(text: str) -> bool:
    """Say whether a bare word is a number, be it one that can't be sent."""
    return bool(re.fullmatch(_INTEGER, text) or re.fullmatch(_FLOAT, text))


def is_constant(text: str) -> bool:
    """Say whether a bare word is a boolean or null."""
    return text in _NULLS or text.lower() in _BOOLEANS


def read_integer(text: str, start: int) -> int:
    """Read decimal digits with their sign, however many there are.

    Raises:
        LineError: it is beyond 64 bits.
    """
    end = start + len(text)
    if len(text) > _LONGEST_INTEGER:  # Python refuses to read thousands of digits
        raise _out_of_range(start, end)
    return check_integer(int(text), start, end)


def check_integer(number: int, start: int, end: int) -> int:
    """Refuse an integer that QEMU would round."""
    if MIN_INTEGER <= number <= MAX_INTEGER:
        return number
    raise _out_of_range(start, end)


def check_float(number: float, start: int, end: int) -> float:
    """Refuse a float that JSON can't write."""
    if math.isfinite(number):
        return number
    raise LineError("this number is too large to be sent", start, end)


def _out_of_range(start: int, end: int) -> LineError:
    return LineError("an integer beyond 64 bits can't be sent; quote it as text", start, end)
