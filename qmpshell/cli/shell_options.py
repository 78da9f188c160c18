"""What the shell is to be like: options and environment, and the file where they say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qmpshell.cli.options import Options
from qmpshell.cli.target import Target
from qmpshell.shell.event_log import ALL, EventFilter
from qmpshell.shell.guard import Guard
from qmpshell.shell.options import ShellOptions

if TYPE_CHECKING:
    from qmpshell.configuration import Configuration
    from qmpshell.configuration.settings import Choice
    from qmpshell.language.rendition import Rendition


def shell_options(
    options: Options, rendition: Rendition | None, env: Mapping[str, str], target: Target
) -> ShellOptions:
    """Put together what was chosen and what is configured.

    Parameters:
        options: what was chosen.
        rendition: how replies are shown where a line doesn't say otherwise, if chosen.
        env: the environment.
        target: what the shell talks to.
    """
    configuration = options.configuration
    vi = configuration.editing_mode == "vi" if options.vi is None else options.vi
    return ShellOptions(
        hmp=options.hmp,
        vi=vi,
        verbose=options.verbose,
        no_check=options.no_check,
        rendition=_with_configured_form(rendition, configuration),
        yes=options.yes,
        guard=Guard(configuration.ask, configuration.dont_ask),
        events=_event_filter(configuration),
        pager=configuration.pager,
        timing=configuration.timing,
        configuration=configuration,
        choices=_choices(options, env),
        negotiated=target.negotiated,
        reconnect=options.reconnect,
    )


def _with_configured_form(
    rendition: Rendition | None, configuration: Configuration
) -> Rendition | None:
    """Write replies in the configured form where none was chosen."""
    if "output" not in configuration.lines or (rendition and rendition.output):
        return rendition
    from qmpshell.language.rendition import Rendition

    select = rendition.select if rendition else None
    # Of a raw reply nothing can be selected, and that was asked for just now.
    form = None if select and configuration.output == "raw" else configuration.output
    return Rendition(form, select)


def _event_filter(configuration: Configuration) -> EventFilter:
    if configuration.only is not None:
        return EventFilter(configuration.only, matching=True)
    return EventFilter(configuration.except_) if configuration.except_ else ALL


def _choices(options: Options, env: Mapping[str, str]) -> Mapping[str, Choice]:
    """Return what options and the environment say in place of the file, by its keys."""
    found = {
        "editing-mode": options.vi is not None
        and ("vi" if options.vi else "emacs", "--vi" if options.vi else "--emacs"),
        "output": (options.output and (options.output, "--output"))
        or (options.pretty and ("pretty", "--pretty")),
        "color": (options.color and (options.color, "--color"))
        or (env.get("NO_COLOR") and ("never", "$NO_COLOR")),
    }
    chosen = {key: choice for key, choice in found.items() if choice}
    if not chosen:
        return {}
    from qmpshell.configuration.settings import Choice

    return {key: Choice(*choice) for key, choice in chosen.items()}
