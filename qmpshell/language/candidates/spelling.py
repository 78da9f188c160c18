"""How a name or a value is written at the cursor: bare, in quotes, or behind an open quote."""

from __future__ import annotations

import json
import re

from qmpshell.language.candidates.candidate import Candidate
from qmpshell.language.expectation import Expected
from qmpshell.language.scalars import is_constant, is_number
from qmpshell.schema import BuiltinType, Kind, Type
from qmpshell.schema.types import UNKNOWN

#: What stays whole as a bare word behind ``name=``.
_BARE = re.compile(r"""(?!json:\{|[{\[])[^\s"']+""")

#: What is read as a value without a name, and as nothing else.
_BARE_ALONE = re.compile(r"(?!--|[();]$)[^=]+")

_UNQUOTED = frozenset(BuiltinType(kind) for kind in (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN))


def write_text(
    name: str, menu_text: str, expected: Expected, type_: Type = UNKNOWN, *, alone: bool = False
) -> Candidate:
    """Write a text as a value.

    Parameters:
        name: the text.
        menu_text: what stands beside it.
        expected: what is known about the cursor.
        type_: the type of the value: only what stands for a text needs quotes.
        alone: whether it is a word without a name.
    """
    if expected.quote:
        return Candidate(name, _escape(name, expected.quote), menu_text, expected.quote)
    if type_ in _UNQUOTED:
        return Candidate(name, name, menu_text)
    quoted = f'"{_escape(name, chr(34))}"'
    if expected.in_json:
        return Candidate(name, quoted, menu_text)
    # What a text looks like matters only where the schema doesn't say that it is one.
    ambiguous = type_ != BuiltinType(Kind.STRING) and (is_number(name) or is_constant(name))
    bare = _BARE.fullmatch(name) and not (alone and not _BARE_ALONE.fullmatch(name))
    return Candidate(name, name if bare and not ambiguous else quoted, menu_text)


def write_key(name: str, menu_text: str, expected: Expected) -> Candidate:
    """Write the name of a member in JSON."""
    if expected.quote:
        return Candidate(name, _escape(name, expected.quote), menu_text, f"{expected.quote}: ")
    return Candidate(name, f'"{_escape(name, chr(34))}"', menu_text, ": ")


def _escape(text: str, quote: str) -> str:
    escaped = json.dumps(text)[1:-1]
    return escaped if quote == '"' else escaped.replace('\\"', '"').replace("'", "\\'")
