"""``--oob`` behind a command: it goes out of band, if its server lets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qmpshell.language.options import bind_options, option_error
from qmpshell.language.tree import OptionUse
from qmpshell.schema import Schema


def out_of_band(
    members: dict[str, Any], options: Sequence[OptionUse], schema: Schema | None
) -> dict[str, Any]:
    """Return a request as one that overtakes others.

    Parameters:
        members: the request.
        options: those of the line, ``--oob`` among them.
        schema: what the server accepts; ``None`` where it isn't known, or doesn't matter.

    Raises:
        LineError: the server doesn't take this command out of band.
    """
    name = members.get("execute")
    checked = not bind_options(options).no_check
    if schema and checked and isinstance(name, str):
        command = schema.command(name)
        if command and not command.allow_oob:
            message = f"{name} can't be sent out of band; these can: {_those(schema)}"
            raise option_error(options, "--oob", message)
    return {"exec-oob" if key == "execute" else key: value for key, value in members.items()}


def out_of_band_commands(schema: Schema) -> list[str]:
    """Return the names of the commands that a server takes out of band."""
    commands = ((name, schema.command(name)) for name in schema.commands)
    return sorted(name for name, command in commands if command and command.allow_oob)


def _those(schema: Schema) -> str:
    return ", ".join(out_of_band_commands(schema)) or "none"
