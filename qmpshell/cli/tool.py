"""What the small programs have in common: an address, a form of output, and some words."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qmpshell.cli.options import Options
from qmpshell.cli.starting import end_starting
from qmpshell.cli.words import address_from, read_address
from qmpshell.client import Client, connect
from qmpshell.configuration import Configuration
from qmpshell.configuration.file import configured
from qmpshell.errors import UsageError
from qmpshell.named_tuple import NamedTuple
from qmpshell.render import Rendering, Styled, compact_json
from qmpshell.render.theme import painted

if TYPE_CHECKING:
    from qmpshell.render.theme import Theme

JSON = "json"


class Tool(NamedTuple):
    """A small program, as it was called.

    Attributes:
        name: its name, which stands before each diagnostic.
        env: the environment.
        words: its arguments that are no options.
        address: where the monitor is, or a target's name; ``None`` for what the
            environment says.
        output: the form of its output.
        theme: the colours for it, where there are to be any.
        configuration: what the configuration file says.
        agent: whether it is a guest's agent that is talked to.
    """

    name: str
    env: Mapping[str, str]
    words: tuple[str, ...]
    address: str | None = None
    output: str = ""
    theme: Theme | None = None
    configuration: Configuration = Configuration()
    agent: bool = False

    @property
    def wants_json(self) -> bool:
        """Whether a program reads the output."""
        return self.output == JSON

    def find_address(self) -> str | None:
        """Return the address that was given, or that the environment gives, if one was."""
        return self.address or address_from(self.env)

    def connect(self) -> Client:
        """Connect to the monitor.

        Raises:
            UsageError: no address was given, or it can't be understood.
            ConnectError: no connection came about.
        """
        address = self.find_address()
        if address is None:
            option = "--path before the command" if self.name == "qmp" else "-s"
            raise UsageError(
                f"no address: give a monitor's socket or HOST:PORT with {option},"
                " or set $QMP_SOCKET"
            )
        client = connect(read_address(address, self.configuration), agent=self.agent)
        client.listener = lambda _: None
        end_starting()
        return client

    def show(self, text: Styled | Rendering) -> None:
        """Print a text, if there is any, in colours on a terminal."""
        if text:
            sys.stdout.writelines(painted(text, self.theme))
            print(flush=True)

    def show_json(self, value: object) -> None:
        """Print a value as a line of JSON."""
        print(compact_json(value), flush=True)


def read_tool(
    name: str, args: Sequence[str], env: Mapping[str, str], *, options_end: bool = False
) -> Tool | None:
    """Read a small program's arguments.

    Parameters:
        name: the program's name.
        args: the arguments.
        env: the environment.
        options_end: whether its own options end before its first word.

    Returns:
        The program; ``None`` when no more than help was asked for, which was shown.

    Raises:
        UsageError: there is no such option, a value doesn't suit it, or the configuration
            isn't right.
    """
    looked_at = args[:1] if options_end else args
    values: dict[str, Any] | None = {"words": tuple(args)}
    if any(word.startswith("-") for word in looked_at):
        # Importing click takes longer than asking a machine for its status.
        from qmpshell.cli.arguments import parse_values
        from qmpshell.cli.tool_arguments import COMMANDS

        values = parse_values(COMMANDS[name], args, env)
    if values is None:
        return None
    configuration = configured(values.pop("config", None), env)
    theme = Options(configuration=configuration).theme(env)
    return Tool(name, env, theme=theme, configuration=configuration, **values)
