"""What a person chose with options, and what that means."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from qmpshell.cli.program import complain
from qmpshell.client import CONNECT_SECONDS, Traffic
from qmpshell.configuration import Configuration
from qmpshell.named_tuple import NamedTuple

if TYPE_CHECKING:
    from qmpshell.cli.sources import Source
    from qmpshell.language.rendition import Rendition
    from qmpshell.render.theme import Theme


class Options(NamedTuple):
    """The options' values; their help texts, in ``arguments``, say what they mean.

    Attributes:
        program: the program's name, which stands before each diagnostic.
        vi, color, output: ``None`` where nothing was chosen, and the configuration holds.
        configuration: what the configuration file says.
    """

    program: str = "qmp-shell"
    hmp: bool = False
    verbose: bool = False
    pretty: bool = False
    logfile: str | None = None
    vi: bool | None = None
    color: str | None = None
    no_check: bool = False
    yes: bool = False
    skip_negotiation: bool = False
    agent: bool = False
    connect_timeout: float = CONNECT_SECONDS
    reconnect: bool = False
    output: str | None = None
    select: str | None = None
    sources: tuple[Source, ...] = ()
    keep_going: bool = False
    watch: bool = False
    until: tuple[str, ...] = ()
    event_count: int | None = None
    timeout: float | None = None
    configuration: Configuration = Configuration()

    def rendition(self) -> Rendition | None:
        """Return how replies are written where a line doesn't say otherwise.

        Returns:
            It; ``None`` when nothing was chosen, so that nothing needs to be imported.

        Raises:
            LineError: what is to be selected can't be understood.
        """
        if self.output is None and self.select is None and not self.pretty:
            return None
        from qmpshell.language.rendition import Rendition
        from qmpshell.language.selection import read_selection

        selection = None if self.select is None else read_selection(self.select)
        return Rendition(self.output or ("pretty" if self.pretty else None), selection)

    def theme(self, env: Mapping[str, str]) -> Theme | None:
        """Return the colours for standard output, or ``None`` where there are to be none.

        Raises:
            UsageError: the configuration names a style that there isn't.
        """
        color = self.color or ("auto" if env.get("NO_COLOR") else self.configuration.color)
        wanted = sys.stdout.isatty() and not env.get("NO_COLOR")
        if color == "never" or (color == "auto" and not wanted):
            return None
        from qmpshell.cli.theme import configured_theme

        return configured_theme(self.configuration, env)

    @contextlib.contextmanager
    def log(self) -> Iterator[Traffic | None]:
        """Open the log, if one is wanted."""
        if self.logfile is None:
            yield None
            return
        from qmpshell.client.traffic_log import TrafficLog

        with TrafficLog(self.logfile, functools.partial(complain, self.program)) as log:
            yield log
