"""The types of devices that a QEMU survives being asked about."""

from __future__ import annotations

import functools
from importlib import resources


@functools.cache
def harmless_types() -> frozenset[str]:
    """Return those that were tried on real QEMUs, by ``scripts/try_types.py``."""
    text = resources.files(__package__).joinpath("harmless-types.txt").read_text("ascii")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
