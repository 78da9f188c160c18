"""How large a picture is shown, and the picture in another size."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from qmpshell.named_tuple import NamedTuple
from qmpshell.render.picture.picture import Picture

#: More rows of a picture than this say no more about one row of a small one.
_MOST_ROWS_READ = 8


class Room(NamedTuple):
    """The part of a terminal that a picture may take.

    Attributes:
        columns, lines: in cells.
        cell_width, cell_height: of a cell, in pixels, where the terminal says so. Else as
            those of the VT340, the first terminal that drew sixels.
    """

    columns: int
    lines: int
    cell_width: int = 10
    cell_height: int = 20

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return self.columns * self.cell_width

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return self.lines * self.cell_height

    def cells(self, width: int, height: int) -> tuple[int, int]:
        """Return how many columns and lines so many pixels take."""
        columns = -(-width // self.cell_width)
        lines = -(-height // self.cell_height)
        return min(columns, self.columns), min(lines, self.lines)


def fitted(picture: Picture, width: int, height: int) -> tuple[int, int]:
    """Return the largest size in which a picture keeps its shape and fits, never enlarged.

    Parameters:
        picture: the picture.
        width, height: what it has to fit into, in pixels.

    Returns:
        Width and height, at least 1 each.
    """
    if picture.width <= width and picture.height <= height:
        return picture.width, picture.height
    if picture.width * height > picture.height * width:
        return max(1, width), max(1, round(picture.height * width / picture.width))
    return max(1, round(picture.width * height / picture.height)), max(1, height)


def scaled(picture: Picture, width: int, height: int) -> Picture:
    """Return the picture made smaller: each pixel is the mean of those it stands for.

    Parameters:
        picture: the picture.
        width, height: of the new one, in pixels; not larger than the picture's.
    """
    if (width, height) == (picture.width, picture.height):
        return picture
    columns = [_span(x, width, picture.width) for x in range(width)]
    rows = (_row(picture, columns, *_span(y, height, picture.height)) for y in range(height))
    return Picture(width, height, b"".join(rows))


def _span(index: int, count: int, whole: int) -> tuple[int, int]:
    """Return from where to where a part of a whole goes that is cut into so many."""
    return index * whole // count, (index + 1) * whole // count


def _row(picture: Picture, columns: list[tuple[int, int]], first: int, last: int) -> bytes:
    """Return the row that stands for some rows of the picture, and for these columns."""
    step = -(-(last - first) // _MOST_ROWS_READ)
    numbers = range(first, last, step)
    count = len(numbers)
    sums: Sequence[int] = picture.row(first)
    if count > 1:
        sums = [sum(values) for values in zip(*map(picture.row, numbers), strict=True)]
    row = bytearray(3 * len(columns))
    for channel in range(3):
        totals = [0, *itertools.accumulate(sums[channel::3])]
        row[channel::3] = bytes(
            (totals[right] - totals[left]) // ((right - left) * count) for left, right in columns
        )
    return bytes(row)
