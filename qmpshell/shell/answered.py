"""Lines that bring the answer to the question before a machine is ended along: ``--yes``."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.errors import LineError
from qmpshell.language import Invocation, RawJSON, ShellCommand, SystemCommand, Transaction, parse
from qmpshell.language.tree import OptionUse
from qmpshell.shell.guard import Guard, split_yes


def without_answer(text: str, *, hmp: bool) -> str:
    """Return a line without its answer: of another machine, the question is another one.

    Parameters:
        text: the line.
        hmp: whether it is HMP.
    """
    try:
        line = parse(text)
    except LineError:
        line = None
    match line:
        case ShellCommand() if line.name.text == "hmp":
            return text[: line.rest_start] + split_yes(text[line.rest_start :], Guard())[0]
        case Invocation() | Transaction() | RawJSON() if not hmp:
            return _without_option(text, line.options)
        case ShellCommand() | SystemCommand():
            return text
    return split_yes(text, Guard())[0] if hmp else text


def _without_option(text: str, options: Sequence[OptionUse]) -> str:
    for use in reversed(options):
        if use.name.text == "--yes":
            text = f"{text[: use.name.start].rstrip()}{text[use.name.end :]}"
    return text
