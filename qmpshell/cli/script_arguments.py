"""The options for scripts: what is run, how it is written, what is watched for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import click

from qmpshell.cli.sources import Source
from qmpshell.errors import UsageError
from qmpshell.language.options import OUTPUT_FORMS
from qmpshell.transport import LONGEST_SECONDS


class Seconds(click.FloatRange):
    """A positive number of seconds that can be waited for."""

    def __init__(self) -> None:
        super().__init__(min=0, max=LONGEST_SECONDS, min_open=True)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; the float that is none is refused as well."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if math.isnan(number):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        seconds: float = super().convert(number, param, ctx)
        return seconds


OUTPUT_OPTIONS = (
    click.option(
        "--output",
        type=click.Choice(OUTPUT_FORMS),
        help="How replies are written: pretty (a terminal's default), json (one line each, the"
        " default elsewhere), flat (PATH: VALUE lines), table, or raw (the server's own bytes).",
    ),
    click.option(
        "--select",
        metavar="EXPRESSION",
        help="Write only what this JMESPath expression selects of each reply.",
    ),
)

SCRIPT_OPTIONS = (
    click.option("-c", "lines", multiple=True, metavar="LINE", help="Run this line; repeatable."),
    click.option(
        "-f",
        "files",
        multiple=True,
        metavar="FILE",
        help="Run the lines of this file, - for standard input; repeatable.",
    ),
    click.option(
        "--keep-going", is_flag=True, help="Run the lines behind one that failed as well."
    ),
    click.option(
        "--watch",
        is_flag=True,
        help="Show events as they come; words then are the names of those to show, or"
        " patterns such as 'JOB_*'.",
    ),
    click.option(
        "--until",
        multiple=True,
        metavar="PATTERN",
        help="With --watch: end with this event; repeatable.",
    ),
    click.option(
        "--count",
        "event_count",
        type=click.IntRange(min=1),
        metavar="N",
        help="With --watch: end with the Nth event.",
    ),
    click.option(
        "--timeout",
        type=Seconds(),
        metavar="SECONDS",
        help="With --watch: end after so long, with status 4.",
    ),
)


def take_sources(values: dict[str, Any], given: Iterable[str]) -> None:
    """Put the values of ``-c`` and ``-f`` together, in the order in which they were given.

    Parameters:
        values: the options' values by name; ``sources`` takes the place of the two.
        given: the names of the options that were given, in order.
    """
    texts = {name: iter(values.pop(name, ())) for name in ("lines", "files")}
    values["sources"] = tuple(
        Source(name == "files", next(texts[name])) for name in given if name in texts
    )


def refuse_contradictions(values: dict[str, Any]) -> None:
    """Refuse options that don't go together.

    Parameters:
        values: the options' values by name.

    Raises:
        UsageError: two of them don't, or one is missing.
    """
    given = {name for name, value in values.items() if value not in (None, False, ())}
    for one, other, reason in _EXCLUDING:
        if one in given and other in given:
            raise UsageError(f"{_FLAGS[one]} and {_FLAGS[other]} exclude each other: {reason}")
    if values.get("output") == "raw" and {"select", "watch"} & given:
        other = "--select" if "select" in given else "--watch"
        raise UsageError(f"--output raw is a whole reply as it came; leave out {other}")
    for name in ("until", "event_count", "timeout"):
        if name in given and "watch" not in given:
            raise UsageError(f"{_FLAGS[name]} belongs to --watch; a line has its own --timeout")


_FLAGS = {
    "agent": "--agent",
    "event_count": "--count",
    "hmp": "-H",
    "keep_going": "--keep-going",
    "output": "--output",
    "select": "--select",
    "sources": "-c or -f",
    "timeout": "--timeout",
    "until": "--until",
    "watch": "--watch",
}

_EXCLUDING = (
    ("hmp", "output", "what HMP answers is text"),
    ("hmp", "select", "what HMP answers is text"),
    ("hmp", "watch", "HMP has no events"),
    ("agent", "hmp", "a guest agent has no human monitor"),
    ("agent", "watch", "a guest agent has no events"),
    ("watch", "sources", "give the two to two programs"),
    ("watch", "keep_going", "no line is run"),
)
