"""Which of many names fit what was typed, best first."""

from __future__ import annotations

from collections.abc import Iterable


def fitting(typed: str, names: Iterable[str]) -> list[str]:
    """Return the names that fit, best first.

    Those that hold what was typed come in this order: those that begin so, then the
    others, the nearer to the front the better. Only when there are none are those
    offered that hold the typed characters scattered, the closer together the better. Among
    equals, the order is the given one.

    Parameters:
        typed: what was typed of the name; upper and lower case don't matter.
        names: the names there are.
    """
    if not typed:
        return list(names)
    typed = typed.lower()
    spreads = {name: _least_spread(typed, name.lower()) for name in names}
    fits = ((spread, name) for name, spread in spreads.items() if spread)
    ranked = sorted(fits, key=lambda fit: fit[0])
    whole = [name for (length, _), name in ranked if length == len(typed)]
    return whole or [name for _, name in ranked]


def _least_spread(typed: str, name: str) -> tuple[int, int] | None:
    """Find the typed characters in the name; return how far they spread, and from where."""
    spreads: list[tuple[int, int]] = []
    start = name.find(typed[:1])
    while start != -1:
        end = _end_of_scattered(typed, name, start)
        if end is None:
            break
        spreads.append((end - start, start))
        start = name.find(typed[:1], start + 1)
    return min(spreads, default=None)


def _end_of_scattered(typed: str, name: str, start: int) -> int | None:
    position = start
    for character in typed:
        position = name.find(character, position) + 1
        if position == 0:
            return None
    return position
