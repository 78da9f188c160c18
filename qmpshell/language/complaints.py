"""The words for what a schema doesn't allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qmpshell.language.faults import shown
from qmpshell.language.misfit import Misfit, Part, Path, dotted
from qmpshell.language.spelling import nearest_few
from qmpshell.schema import Member, ObjectType
from qmpshell.schema.wording import listed, type_name

#: Of more names than this, only the nearest are shown.
_MOST_NAMES = 8

#: Commands that only the human monitor has (QEMU's hmp-commands.hx).
_HMP = (
    *("boot_set", "commit", "delvm", "drive_add", "gdbserver", "hostfwd_add", "hostfwd_remove"),
    *("i", "info", "loadvm", "log", "logfile", "mouse_button", "mouse_move", "nmi", "o", "p"),
    *("print", "savevm", "sendkey", "singlestep", "trace-event", "wavcapture", "x", "xp"),
)


def no_such_name(name: str, names: Iterable[str]) -> str:
    """Say which names there are instead of one that there isn't, as the end of a message."""
    names = list(names)
    if meant := nearest_few(name, names):
        return f"; nearest: {', '.join(meant)}"
    if 0 < len(names) <= _MOST_NAMES:
        return f"; there are: {', '.join(names)}"
    return ""


def no_such_command(name: str, commands: Iterable[str]) -> str:
    """Say which command there is instead of one that there isn't, or how to find it."""
    commands = list(commands)
    if name in _HMP and "human-monitor-command" in commands:
        return f"no such command of QMP; HMP has one: /hmp {name} ..."
    listing = next((each for each in ("query-commands", "guest-info") if each in commands), None)
    found = no_such_name(name, commands) or (f"; {listing} lists all" if listing else "")
    return f"no such command{found}"


def unknown_member(
    command: str, type_: ObjectType, cases: Mapping[str, str], names: Iterable[str], path: Path
) -> Misfit:
    """Complain of a member that an object doesn't have.

    Parameters:
        command: the command whose arguments the object is part of.
        type_: the object.
        cases: the values of its discriminators.
        names: the members that it has for those.
        path: the member's own.
    """
    *above, name = path
    names = list(names)
    branches = _branches_with(type_, name)
    deciding = dotted((*above, str(type_.discriminator)))
    if type_.discriminator not in cases:
        if branches:
            message = f"{shown(dotted(path))} needs {deciding}={_few(branches)}"
            return Misfit(message, path, Part.NAME)
        names += _names_in_branches(type_)
    if not names and not above:
        return Misfit(f"{command} takes no arguments", path, Part.NAME)
    message = f"{command} has no argument {shown(dotted(path))}"
    if cases:
        message += " for " + ", ".join(f"{dotted((*above, tag))}={cases[tag]}" for tag in cases)
    message += no_such_name(name, names)
    if branches:
        message += f"; it belongs to {deciding}={_few(branches)}"
    return Misfit(message, path, Part.NAME)


def _names_in_branches(type_: ObjectType) -> list[str]:
    variants = type_.variants.values()
    return sorted({member.name for variant in variants for member in variant.members})


def _branches_with(type_: ObjectType, name: str) -> list[str]:
    return [
        case
        for case, variant in type_.variants.items()
        if any(member.name == name for member in variant.members)
    ]


def _few(names: list[str]) -> str:
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[:3])}, ..."
    return listed(names, "or")


def missing_members(missing: Iterable[Member], path: Path) -> Misfit:
    """Complain of members that have to be there.

    Parameters:
        missing: at least one.
        path: that of the object.
    """
    needed = [f"{dotted((*path, member.name))} ({type_name(member.type)})" for member in missing]
    return Misfit(f"missing: {', '.join(needed)}", path, Part.END)
