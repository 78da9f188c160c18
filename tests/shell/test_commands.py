"""The table of the shell's own commands."""

import importlib
import re
from pathlib import Path

import pytest

from qmpshell.shell import commands

LATER = re.findall(r'later\(\s*"(\w+)", "(\w+)"\s*\)', Path(commands.__file__).read_text())


@pytest.mark.parametrize(("module", "function"), LATER)
def test_what_is_imported_later_is_there(module: str, function: str) -> None:
    assert callable(getattr(importlib.import_module(f"qmpshell.shell.{module}"), function))


def test_the_commands_are_in_order() -> None:
    names = [command.name for command in commands.COMMANDS]
    assert names == sorted(set(names))
    assert len(LATER) > 10
