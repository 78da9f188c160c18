"""Which type of an alternate something written is of."""

from __future__ import annotations

from typing import Any

from qmpshell.errors import LineError
from qmpshell.language.misfit import Misfit, Path
from qmpshell.language.scalars import Scalar, read_scalar
from qmpshell.language.tree import Style, Value
from qmpshell.schema import AlternateType, ArrayType, BuiltinType, EnumType, Kind, ObjectType, Type
from qmpshell.schema.types import UNKNOWN
from qmpshell.schema.wording import type_phrase


def choose_type(type_: AlternateType, written: Any, path: Path) -> Type:
    """Choose a type by what JSON would call the value.

    A word is what it looks like without a schema if that is among the types, otherwise a
    string.

    Parameters:
        type_: the alternate.
        written: the value as it was written.
        path: which argument it is.

    Raises:
        Misfit: none fits.
    """
    choices = type_.choices
    for value in _readings(written, choices):
        for choice in choices:
            if _is_of(choice, value):
                return choice
    if UNKNOWN in choices:
        return UNKNOWN
    # No other of its values may be meant by a string: the message is about those there are.
    if isinstance(written, Value | str):
        for choice in choices:
            if isinstance(choice, EnumType):
                return choice
    raise Misfit(f"{type_phrase(type_)} is expected", path)


def _readings(written: Any, choices: tuple[Type, ...]) -> list[Any]:
    if not isinstance(written, Value):
        return [written]
    if written.style is Style.QUOTED or _is_value_of(choices, written.text):
        return [written.text]
    return [_scalar(written), written.text]


def _is_value_of(choices: tuple[Type, ...], text: str) -> bool:
    return any(isinstance(choice, EnumType) and text in choice.names for choice in choices)


def _scalar(word: Value) -> Scalar:
    try:
        return read_scalar(word.text, word.start)
    except LineError:  # a name may look like a number that is too large
        return word.text


def _is_of(type_: Type, value: Any) -> bool:
    """Say whether a value is of a type, as JSON tells them apart."""
    match type_, value:
        case (ObjectType(), dict()) | (ArrayType(), list()) | (BuiltinType(Kind.STRING), str()):
            return True
        case EnumType(), str():
            return value in type_.names
        case BuiltinType(Kind.BOOLEAN), bool():
            return True
        case BuiltinType(Kind.NULL), None:
            return True
        case BuiltinType(Kind.INTEGER), int():
            return not isinstance(value, bool)
        case BuiltinType(Kind.NUMBER), int() | float():
            return not isinstance(value, bool)
    return False
