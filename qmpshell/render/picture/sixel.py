"""Sixels: six pixels of one colour, one above the other, in each character."""

from __future__ import annotations

import functools
import re

from qmpshell.render.picture.picture import Picture, Pixel, triples
from qmpshell.render.picture.size import Room, fitted, scaled

#: As many colours as terminals with sixels have at least.
_MOST_COLOURS = 256

#: How many levels of red, green and blue there are where a picture has more colours.
_LEVELS = (6, 7, 6)

#: Three equal characters or fewer are shorter as they are.
_REPEATED = re.compile(rb"(.)\1{3,}")

# A character is 63 and the bits of its six pixels, the lowest for the uppermost.
_CHARACTERS = bytes(min(63 + bits, 126) for bits in range(256))


def sixel(picture: Picture, room: Room) -> str:
    """Draw a picture with sixels.

    Parameters:
        picture: the picture.
        room: what it has to fit into.

    Returns:
        An escape sequence and the end of the line below.
    """
    picture = scaled(picture, *fitted(picture, room.width, room.height))
    colours, pixels = _indexed(picture)
    width, height = picture.width, picture.height
    size = f'"1;1;{width};{height}'
    palette = "".join(
        f"#{index};2;{_percent(red)};{_percent(green)};{_percent(blue)}"
        for index, (red, green, blue) in enumerate(colours)
    )
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    bands = "-".join(_band(rows[y : y + 6]) for y in range(0, height, 6))
    return f"\x1bP0;1q{size}{palette}{bands}\x1b\\\n"


def _percent(value: int) -> int:
    return (value * 100 + 127) // 255


def _indexed(picture: Picture) -> tuple[list[Pixel], bytes]:
    """Return the colours that the picture has, and the index of each pixel's."""
    pixels = list(triples(picture.pixels))
    colours = set(pixels)
    if len(colours) > _MOST_COLOURS:
        tables = [_rounding(levels) for levels in _LEVELS]
        red, green, blue = (picture.pixels[c::3].translate(tables[c]) for c in range(3))
        pixels = list(zip(red, green, blue, strict=True))
        colours = set(pixels)
    palette = sorted(colours)
    indices = {colour: index for index, colour in enumerate(palette)}
    return palette, bytes(map(indices.__getitem__, pixels))


def _rounding(levels: int) -> bytes:
    """Return the table that rounds a byte to one of so many levels."""
    steps = levels - 1
    return bytes(round(round(value * steps / 255) * 255 / steps) for value in range(256))


def _band(rows: list[bytes]) -> str:
    """Draw up to six rows, one colour over the other."""
    layers = [
        f"#{colour}{_repeated(_layer(rows, colour).translate(_CHARACTERS))}"
        for colour in sorted(set().union(*rows))
    ]
    return "$".join(layers)


def _layer(rows: list[bytes], colour: int) -> bytes:
    """Return the bits of one colour, a byte for each column."""
    bits = 0
    for y, row in enumerate(rows):
        bits |= int.from_bytes(row.translate(_picking(colour, 1 << y)), "big")
    return bits.to_bytes(len(rows[0]), "big")


@functools.cache
def _picking(colour: int, bit: int) -> bytes:
    """Return the table that makes a bit of one colour, and nothing of the others."""
    return bytes(bit if value == colour else 0 for value in range(256))


def _repeated(characters: bytes) -> str:
    short = _REPEATED.sub(lambda run: b"!%d%c" % (len(run[0]), run[1][0]), characters)
    return short.decode("ascii")
