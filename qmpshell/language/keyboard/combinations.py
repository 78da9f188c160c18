"""``ctrl-alt-f1`` → the names of keys; and the names there are."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from qmpshell.errors import LineError
from qmpshell.language.complaints import no_such_name
from qmpshell.language.faults import shown
from qmpshell.language.keyboard.layout import Stroke
from qmpshell.language.tree import Value
from qmpshell.schema import ArrayType, EnumType, ObjectType, Schema

#: What stands between the keys of a combination; no key's name has it.
BETWEEN_KEYS = "-"

#: What is written on keys, or what other programs call them, where QEMU has another name.
_OTHER_NAMES = {
    "control": "ctrl",
    "del": "delete",
    "enter": "ret",
    "escape": "esc",
    "ins": "insert",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "return": "ret",
    "space": "spc",
    "super": "meta_l",
    "win": "meta_l",
}

_PART = re.compile(r"[^-]*")


def key_names(schema: Schema | None) -> tuple[str, ...]:
    """Return the names of a server's keys.

    Parameters:
        schema: the server's; ``None`` where it isn't known, and then neither are they.
    """
    command = schema.command("send-key") if schema else None
    for member in command.arguments.members if command else ():
        if isinstance(member.type, ArrayType) and isinstance(member.type.element, ObjectType):
            for part in member.type.element.members_for("qcode"):
                if part.name == "data" and isinstance(part.type, EnumType):
                    return tuple(name for name in part.type.names if name != "unmapped")
    return ()


def read_combinations(words: Sequence[Value], names: Collection[str]) -> list[Stroke]:
    """Read combinations of keys.

    Parameters:
        words: a combination each, such as ``ctrl-alt-f1``; upper and lower case don't
            matter.
        names: those of the server's keys; empty where they aren't known.

    Raises:
        LineError: there is no such key.
    """
    return [_read(word, names) for word in words]


def _read(word: Value, names: Collection[str]) -> Stroke:
    keys: list[str] = []
    position = 0
    while position <= len(word.text):
        part = _PART.match(word.text, position)
        assert part is not None
        start = word.start + position
        keys.append(_known(part[0], start, names))
        position = part.end() + 1
    return tuple(keys)


def _known(written: str, start: int, names: Collection[str]) -> str:
    end = start + len(written)
    if not written:
        raise LineError("the name of a key is expected, as in ctrl-alt-f1", start, end)
    name = written.lower()
    name = _OTHER_NAMES.get(name, name)
    if names and name not in names:
        hint = no_such_name(name, names)
        raise LineError(f"no such key {shown(written)}{hint}", start, end)
    return name
