"""Schemas recorded from real servers."""

import functools
import json
import lzma
from pathlib import Path
from typing import Any

from qmpshell.schema import Schema
from qmpshell.simulator import recorded

_DATA = Path(__file__).parents[1] / "data"

VERSIONS = ("7.2", "10.0")


@functools.cache
def entries(version: str) -> list[dict[str, Any]]:
    """Return a version's answer to ``query-qmp-schema``."""
    if version == "10.0":
        return recorded.schema()
    read: list[dict[str, Any]] = json.loads(
        lzma.decompress((_DATA / f"qemu-{version}-schema.json.xz").read_bytes())
    )
    return read


@functools.cache
def schema(version: str) -> Schema:
    """Return a version's schema."""
    return Schema(entries(version))
