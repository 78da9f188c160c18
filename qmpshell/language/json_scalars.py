"""A scalar of JSON whose type is known: it is of that type already, or wrong."""

from __future__ import annotations

from typing import Any

from qmpshell.language.misfit import Misfit, Path
from qmpshell.language.typed_scalars import check_value
from qmpshell.schema import BuiltinType, EnumType, Kind
from qmpshell.schema.wording import type_phrase

_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.STRING: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: (bool,),
    Kind.NULL: (type(None),),
}


def check_scalar(type_: BuiltinType | EnumType, value: Any, path: Path) -> None:
    """Refuse a value of another type.

    Parameters:
        type_: what it has to be; not ``ANY``.
        value: the value.
        path: which argument it is.

    Raises:
        Misfit: it is something else.
    """
    if isinstance(type_, EnumType) and isinstance(value, str):
        check_value(type_, value, path)
        return
    kind = Kind.STRING if isinstance(type_, EnumType) else type_.kind
    # In Python a boolean is an integer, in JSON it is none.
    if isinstance(value, _TYPES[kind]) and (kind is Kind.BOOLEAN or not isinstance(value, bool)):
        return
    raise Misfit(f"{type_phrase(type_)} is expected, not {_phrase(value)}", path)


def _phrase(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case float():
            return "a number with a fraction or an exponent"
        case str():
            return "a string"
        case list():
            return "a list"
    return "an object"
