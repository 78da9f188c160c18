"""Addresses that fit what is typed: of QEMUs that run, and sockets in the usual places."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping

from qmpshell.address import DEMO
from qmpshell.cli.completion.completion import Completion
from qmpshell.cli.completion.paths import find_paths, is_socket
from qmpshell.cli.words import address_from
from qmpshell.client.machines import Language, find_machines
from qmpshell.client.machines.text import addresses_of

#: Where the sockets of monitors mostly are, besides the current folder.
_PLACES = ("/run/", "/run/qemu*/", "/var/run/qemu*/", f"/run/user/{os.getuid()}/", "/tmp/")  # noqa: S108

_SCHEME = "unix:"


def find_addresses(
    typed: str,
    env: Mapping[str, str],
    targets: Mapping[str, str],
    language: Language = Language.QMP,
) -> list[Completion]:
    """Find the addresses that begin with what was typed, the likeliest first.

    Parameters:
        typed: the beginning of an address.
        env: the environment, which may have one.
        targets: those that have names.
        language: what is to be spoken there.
    """
    if typed.startswith(_SCHEME):
        found = find_addresses(typed.removeprefix(_SCHEME), {}, {}, language)
        paths = (completion for completion in found if completion.text != DEMO)
        return [completion._replace(text=_SCHEME + completion.text) for completion in paths]
    owners = addresses_of(find_machines(), language)
    unique: dict[str, Completion] = {}
    named = (Completion(name, text) for name, text in targets.items())
    for completion in (*named, *_all(typed, env, owners)):
        unique.setdefault(completion.text, completion)
    return [completion for text, completion in unique.items() if text.startswith(typed)]


def _all(typed: str, env: Mapping[str, str], owners: Mapping[str, str]) -> Iterator[Completion]:
    """Return all addresses, and some that don't begin with what was typed."""
    if given := address_from(env):
        yield Completion(given, "from the environment")
    here = f"{os.getcwd()}/"
    for address, owner in owners.items():
        if os.path.dirname(address) + "/" != here or typed.startswith("/"):
            yield Completion(address, owner)
    for found in find_paths(typed, is_socket):
        yield found._replace(beside=owners.get(os.path.join(here, found.text), found.beside))
    yield Completion(DEMO, "a throw-away machine")
    for folder in _PLACES:
        for place in sorted(glob.glob(folder)):
            yield from (found for found in find_paths(place, is_socket) if not found.open)
