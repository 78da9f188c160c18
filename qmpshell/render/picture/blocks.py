"""Half blocks: two pixels in each character, one above the other, in its two colours."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

from qmpshell.render.picture.picture import Picture, Pixel, triples

_UPPER_HALF = "▀"

#: The six levels of each channel in xterm's cube of 216 colours.
_LEVELS = (0, 95, 135, 175, 215, 255)


def half_blocks(picture: Picture, *, true_colour: bool) -> str:
    """Draw a picture with characters.

    Parameters:
        picture: the picture, a column wide for each pixel and a line high for each two.
        true_colour: whether the terminal takes 24-bit colours; if not, xterm's 256.

    Returns:
        The lines, each ended, with the escape sequences that colour them.
    """
    write = _in_true_colour if true_colour else _in_256_colours
    rows = [list(triples(picture.row(y))) for y in range(picture.height)]
    pairs = itertools.zip_longest(rows[0::2], rows[1::2])
    return "".join(_line(upper, lower, write) for upper, lower in pairs)


def _line(upper: list[Pixel], lower: list[Pixel] | None, write: Callable[[Pixel], str]) -> str:
    pieces: list[str] = []
    above = below = ""
    for x, pixel in enumerate(upper):
        colour = f"38;{write(pixel)}"
        background = f"48;{write(lower[x])}" if lower else "49"
        changed = [now for now, was in ((colour, above), (background, below)) if now != was]
        if changed:
            pieces.append(f"\x1b[{';'.join(changed)}m")
        pieces.append(_UPPER_HALF)
        above, below = colour, background
    return "".join(pieces) + "\x1b[0m\n"


def _in_true_colour(pixel: Pixel) -> str:
    red, green, blue = pixel
    return f"2;{red};{green};{blue}"


@functools.lru_cache(maxsize=4096)
def _in_256_colours(pixel: Pixel) -> str:
    """Write the nearest of the cube's colours and of the 24 greys."""
    red, green, blue = (_nearest_step(value) for value in pixel)
    cube = (_LEVELS[red], _LEVELS[green], _LEVELS[blue])
    shade = min(23, max(0, round((sum(pixel) / 3 - 8) / 10)))
    grey = 8 + 10 * shade
    if _distance(pixel, (grey, grey, grey)) < _distance(pixel, cube):
        return f"5;{232 + shade}"
    return f"5;{16 + 36 * red + 6 * green + blue}"


def _nearest_step(value: int) -> int:
    return min(range(6), key=lambda step: abs(_LEVELS[step] - value))


def _distance(one: Pixel, other: Pixel) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
