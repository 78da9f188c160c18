"""Writes the completion scripts of all programs for bash, zsh and fish into ``completions/``.

The programs write them themselves, as click's programs do (``_QMP_SHELL_COMPLETE=bash_source``);
in the repository they are for packages, which install them where the shells look.

    python scripts/write_completions.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qmpshell.cli.completion import variable_of
from qmpshell.cli.completion.programs import PROGRAMS
from qmpshell.cli.completion.shells import SHELLS
from qmpshell.client.deadline import Deadline

FOLDER = Path(__file__).parents[1] / "completions"

#: How each shell wants the file for a program to be called.
NAMES = {"bash": "{}", "zsh": "_{}", "fish": "{}.fish"}


def scripts() -> Iterator[tuple[Path, str]]:
    """Return the files, and what is to stand in them."""
    for shell, name in NAMES.items():
        for program in PROGRAMS:
            text = SHELLS[shell](program, variable_of(program), Deadline(None)).source()
            yield FOLDER / shell / name.format(program), text


if __name__ == "__main__":
    for path, text in scripts():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
