"""The one table of the programs, and of what fits as their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

from qmpshell.cli import arguments, machine_list, tool_arguments
from qmpshell.cli.completion import shell_words, tool_words, wrap_words
from qmpshell.cli.completion.asked import Asked
from qmpshell.cli.completion.completion import Completion
from qmpshell.named_tuple import NamedTuple


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


def _qom(name: str, fitting_words: Callable[[Asked], list[Completion]]) -> Program:
    return Program(tool_arguments.COMMANDS[name], fitting_words, tool_words.options_anywhere)


def _no_words(_: Asked) -> list[Completion]:
    return []


PROGRAMS: Mapping[str, Program] = {
    "qmp-shell": Program(arguments.qmp_shell, shell_words.fitting_words, shell_words.in_command),
    "qmp-shell-wrap": Program(
        arguments.qmp_shell_wrap, wrap_words.fitting_words, wrap_words.in_command
    ),
    "qmp": Program(tool_arguments.COMMANDS["qmp"], tool_words.command_words, tool_words.in_command),
    "qom-list": _qom("qom-list", tool_words.path_words),
    "qom-get": _qom("qom-get", tool_words.property_words),
    "qom-set": _qom("qom-set", tool_words.property_words),
    "qom-tree": _qom("qom-tree", tool_words.path_words),
    "qmp-list": Program(machine_list.qmp_list, _no_words, tool_words.options_anywhere),
}
