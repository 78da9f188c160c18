"""A word that fits at the cursor of another shell."""

from __future__ import annotations

from qmpshell.named_tuple import NamedTuple


class Completion(NamedTuple):
    """A word that fits.

    Attributes:
        text: the whole word, without quotes; it begins with what was typed of it.
        beside: what stands beside it in a menu.
        open: whether the word goes on, so that no blank is written behind it.
    """

    text: str
    beside: str = ""
    open: bool = False
