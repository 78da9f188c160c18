"""``/config``: what holds for each key of the configuration file, and where it comes from."""

from __future__ import annotations

import os.path

from qmpshell.configuration.keys import KEYS
from qmpshell.configuration.settings import Setting, settings
from qmpshell.errors import LineError
from qmpshell.language.spelling import nearest
from qmpshell.render import Role, Styled, escape
from qmpshell.render.wrap import wrap
from qmpshell.shell.session import Session

_INDENT = "    "


def show_configuration(session: Session, name: str) -> None:
    """Show all keys, one of them, or those of a table.

    Parameters:
        session: whose options are shown, as they were at its start.
        name: the key's or the table's; or empty.

    Raises:
        LineError: there is no such key.
    """
    shown = [
        setting
        for setting in settings(session.options.configuration, session.options.choices)
        if setting.key.name == name or setting.key.name.startswith(f"{name}.") or not name
    ]
    if not shown:
        near = nearest(name, [key.name for key in KEYS])
        hint = f"nearest: {near}" if near else "/config shows those there are"
        raise LineError(f"there is no such key; {hint}", 0, len(name))
    width = session.printer.width
    lines = [_file(session.options.configuration.path)]
    lines += [_setting(setting, width) for setting in shown]
    session.output.show([piece for line in lines for piece in (*line, (Role.TEXT, "\n"))][:-1])


def _file(path: str) -> Styled:
    if not path:
        return [(Role.NOTE, "no configuration file is read")]
    missing = "" if os.path.exists(path) else " (there is no such file)"
    return [(Role.NOTE, escape(path) + missing)]


def _setting(setting: Setting, width: int) -> Styled:
    styled: Styled = []
    for name, value, origin in setting.lines:
        role = Role.TEXT if origin == "default" else Role.STRING
        styled += [(Role.KEY, name), (Role.TEXT, " = "), (role, value)]
        styled.append((Role.COMMENT, f"  ({origin})\n"))
    key = setting.key
    meaning: Styled = [(Role.COMMENT, f"{key.type.name}: {key.meaning}")]
    return [*styled, *wrap(meaning, width, first=_INDENT, rest=_INDENT)]
