"""The words of ``qmp``: a command and its arguments; and of the ``qom-`` programs."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence

from qmpshell.address import DEMO
from qmpshell.cli.completion.asked import Asked
from qmpshell.cli.completion.completion import Completion
from qmpshell.cli.words import address_from

_DASHES = "--"

#: What another program of ours or of the person's is called that ``qmp`` runs.
_PREFIX = "qmp-"


def command_words(asked: Asked) -> list[Completion]:
    """Return the words that fit ``qmp``: a command, or ``--ARG=VALUE``."""
    typed = asked.typed
    if not asked.words:
        return [*_ask(asked, (), "", typed), *_programs(asked)]
    command, *arguments = asked.words
    words = (command, *_without_dashes(arguments))
    if arguments and _waits(arguments[-1]) and not typed.startswith(_DASHES):
        name = arguments[-1].removeprefix(_DASHES)
        return _ask(asked, words[:-1], f"{name}=", typed)
    if typed and not typed.startswith(_DASHES):
        return _ask(asked, words, "", typed)
    found = _ask(asked, words, "", typed.removeprefix(_DASHES))
    return [
        completion._replace(text=_DASHES + completion.text) if named else completion
        for completion in found
        if (named := "=" in completion.text or completion.text.endswith(".")) or not typed
    ]


def in_command(asked: Asked) -> bool:
    """Say whether the command has begun, and so options are its arguments."""
    return bool(asked.words)


def path_words(asked: Asked) -> list[Completion]:
    """Return the paths of objects that fit the only word."""
    return [] if asked.words else _ask(asked, ("qom-list",), "path=", asked.typed)


def property_words(asked: Asked) -> list[Completion]:
    """Return what fits ``PATH.PROPERTY``, or ``PATH PROPERTY``."""
    if len(asked.words) == 1:
        return _properties(asked, asked.words[0], asked.typed)
    if asked.words:
        return []
    above, slash, last = asked.typed.rpartition("/")
    name, dot, begun = last.rpartition(".")
    path = above + slash + name
    behind = _properties(asked, path, begun) if dot and path else []
    return [
        *path_words(asked),
        *(found._replace(text=f"{path}.{found.text}") for found in behind),
    ]


def options_anywhere(_asked: Asked) -> bool:
    """Say that the program's own options never end."""
    return False


def _properties(asked: Asked, path: str, typed: str) -> list[Completion]:
    return _ask(asked, ("qom-get", f"path={path}"), "property=", typed)


def _ask(asked: Asked, words: Sequence[str], before: str, typed: str) -> list[Completion]:
    """Ask the machine what fits; ``before`` isn't typed here, but belongs there."""
    address = asked.options.get("address") or address_from(asked.env)
    if address in (None, DEMO):
        return []
    from qmpshell.cli.completion.machine import ask_machine

    agent = bool(asked.options.get("agent"))
    typed = before + typed
    found = ask_machine(asked.configuration, address, words, typed, asked.deadline, agent=agent)
    return [completion._replace(text=completion.text.removeprefix(before)) for completion in found]


def _programs(asked: Asked) -> list[Completion]:
    """Return the words that ``qmp`` makes ``qmp-WORD`` of."""
    folders = asked.env.get("PATH", os.defpath).split(os.pathsep)
    paths = (
        path
        for folder in folders
        for path in glob.glob(os.path.join(glob.escape(folder), f"{_PREFIX}*"))
        if os.access(path, os.X_OK)
    )
    names = {os.path.basename(path).removeprefix(_PREFIX) for path in paths}
    return [Completion(name, f"{_PREFIX}{name}") for name in sorted(names)]


def _waits(word: str) -> bool:
    """Say whether an argument takes the next word for its value."""
    return word.startswith(_DASHES) and "=" not in word


def _without_dashes(arguments: Sequence[str]) -> Iterator[str]:
    """Write arguments as ``qmp-shell`` takes them."""
    remaining = list(arguments)
    while remaining:
        word = remaining.pop(0)
        if not _waits(word):
            yield word.removeprefix(_DASHES)
        elif remaining and not remaining[0].startswith(_DASHES):
            yield f"{word.removeprefix(_DASHES)}={remaining.pop(0)}"
        else:
            yield f"{word.removeprefix(_DASHES)}=true"
