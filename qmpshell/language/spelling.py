"""The names that a person may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return that of ``names`` which is most like ``name``, or ``None`` when none is."""
    return next(iter(nearest_few(name, names)), None)


def nearest_few(name: str, names: Iterable[str]) -> list[str]:
    """Return the two of ``names`` that are most like ``name``, as far as any are."""
    import difflib  # slow to import, and only a mistake needs it

    # It takes time by the square of the length, and no name is as long.
    name = name[:100]
    names = list(names)
    if close := difflib.get_close_matches(name, names, n=2):
        return close
    in_lower = {each.lower(): each for each in names}
    return [in_lower[each] for each in difflib.get_close_matches(name.lower(), in_lower, n=2)]
