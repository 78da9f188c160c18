"""Ids come back as QEMU prints them, which is not always as they were written."""

from __future__ import annotations

from typing import Any


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
