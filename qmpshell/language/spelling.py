"""The name that a person may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return that of ``names`` which is most like ``name``, or ``None`` when none is."""
    import difflib  # slow to import, and only a mistake needs it

    return next(iter(difflib.get_close_matches(name, names, n=1)), None)
