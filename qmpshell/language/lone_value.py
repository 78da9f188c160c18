"""A value that stands alone, as ``qom-set PATH.PROPERTY VALUE`` has one."""

from __future__ import annotations

from typing import Any

from qmpshell.language.brackets import CLOSING
from qmpshell.language.fitting import Fitting
from qmpshell.language.misfit import Misfit
from qmpshell.language.places import WordPlaces, place_misfit
from qmpshell.language.quotes import QUOTES, find_closing_quote, unquote
from qmpshell.language.tree import Argument, Name, Style, Value
from qmpshell.language.words import split_value
from qmpshell.language.written import as_written
from qmpshell.schema import BuiltinType, Kind, Member, ObjectType, Type
from qmpshell.schema.types import UNKNOWN


def read_lone_value(text: str, start: int, name: str, type_: Type) -> Any:
    """Read a value that another shell has split off.

    Where nothing is known of its type, it is read as an argument of the type ``any`` is:
    what looks like JSON or a Python literal, a text in quotes too, is one, and everything
    else is a text.

    What stands in brackets may be of any type unless a text is wanted: QEMU calls also a
    list of integers ``int`` (``host-nodes`` of a ``memory-backend-ram``, tried on 7.2).

    Parameters:
        text: all of it.
        start: where it stands in the text that positions refer to.
        name: what it is the value of.
        type_: what it has to be.

    Raises:
        LineError: it is something else, or can't be sent.
    """
    if text[:1] in CLOSING and type_ != BuiltinType(Kind.STRING):
        type_ = UNKNOWN
    value = _as_value(text, start, known=type_ != UNKNOWN)
    argument = Argument((Name(name, start, value.end),), value)
    fitting = Fitting(name, strict=False, checked=True)
    try:
        arguments = {name: as_written(value)}
        return fitting.fit_arguments(ObjectType((Member(name, lambda: type_),)), arguments)[name]
    except Misfit as misfit:
        raise place_misfit(misfit, WordPlaces((argument,), value.end)) from None


def _as_value(text: str, start: int, *, known: bool) -> Value:
    end = start + len(text)
    if known:
        return Value(text, Style.BARE, start, end)
    if text and text[0] in QUOTES and find_closing_quote(text, 0) == len(text) - 1:
        return Value(unquote(text, 0, len(text)), Style.QUOTED, start, end)
    value, fault = split_value(text, start)
    if fault:
        raise fault
    return value
