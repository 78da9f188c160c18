"""Which keys type a character."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

#: The names of the keys that are pressed together, those first that are held meanwhile.
Stroke = tuple[str, ...]

#: What every layout has, and no character that could stand in a table.
_SAME_EVERYWHERE = {" ": "spc", "\n": "ret", "\t": "tab", "\b": "backspace", "\x1b": "esc"}


@functools.cache
def us_layout() -> Mapping[str, Stroke]:
    """Return the strokes of the United States' keyboard, by the character that they type."""
    strokes: dict[str, Stroke] = {character: (key,) for character, key in _SAME_EVERYWHERE.items()}
    text = resources.files(__package__).joinpath("us.txt").read_text("ascii")
    for line in text.splitlines():
        if not line.startswith("# "):
            key, plain, shifted = line.split(" ")
            strokes[plain] = (key,)
            strokes[shifted] = ("shift", key)
    return strokes
