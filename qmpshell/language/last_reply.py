"""``_`` stands for the last reply, which can be written once more, in another form."""

from __future__ import annotations

from typing import TypeGuard

from qmpshell.errors import LineError
from qmpshell.language.options import Options, bind_options
from qmpshell.language.tree import Invocation, Line

LAST_REPLY = "_"

#: What it takes: options that are about writing a reply.
WRITING_OPTIONS = ("--output", "--select")


def is_last_reply(line: Line | None) -> TypeGuard[Invocation]:
    """Say whether a line is about the last reply, and nothing is sent."""
    return isinstance(line, Invocation) and line.name.text == LAST_REPLY


def bind_last_reply(line: Invocation) -> Options:
    """Say how the last reply is to be written.

    Parameters:
        line: what was typed.

    Raises:
        LineError: there is something in it that is for a command that is sent.
    """
    for argument in line.arguments:
        message = f"{LAST_REPLY} is the last reply and takes no arguments"
        raise LineError(message, argument.start, argument.value.end)
    for option in line.options:
        if option.name.text not in WRITING_OPTIONS:
            known = " and ".join(WRITING_OPTIONS)
            message = f"{LAST_REPLY} is the last reply and takes {known}; nothing is sent"
            raise LineError(message, option.name.start, option.name.end)
    return bind_options(line.options)
