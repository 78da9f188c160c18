"""The words of ``qmp-shell-wrap``: QEMU, and files for its options."""

from __future__ import annotations

import glob
import os

from qmpshell.cli.completion.asked import Asked
from qmpshell.cli.completion.completion import Completion
from qmpshell.cli.completion.paths import any_file, find_paths

_NAMES = ("qemu-system-*", "qemu-kvm", "kvm")


def fitting_words(asked: Asked) -> list[Completion]:
    """Return the words that fit."""
    if asked.words or "/" in asked.typed:
        return list(find_paths(asked.typed, any_file))
    folders = asked.env.get("PATH", os.defpath).split(os.pathsep)
    found = {
        os.path.basename(path)
        for folder in folders
        for name in _NAMES
        for path in glob.glob(os.path.join(glob.escape(folder), name))
    }
    return [Completion(name) for name in sorted(found) if name.startswith(asked.typed)]


def in_command(asked: Asked) -> bool:
    """Say whether QEMU's command has begun, and so options are QEMU's."""
    return bool(asked.words)
