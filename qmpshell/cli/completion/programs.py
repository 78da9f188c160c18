"""The one table of the programs, and of what fits as their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import click

from qmpshell.cli import arguments
from qmpshell.cli.completion import shell_words, wrap_words
from qmpshell.cli.completion.asked import Asked
from qmpshell.cli.completion.completion import Completion


class Program(NamedTuple):
    """What is known of a program.

    Attributes:
        command: its arguments, as they are declared for click.
        fitting_words: says which words fit that are no options.
        in_command: says whether its own options have ended.
    """

    command: click.Command
    fitting_words: Callable[[Asked], list[Completion]]
    in_command: Callable[[Asked], bool]


PROGRAMS: Mapping[str, Program] = {
    "qmp-shell": Program(arguments.qmp_shell, shell_words.fitting_words, shell_words.in_command),
    "qmp-shell-wrap": Program(
        arguments.qmp_shell_wrap, wrap_words.fitting_words, wrap_words.in_command
    ),
}
