"""The types of objects' properties, as ``qom-list`` names them."""

from __future__ import annotations

import re

from qmpshell.schema.types import UNKNOWN, BuiltinType, Kind

#: ``int32``, ``uint8``, ``size``; one property of 7.2 has C's ``uint64_t``.
_INTEGER = r"u?int(8|16|32|64)?(_t)?|size"

_KINDS = {
    "bool": Kind.BOOLEAN,
    "str": Kind.STRING,
    "string": Kind.STRING,
    "number": Kind.NUMBER,
    "double": Kind.NUMBER,
}


def property_type(name: str) -> BuiltinType:
    """Return what a property of this type takes.

    The names are QEMU's own inside and in no schema; those of enumerations and structures
    (``OnOffAuto``, ``struct tm``) say nothing about their values. (Tried on 7.2.)

    Parameters:
        name: the type, such as ``uint32``.

    Returns:
        The type; the unknown one for every other name.
    """
    if name.startswith("link<"):
        return BuiltinType(Kind.STRING)
    if re.fullmatch(_INTEGER, name):
        return BuiltinType(Kind.INTEGER)
    return BuiltinType(_KINDS[name]) if name in _KINDS else UNKNOWN
