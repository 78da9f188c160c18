"""The shell's own options on a line: the one table of them, and their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.spelling import nearest
from qmpshell.language.tree import Name, OptionUse, Value


class Options(NamedTuple):
    """How a command is to be run.

    Attributes:
        dry_run: show the JSON and send nothing.
        no_check: send what the server's schema doesn't allow.
        timeout: how many seconds to wait for the reply; ``None`` for the default.
    """

    dry_run: bool = False
    no_check: bool = False
    timeout: float | None = None


class Option(NamedTuple):
    """An option that there is.

    Attributes:
        field: its name in :class:`Options`.
        takes: what it takes, in capitals; ``None`` when it stands alone.
        read: reads what it takes.
        summary: what it does, for a menu.
    """

    field: str
    takes: str | None
    read: Callable[[Value], Any]
    summary: str


_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")


def _seconds(value: Value) -> float:
    if _SECONDS.fullmatch(value.text):
        seconds = float(value.text)
        if 0 < seconds < math.inf:
            return seconds
    raise LineError("a positive number of seconds is expected", value.start, value.end)


def _nothing(value: Value) -> bool:
    raise LineError("this option takes no value", value.start, value.end)


OPTIONS = {
    "--dry-run": Option("dry_run", None, _nothing, "show the JSON, send nothing"),
    "--no-check": Option("no_check", None, _nothing, "send what the schema calls wrong"),
    "--timeout": Option("timeout", "SECONDS", _seconds, "how long to wait for the reply"),
}


def find_option(name: Name) -> Option:
    """Look an option up.

    Raises:
        LineError: there is none of this name.
    """
    if name.text in OPTIONS:
        return OPTIONS[name.text]
    meant = nearest(name.text, OPTIONS)
    hint = f"nearest: {meant}; all: " if meant else "there are: "
    message = f"no such option {shown(name.text)}; {hint}{', '.join(OPTIONS)}"
    raise LineError(message, name.start, name.end)


def bind_options(uses: Iterable[OptionUse]) -> Options:
    """Read the options of a line.

    Raises:
        LineError: one is given twice, or takes something else.
    """
    fields: dict[str, Any] = {}
    for use in uses:
        option = find_option(use.name)
        if option.field in fields:
            raise LineError(f"{use.name.text} is given twice", use.name.start, use.name.end)
        fields[option.field] = option.read(use.value) if use.value else True
    return Options(**fields)
