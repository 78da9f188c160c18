"""A picture, read from the PPM that QEMU writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qmpshell.errors import FileError
from qmpshell.named_tuple import NamedTuple

#: No screen is larger, in pixels: 8192 x 8192. What says so is no picture of QEMU's.
MOST_PIXELS = 1 << 26

#: No file of such a picture is larger, in bytes.
MOST_BYTES = 3 * MOST_PIXELS + 4096

# QEMU writes "P6\n720 400\n255\n" (tried on 7.2); other programs write more blanks and
# comments. The numbers' length is bounded as reading them takes time by its square.
_HEADER = re.compile(rb"P6(?:\s|#[^\n]*\n)+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s")


#: Red, green and blue, from 0 to 255.
Pixel = tuple[int, int, int]


class Picture(NamedTuple):
    """A picture of red, green and blue.

    Attributes:
        width, height: in pixels.
        pixels: three bytes each, row by row from the upper left.
    """

    width: int
    height: int
    pixels: bytes

    def row(self, y: int) -> bytes:
        """Return the bytes of a row."""
        stride = 3 * self.width
        return self.pixels[y * stride : (y + 1) * stride]


def triples(pixels: bytes) -> Iterator[Pixel]:
    """Iterate over pixels, each as its three values."""
    return zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True)


def read_ppm(data: bytes) -> Picture:
    """Read a PPM (P6) of eight bits.

    Parameters:
        data: the file, which may be anything.

    Raises:
        FileError: it is no such picture, too large, or not whole.
    """
    if not data:
        raise FileError("QEMU wrote no picture: the file is empty; is it on the same host?")
    # A comment may be as long as it likes, but then it is none of QEMU's.
    header = _HEADER.match(data[:1024])
    if header is None:
        raise FileError("what QEMU wrote is no picture (no PPM)")
    width, height, depth = map(int, header.groups())
    if depth != 255 or not 0 < width * height <= MOST_PIXELS:
        raise FileError(
            f"QEMU's picture can't be shown: {width}x{height} pixels of {depth + 1} shades"
        )
    pixels = data[header.end() : header.end() + 3 * width * height]
    if len(pixels) < 3 * width * height:
        raise FileError("QEMU's picture is not whole; is there room on its disk?")
    return Picture(width, height, pixels)
