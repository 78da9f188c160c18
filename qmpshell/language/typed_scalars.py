"""A word whose type is known → what is sent."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from qmpshell.language.faults import shown
from qmpshell.language.misfit import Misfit, Path, dotted
from qmpshell.language.scalars import MAX_INTEGER, MIN_INTEGER, Scalar
from qmpshell.language.spelling import nearest_few
from qmpshell.schema import BuiltinType, EnumType, Kind
from qmpshell.schema.wording import is_short, listed

_BOOLEANS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
_NULLS = ("null", "None")

_DECIMAL = r"[+-]?[0-9]++"
_HEXADECIMAL = r"[+-]?0[xX][0-9a-fA-F]++"
_SIZE = r"([+-]?[0-9]++)(?:\.([0-9]++))?([KMGTPEkmgtpe])"
_NUMBER = r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"

#: More digits than 64 bits have are an error, and thousands are one in Python, too.
_MOST_DIGITS = 40


def read_word(type_: BuiltinType | EnumType, text: str, path: Path) -> Scalar:
    """Read a word.

    Parameters:
        type_: what it has to be; not ``ANY``.
        text: the word.
        path: which argument it is.

    Raises:
        Misfit: it is something else.
    """
    if isinstance(type_, EnumType):
        check_value(type_, text, path)
        return text
    match type_.kind:
        case Kind.INTEGER:
            return _read_integer(text, path)
        case Kind.NUMBER:
            return _read_number(text, path)
        case Kind.BOOLEAN if text.lower() in _BOOLEANS:
            return _BOOLEANS[text.lower()]
        case Kind.BOOLEAN:
            raise Misfit("a boolean is expected: true, false, on, off", path)
        case Kind.NULL if text in _NULLS:
            return None
        case Kind.NULL:
            raise Misfit("null is expected", path)
    return text


def check_value(type_: EnumType, text: str, path: Path) -> None:
    """Refuse what is none of an enumeration's values.

    Raises:
        Misfit: it is none of them.
    """
    if text in type_.names:
        return
    if is_short(type_):
        raise Misfit(f"expected: {listed(type_.names, 'or')}", path)
    raise Misfit(f"{dotted(path)} can't be {shown(text)}{_others(text, type_.names)}", path)


def _others(text: str, names: Sequence[str]) -> str:
    if meant := nearest_few(text, names):
        return f"; nearest: {', '.join(meant)}"
    return f"; expected: {', '.join(names[:3])}, ..."


def _read_integer(text: str, path: Path) -> int:
    number = None
    if re.fullmatch(_DECIMAL, text):
        number = int(text) if len(text) <= _MOST_DIGITS else MAX_INTEGER + 1
    elif len(text) <= _MOST_DIGITS:
        number = int(text, 16) if re.fullmatch(_HEXADECIMAL, text) else _read_size(text, path)
    if number is None:
        raise Misfit("an integer is expected, such as 4096, 0x1000 or 4G", path)
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        raise Misfit("an integer of 64 bits is expected", path)
    return number


def _read_size(text: str, path: Path) -> int | None:
    """Read a number with a letter for a power of 1024; return ``None`` for anything else."""
    size = re.fullmatch(_SIZE, text)
    if size is None:
        return None
    fraction = size[2] or ""
    exponent: int = 10 * ("KMGTPE".index(size[3].upper()) + 1)
    scaled = int(size[1] + fraction) << exponent
    divisor: int = 10 ** len(fraction)
    number, rest = divmod(scaled, divisor)
    if rest:
        raise Misfit(f"an integer is expected, and {text} is none", path)
    return number


def _read_number(text: str, path: Path) -> int | float:
    if len(text) <= _MOST_DIGITS and re.fullmatch(_DECIMAL, text):
        integer = int(text)
        if MIN_INTEGER <= integer <= MAX_INTEGER:
            return integer
    if re.fullmatch(_NUMBER, text) and math.isfinite(number := float(text)):
        return number
    raise Misfit("a number is expected", path)
