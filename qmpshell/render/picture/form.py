"""Which form a terminal shows a picture in, and the picture in it."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping

from qmpshell.render.picture.blocks import half_blocks
from qmpshell.render.picture.iterm import iterm
from qmpshell.render.picture.kitty import kitty
from qmpshell.render.picture.picture import Picture
from qmpshell.render.picture.sixel import sixel
from qmpshell.render.picture.size import Room, fitted, scaled


class Form(enum.Enum):
    """How a picture goes to a terminal; the values are what a person writes."""

    KITTY = "kitty"
    ITERM = "iterm"
    SIXEL = "sixel"
    BLOCKS = "blocks"


#: Terminals that show sixels and say their name in TERM.
_SIXEL_TERMS = re.compile(r"foot|contour|mlterm|yaft")

#: Terminals that have no colours, or whose width can't be relied on.
_PLAIN_TERMS = re.compile(r"(dumb|unknown|vt\d+|)(-.*)?")


def form_for(env: Mapping[str, str]) -> Form | None:
    """Say in which form a terminal shows a picture best.

    The terminal itself isn't asked: its answer would come among the keys that a person
    has typed ahead.

    Parameters:
        env: the environment.

    Returns:
        The form; ``None`` for a terminal that shows no picture.
    """
    term, program = env.get("TERM", ""), env.get("TERM_PROGRAM", "")
    if _PLAIN_TERMS.fullmatch(term):
        return None
    # Within these, the rest of the environment is that of the terminal around them.
    if "TMUX" in env or "STY" in env or term.startswith(("tmux", "screen")):
        return Form.BLOCKS
    if program == "ghostty" or "KITTY_WINDOW_ID" in env or "KONSOLE_VERSION" in env:
        return Form.KITTY
    if term.startswith(("xterm-kitty", "xterm-ghostty")):
        return Form.KITTY
    # iTerm2 sets the last one as ssh hands on what begins with LC_.
    if program in ("iTerm.app", "WezTerm", "mintty") or env.get("LC_TERMINAL") == "iTerm2":
        return Form.ITERM
    if _SIXEL_TERMS.match(term):
        return Form.SIXEL
    return Form.BLOCKS


def has_true_colour(env: Mapping[str, str]) -> bool:
    """Say whether the terminal takes 24-bit colours.

    Parameters:
        env: the environment.
    """
    return env.get("COLORTERM") in ("truecolor", "24bit") or env.get("TERM", "").endswith("-direct")


def drawn(picture: Picture, form: Form, room: Room, *, true_colour: bool) -> str:
    """Draw a picture.

    Parameters:
        picture: the picture.
        form: in which form.
        room: what it has to fit into.
        true_colour: whether the terminal takes 24-bit colours.

    Returns:
        What the terminal is sent: escape sequences, printable characters, and line ends.
    """
    match form:
        case Form.KITTY:
            return kitty(picture, room)
        case Form.ITERM:
            return iterm(picture, room)
        case Form.SIXEL:
            return sixel(picture, room)
        case Form.BLOCKS:
            # A character is about twice as high as wide, so its halves are square.
            size = fitted(picture, room.columns, 2 * room.lines)
            return half_blocks(scaled(picture, *size), true_colour=true_colour)
