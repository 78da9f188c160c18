"""Ids: short ones of our own, and how one comes back.

QEMU reads a request a byte at a time, 4 to 7 µs each (tried on 7.2), so that an id as long
as a UUID would take as long as a small command itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BITS = 30


def short_ids() -> Iterator[str]:
    """Count from anywhere, in 5 digits to the base of 64, without an end.

    As nobody can guess where, neither the client before us nor the one that shares a server
    with us through a relay has used the ids of the few requests that wait at a time.
    """
    number = int.from_bytes(os.urandom(4), "big")
    while True:
        number = (number + 1) % (1 << _BITS)
        yield "".join([_DIGITS[number >> shift & 63] for shift in (24, 18, 12, 6, 0)])


def is_echo(sent: Any, echoed: Any) -> bool:
    """Say whether an id that came back is one that was sent.

    QEMU prints ``1.0`` as ``1``, and ``1`` is not ``true``, which Python finds equal.
    """
    if isinstance(sent, str) or isinstance(echoed, str):
        return bool(sent == echoed)
    return _written(sent) == _written(echoed)


def as_printed(value: Any) -> Any:
    """Return a value as QEMU prints it: ``1.0`` as ``1`` (tried on 7.2)."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [as_printed(item) for item in value]
        case dict():
            return {name: as_printed(item) for name, item in value.items()}
    return value


def _written(value: Any) -> str:
    return json.dumps(as_printed(value), sort_keys=True)
