"""The values that a type allows."""

from __future__ import annotations

from collections.abc import Iterator

from qmpshell.language.candidates.candidate import Candidate
from qmpshell.language.candidates.menu_text import describe_marks
from qmpshell.language.candidates.scope import choices
from qmpshell.language.candidates.spelling import write_text
from qmpshell.language.expectation import Expected
from qmpshell.schema import ArrayType, BuiltinType, EnumType, Kind, ObjectType, Type

_WORDS = {
    Kind.BOOLEAN: ("true", "false", "on", "off"),
    Kind.NULL: ("null",),
}

#: In JSON and in Python literals there are no others.
_JSON_WORDS = ("true", "false", "null")


def value_candidates(
    expected: Expected, type_: Type, *, alone: bool = False
) -> Iterator[Candidate]:
    """Offer the values of a type that can be told.

    Parameters:
        expected: what is known about the cursor.
        type_: the type.
        alone: whether the value is a word without a name.
    """
    for choice in choices(type_):
        match choice:
            case EnumType():
                string = BuiltinType(Kind.STRING)
                for value in choice.values:
                    marks = ", ".join(describe_marks(value))
                    yield write_text(value.name, marks, expected, string, alone=alone)
            case BuiltinType(kind) if not expected.quote:
                for word in _WORDS.get(kind, ()):
                    if not expected.in_json or word in _JSON_WORDS:
                        yield Candidate(word, word, kind.value if kind is Kind.BOOLEAN else "")
            case ObjectType() if expected.in_json and not expected.quote:
                yield Candidate("{", "{", "object")
            case ArrayType() if expected.in_json and not expected.quote:
                yield Candidate("[", "[", "list")


def has_names(type_: Type) -> bool:
    """Say whether values of a type can be names of things: texts, or numbers."""
    named = (Kind.STRING, Kind.INTEGER, Kind.ANY)
    return any(isinstance(c, BuiltinType) and c.kind in named for c in choices(type_))
