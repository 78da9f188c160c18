"""``?ca=FILE&hostname=NAME``: what stands behind a ``tls:`` address. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from qmpshell.errors import AddressError

_NAMES = ("ca", "cert", "key", "hostname", "verify")
_SWITCH = {"on": True, "off": False}

#: What is mostly written as it is, though it needn't be.
_PLAIN = "/:@,+=~"


def read_options(query: str) -> dict[str, Any]:
    """Read what stands behind the question mark.

    Parameters:
        query: pairs of a name and a value, with ``&`` between them; in a value, ``%`` and two
            hexadecimal digits are a byte, so that ``%26`` is an ``&``.

    Raises:
        AddressError: an option that there isn't, or a value that it can't have.
    """
    options: dict[str, Any] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name not in _NAMES:
            raise AddressError(
                f"a tls: address has no option {name!a}: it has {', '.join(_NAMES)}, as in"
                " tls:HOST:PORT?ca=FILE&hostname=NAME"
            )
        if name in options:
            raise AddressError(f"{name}= stands twice in this tls: address")
        options[name] = _read_value(name, unquote(value, errors="surrogateescape"))
    if "key" in options and "cert" not in options:
        raise AddressError("key= is of use only with cert=, the certificate that belongs to it")
    return options


def _read_value(name: str, value: str) -> str | bool:
    if name == "verify":
        if value not in _SWITCH:
            raise AddressError(f"verify={value!a}: verify=on or verify=off is expected")
        return _SWITCH[value]
    if not value:
        raise AddressError(f"{name}= has no value in this tls: address")
    if "\0" in value:
        raise AddressError("an address can't hold a NUL character")
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise AddressError(f"{name}={value!a}: that is no text") from None
    return value


def write_options(values: Mapping[str, Any]) -> str:
    """Return what stands behind an address with these options, the question mark as well.

    Parameters:
        values: the options that aren't as they always are, by their names, and perhaps others.
    """
    texts = {name: values[name] for name in _NAMES[:-1] if values.get(name)}
    pairs = [
        f"{name}={quote(text, safe=_PLAIN, errors='surrogateescape')}"
        for name, text in texts.items()
    ]
    if not values.get("verify", True):
        pairs.append("verify=off")
    return f"?{'&'.join(pairs)}" if pairs else ""
