"""The options that ``qmp-shell`` and ``qmp-shell-wrap`` have in common."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from qmpshell.cli.program import complain
from qmpshell.client import Traffic
from qmpshell.client.traffic_log import TrafficLog

if TYPE_CHECKING:
    from qmpshell.render.theme import Theme

F = TypeVar("F", bound=Callable[..., Any])


class CommonOptions(NamedTuple):
    """The values of the options below; their help texts say what they mean."""

    hmp: bool
    verbose: bool
    pretty: bool
    logfile: Path | None
    vi: bool
    color: str
    no_check: bool

    def theme(self, env: Mapping[str, str]) -> Theme | None:
        """Return the colours for standard output, or ``None`` where there are to be none."""
        wanted = sys.stdout.isatty() and not env.get("NO_COLOR")
        if self.color == "never" or (self.color == "auto" and not wanted):
            return None
        from qmpshell.render.theme import Theme

        return Theme()

    @contextlib.contextmanager
    def log(self) -> Iterator[Traffic | None]:
        """Open the log, if one is wanted."""
        if self.logfile is None:
            yield None
            return
        program = click.get_current_context().info_name or ""
        with TrafficLog(self.logfile, functools.partial(complain, program)) as log:
            yield log


_OPTIONS = (
    click.option("-H", "--hmp", is_flag=True, help="Speak HMP, the human monitor's language."),
    click.option("-v", "--verbose", is_flag=True, help="Show requests and replies whole."),
    click.option(
        "-p", "--pretty", is_flag=True, help="Lay JSON out for people, also where no one looks."
    ),
    click.option(
        "-l",
        "--logfile",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Append every message in both directions, a JSON object a line.",
    ),
    click.option("--vi", is_flag=True, help="Edit lines with vi's keys."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour replies; auto: on a terminal, unless NO_COLOR is set.",
    ),
    click.option(
        "--no-check", is_flag=True, help="Send also what the server's schema calls wrong."
    ),
)


def common_options(function: F) -> F:
    """Declare the options, for a function that takes ``options: CommonOptions``."""

    @functools.wraps(function)
    def with_options(*args: Any, **values: Any) -> Any:
        names = CommonOptions._fields
        options = CommonOptions(**{name: values.pop(name) for name in names})
        return function(*args, options=options, **values)

    decorated: Any = with_options
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    result: F = decorated
    return result
