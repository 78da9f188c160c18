"""iTerm2's inline images, which WezTerm and mintty show as well."""

from __future__ import annotations

import base64

from qmpshell.render.picture.picture import Picture
from qmpshell.render.picture.png import png
from qmpshell.render.picture.size import Room, fitted


def iterm(picture: Picture, room: Room) -> str:
    """Draw a picture as an inline image; the terminal scales it.

    Parameters:
        picture: the picture.
        room: what it has to fit into.

    Returns:
        An escape sequence and the end of the line below.
    """
    columns, lines = room.cells(*fitted(picture, room.width, room.height))
    file = png(picture)
    options = f"size={len(file)};inline=1;width={columns};height={lines};preserveAspectRatio=1"
    return f"\x1b]1337;File={options}:{base64.standard_b64encode(file).decode('ascii')}\x07\n"
