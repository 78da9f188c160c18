"""A request in raw JSON, checked against a server's schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qmpshell.language.complaints import no_such_command, no_such_name
from qmpshell.language.faults import shown
from qmpshell.language.fitting import Fitting, Further
from qmpshell.language.misfit import Misfit, Part
from qmpshell.language.places import JSONPlaces, place_misfit
from qmpshell.language.tree import RawJSON
from qmpshell.schema import Schema
from qmpshell.schema.schema import Command

#: QEMU 2.12 took ``control``, where later versions take ``exec-oob``.
_MEMBERS = ("execute", "exec-oob", "arguments", "id", "control")


def check_request(
    members: dict[str, Any], written: RawJSON, schema: Schema, further: Further
) -> tuple[str, ...]:
    """Refuse a request that the schema doesn't allow.

    Parameters:
        members: the request.
        written: its text.
        schema: what the server accepts.
        further: knows what is in no schema.

    Returns:
        What a person should know of the command and the arguments that were used.

    Raises:
        LineError: it is refused.
    """
    try:
        command = _check_members(members, schema)
    except Misfit as misfit:
        raise place_misfit(misfit, JSONPlaces(written.text, written.start, ())) from None
    fitting = Fitting(command.name, strict=True, checked=True, further=further)
    fitting.note_command(command)
    base = ("arguments",) if "arguments" in members else ()
    try:
        fitting.fit_arguments(command.arguments, members.get("arguments", {}))
    except Misfit as misfit:
        raise place_misfit(misfit, JSONPlaces(written.text, written.start, base)) from None
    return tuple(fitting.notes)


def _check_members(members: dict[str, Any], schema: Schema) -> Command:
    """Check everything but the arguments' members; return the command."""
    for name in members:
        if name not in _MEMBERS:
            message = f"a request has no member {shown(name)}{no_such_name(name, _MEMBERS[:-1])}"
            raise Misfit(message, (name,), Part.NAME)
    key = _command_key(members)
    command = _find_command(members[key], key, schema)
    if key == "exec-oob" and not command.allow_oob:
        raise Misfit(f"{command.name} can't be sent out of band; use execute", (key,), Part.NAME)
    if not isinstance(members.get("arguments", {}), dict):
        raise Misfit("an object is expected", ("arguments",))
    return command


def _command_key(members: Iterable[str]) -> str:
    keys = [key for key in ("execute", "exec-oob") if key in members]
    if not keys:
        raise Misfit("missing: execute (the name of a command)", (), Part.END)
    if len(keys) > 1:
        raise Misfit("execute and exec-oob exclude each other", ("exec-oob",), Part.NAME)
    return keys[0]


def _find_command(name: Any, key: str, schema: Schema) -> Command:
    if not isinstance(name, str):
        raise Misfit("the name of a command is expected, a string", (key,))
    command = schema.command(name)
    if command is None:
        raise Misfit(no_such_command(name, schema.commands), (key,))
    return command
