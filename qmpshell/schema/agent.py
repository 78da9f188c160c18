"""What a guest agent accepts: written down here, as an agent can't be asked for it.

``guest-agent.json`` has the commands of QEMU's ``docs/interop/qemu-ga-ref.rst`` up to 10.0 in
the form of ``query-qmp-schema``. Besides, it says what each is for and since which version
there is one, and of arguments that changed since or until which they are so. An agent says
itself which commands it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from qmpshell.schema.schema import Schema

Version = tuple[int, ...]


def agent_schema(version: str, commands: Mapping[str, bool]) -> Schema:
    """Return what an agent accepts.

    Parameters:
        version: the agent's version, as it says it. Agents for Windows have numbers of their
            own, which are larger than QEMU's, and are taken for the newest.
        commands: the names of its commands, and whether each is enabled; empty when it
            doesn't tell, and then it may have all. Of one that isn't written down here,
            nothing is known.
    """
    text = resources.files(__package__).joinpath("guest-agent.json").read_text("ascii")
    written_down = {entry["name"]: entry for entry in json.loads(text)}
    known = [name for name, entry in written_down.items() if entry["meta-type"] == "command"]
    types = [
        _as_of(entry, _read_version(version))
        for name, entry in written_down.items()
        if name not in known
    ]
    own = [
        _command(name, written_down.get(name, {}), enabled=enabled)
        for name, enabled in (commands or dict.fromkeys(known, True)).items()
    ]
    return Schema([*types, *own])


def _command(name: str, entry: Mapping[str, Any], *, enabled: bool) -> dict[str, Any]:
    features = [] if enabled else ["disabled"]
    # The name is the agent's, and may be that of a type written down here.
    known = entry if entry.get("meta-type") == "command" else {}
    return {**known, "name": name, "meta-type": "command", "features": features}


def _as_of(entry: Mapping[str, Any], version: Version | None) -> Mapping[str, Any]:
    """Leave out of a type what another version has."""
    if entry["meta-type"] != "object":
        return entry
    return {**entry, "members": list(_members_of(entry["members"], version))}


def _members_of(
    members: Iterable[dict[str, Any]], version: Version | None
) -> Iterable[dict[str, Any]]:
    for member in members:
        since, until = (_read_version(member.get(key, "")) for key in ("since", "until"))
        too_new = since is not None and version is not None and version < since
        gone = until is not None and (version is None or version >= until)
        if not (too_new or gone):
            yield member


def _read_version(text: str) -> Version | None:
    found = re.match(r"\d{1,9}(\.\d{1,9})*", text, re.ASCII)
    return tuple(int(part) for part in found[0].split(".")) if found else None
