"""The colours that the configuration names, for the background that the terminal has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qmpshell.configuration import Configuration
from qmpshell.errors import UsageError
from qmpshell.render.theme import Theme

if TYPE_CHECKING:
    from pygments.style import Style

#: The terminal's own sixteen colours, which need no style of Pygments.
TERMINAL = "terminal"

#: Of the sixteen colours, those that are dark, as terminals number them in ``$COLORFGBG``.
_DARK = frozenset({0, 1, 2, 3, 4, 5, 6, 8})


def configured_theme(configuration: Configuration, env: Mapping[str, str]) -> Theme:
    """Return the colours that were chosen for the terminal's background.

    Parameters:
        configuration: names a style for each background.
        env: the environment; ``COLORFGBG`` is looked at.

    Raises:
        UsageError: there is no such style.
    """
    background = configuration.background
    if background == "auto":
        background = background_from(env)
    name = configuration.light if background == "light" else configuration.dark
    if name == TERMINAL:
        return Theme()
    style = _find_style(name)
    if style is None:
        key = f"colors.{background}"
        raise UsageError(_no_such_style(name, f"{configuration.place(key)}: {key}"))
    return Theme(style)


def background_from(env: Mapping[str, str]) -> str:
    """Return ``light`` where the terminal says that its background is, or else ``dark``.

    Some terminals say in ``COLORFGBG`` which of the sixteen colours the text and the
    background have: ``0;15``, ``0;default;15``.

    Parameters:
        env: the environment.
    """
    number = env.get("COLORFGBG", "").rpartition(";")[2]
    light = number.isascii() and number.isdigit() and len(number) <= 2 and int(number) not in _DARK
    return "light" if light and int(number) < 16 else "dark"


def _find_style(name: str) -> type[Style] | None:
    from pygments.styles import get_style_by_name
    from pygments.util import ClassNotFound

    # Pygments makes the name of a module of it.
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        return None
    try:
        style: type[Style] = get_style_by_name(name)
    except ClassNotFound:
        return None
    return style


def _no_such_style(name: str, place: str) -> str:
    from pygments.styles import get_all_styles

    from qmpshell.language.faults import shown
    from qmpshell.language.spelling import nearest

    near = nearest(name, [TERMINAL, *get_all_styles()])
    hint = f"; nearest: {near}" if near else "; `pygmentize -L styles` lists them"
    return f"{place}: there is no style {shown(name)}{hint}"
