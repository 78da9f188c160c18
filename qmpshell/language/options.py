"""The shell's own options on a line: the one table of them, and their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.spelling import nearest
from qmpshell.language.tree import Name, OptionUse, Style, Value
from qmpshell.named_tuple import NamedTuple

if TYPE_CHECKING:
    from qmpshell.language.selection import Selection

#: The forms in which a reply can be written; :mod:`qmpshell.render.forms` writes them.
OUTPUT_FORMS = ("pretty", "json", "flat", "table", "raw")


class Options(NamedTuple):
    """How a command is to be run.

    Attributes:
        dry_run: show the JSON and send nothing.
        no_check: send what the server's schema doesn't allow.
        timeout: how many seconds to wait for the reply; ``None`` for the default.
        output: the form in which the reply is written; ``None`` for the default.
        select: what of the reply is written; ``None`` for the default.
        wait: wait until it is really done, within the same time.
        yes: don't ask before the machine is ended or reset.
        oob: let it overtake commands that aren't answered yet.
    """

    dry_run: bool = False
    no_check: bool = False
    timeout: float | None = None
    output: str | None = None
    select: Selection | None = None
    wait: bool = False
    yes: bool = False
    oob: bool = False


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


_SECONDS = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"


def _seconds(value: Value) -> float:
    if re.fullmatch(_SECONDS, value.text):
        seconds = float(value.text)
        if 0 < seconds < math.inf:
            return seconds
    raise LineError("a positive number of seconds is expected", value.start, value.end)


def _form(value: Value) -> str:
    if value.text in OUTPUT_FORMS:
        return value.text
    meant = nearest(value.text, OUTPUT_FORMS)
    hint = f"nearest: {meant}; all: " if meant else "there are: "
    message = f"no such form of output; {hint}{', '.join(OUTPUT_FORMS)}"
    raise LineError(message, value.start, value.end)


def _selection(value: Value) -> Selection:
    from qmpshell.language.selection import read_selection

    try:
        return read_selection(value.text)
    except LineError as error:
        start, end = value.start, value.end
        # With escapes in it, what it says doesn't stand where it was written.
        if end - start - len(value.text) == (2 if value.style is Style.QUOTED else 0):
            start += 1 if value.style is Style.QUOTED else 0
            start, end = start + error.start, start + error.end
        raise LineError(error.message, start, end) from None


def _nothing(value: Value) -> bool:
    raise LineError("this option takes no value", value.start, value.end)


OPTIONS = {
    "--dry-run": Option("dry_run", None, _nothing, "show the JSON, send nothing"),
    "--no-check": Option("no_check", None, _nothing, "send what the schema calls wrong"),
    "--oob": Option("oob", None, _nothing, "out of band: overtake commands not answered yet"),
    "--output": Option("output", "FORM", _form, "how the reply is written"),
    "--select": Option(
        "select", "EXPRESSION", _selection, "what of the reply is written, in JMESPath"
    ),
    "--timeout": Option("timeout", "SECONDS", _seconds, "how long to wait for the reply"),
    "--wait": Option("wait", None, _nothing, "until it is really done, not just accepted"),
    "--yes": Option("yes", None, _nothing, "don't ask before the machine is ended or reset"),
}


def takes_expression(name: str) -> bool:
    """Say whether a word is an option that takes an expression in a language of its own."""
    return name in OPTIONS and OPTIONS[name].takes == "EXPRESSION"


def find_option(name: Name) -> Option:
    """Look an option up.

    Raises:
        LineError: there is none of this name.
    """
    if name.text in OPTIONS:
        return OPTIONS[name.text]
    if name.text == "--help":
        message = "no such option; at the prompt, /help COMMAND says what a command takes"
        raise LineError(message, name.start, name.end)
    meant = nearest(name.text, OPTIONS)
    hint = f"nearest: {meant}; all: " if meant else "there are: "
    message = f"no such option {shown(name.text)}; {hint}{', '.join(OPTIONS)}"
    raise LineError(message, name.start, name.end)


def option_error(uses: Sequence[OptionUse], name: str, message: str) -> LineError:
    """Return the refusal of an option that the line has, with its place."""
    found = next(use.name for use in uses if use.name.text == name)
    return LineError(message, found.start, found.end)


def bind_options(uses: Sequence[OptionUse]) -> Options:
    """Read the options of a line.

    Raises:
        LineError: one is given twice, takes something else, or doesn't go with another.
    """
    fields: dict[str, Any] = {}
    for use in uses:
        option = find_option(use.name)
        if option.field in fields:
            raise LineError(f"{use.name.text} is given twice", use.name.start, use.name.end)
        fields[option.field] = option.read(use.value) if use.value else True
    options = Options(**fields)
    if options.select and options.output == "raw":
        name = next(use.name for use in uses if use.name.text == "--select")
        message = "raw is the whole reply as it came: nothing can be selected of it"
        raise LineError(message, name.start, name.end)
    if options.oob and options.wait:
        raise option_error(uses, "--oob", "--oob and --wait exclude each other")
    return options
