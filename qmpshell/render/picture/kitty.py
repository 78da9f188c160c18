"""kitty's graphics protocol, which Ghostty and Konsole speak as well."""

from __future__ import annotations

import base64
import zlib

from qmpshell.render.picture.picture import Picture
from qmpshell.render.picture.size import Room, fitted

#: As much as one escape sequence may hold.
_CHUNK = 4096


def kitty(picture: Picture, room: Room) -> str:
    """Draw a picture with kitty's graphics protocol; the terminal scales it.

    Parameters:
        picture: the picture.
        room: what it has to fit into.

    Returns:
        Escape sequences and the end of the line below. The terminal answers none of them,
        as an answer would be taken for typed keys.
    """
    columns, lines = room.cells(*fitted(picture, room.width, room.height))
    data = base64.standard_b64encode(zlib.compress(picture.pixels)).decode("ascii")
    chunks = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    # a=T: transmit and show; f=24: RGB; o=z: compressed; q=2: answer nothing; m=1: more comes
    keys = f"a=T,f=24,s={picture.width},v={picture.height},o=z,c={columns},r={lines},q=2,"
    sequences: list[str] = []
    for number, chunk in enumerate(chunks, 1):
        sequences.append(f"\x1b_G{keys}m={int(number < len(chunks))};{chunk}\x1b\\")
        keys = "q=2,"
    return "".join(sequences) + "\n"
