"""``qmp``: one command and its reply, or another program, in the manner of ``git``."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterable, Mapping, Sequence

from qmpshell.address import may_be_looked_at
from qmpshell.cli.external import find_external
from qmpshell.cli.program import complain, complain_of_line, run_program
from qmpshell.cli.status import Status
from qmpshell.cli.tool import Tool, read_tool
from qmpshell.client import Client
from qmpshell.client.introspection import fetch_command_names, fetch_schema
from qmpshell.errors import CommandError, ConnectError, ConnectionLost, LineError, UsageError
from qmpshell.language import BoundCommand, Invocation, bind
from qmpshell.language.dashed import parse_dashed
from qmpshell.render import escape
from qmpshell.render.forms import write

_HELP = "--help"

#: Longer lines are tiring to read.
_MOST_COLUMNS = 100


def main(args: Sequence[str], env: Mapping[str, str]) -> int:
    """Run ``qmp`` and return its exit status."""
    return run_program("qmp", functools.partial(_run, args, env))


def _run(args: Sequence[str], env: Mapping[str, str]) -> Status:
    tool = read_tool("qmp", args, env, options_end=True)
    if tool is None:
        return Status.OK
    if not tool.words:
        raise UsageError("a command is expected: qmp COMMAND [--ARG=VALUE...] (try qmp --help)")
    external = find_external(tool.words[0], env)
    if external and not _is_the_servers(tool):
        address = tool.find_address()
        # Other programs know no targets.
        address = tool.configuration.targets.get(address, address) if address else None
        external.replace_us(tool.words[1:], address)
    with _connect(tool) as client:
        return _OneShot(tool, client).run()


def _is_the_servers(tool: Tool) -> bool:
    """Say whether a word that is a program's name is a command of the server, which wins.

    This is asked only where there is such a program, so that no other command costs a
    second connection; and what needs no machine runs without one.

    Raises:
        AddressError: the address can't be understood.
    """
    address = tool.find_address()
    if address is None or not may_be_looked_at(tool.configuration.find_address(address)):
        return False
    try:
        with tool.connect() as client:
            return tool.words[0] in fetch_command_names(client)
    except (ConnectError, ConnectionLost):
        return False


def _connect(tool: Tool) -> Client:
    """Connect; where only help is wanted, say as well why that takes a connection."""
    try:
        return tool.connect()
    except (ConnectError, UsageError) as error:
        if _HELP not in tool.words:
            raise
        text = f"only its server can say what {escape(tool.words[0])} takes: {error}"
        raise type(error)(text) from None


class _OneShot:
    """One command to one server."""

    def __init__(self, tool: Tool, client: Client) -> None:
        self._tool = tool
        self._client = client

    @property
    def _name(self) -> str:
        return self._tool.words[0]

    def run(self) -> Status:
        """Run the command, or show what it takes."""
        if _HELP in self._tool.words:
            self._show_help()
            return Status.OK
        try:
            value = self._execute(parse_dashed(self._tool.words))
        except LineError as error:
            complain_of_line(self._tool.name, " ".join(self._tool.words), error)
            return Status.USAGE
        if self._tool.wants_json:
            self._tool.show_json(value)
        else:
            self._tool.show(write(value, "flat", None))
        return Status.OK

    def _execute(self, command: Invocation) -> object:
        # Without arguments there is nothing whose type could matter.
        bound = self._bind(command) if command.arguments else bind(command)
        for note in bound.notes:
            complain(self._tool.name, escape(note))
        try:
            return self._client.request(bound.members).value
        except CommandError:
            if not command.arguments:
                # The schema may know better what is wrong, and what is near.
                self._bind(command)
            raise

    def _bind(self, command: Invocation) -> BoundCommand:
        schema = fetch_schema(self._client)
        names = schema.commands if schema else fetch_command_names(self._client)
        if names and self._name not in names:
            raise self._no_such_command(names)
        return bind(command, schema)

    def _no_such_command(self, names: Iterable[str]) -> UsageError:
        from qmpshell.language.complaints import no_such_name

        name = escape(self._name)
        near = escape(no_such_name(self._name, names))
        return UsageError(f'no such command: "{name}", nor a program qmp-{name} on PATH{near}')

    def _show_help(self) -> None:
        from qmpshell.render.help import command_help

        schema = fetch_schema(self._client)
        if schema is None:
            raise UsageError(f"the server has no schema that says what {escape(self._name)} takes")
        command = schema.command(self._name)
        if command is None:
            raise self._no_such_command(schema.commands)
        columns = min(shutil.get_terminal_size((_MOST_COLUMNS, 0)).columns, _MOST_COLUMNS)
        *styled, (role, text) = command_help(command, schema, columns)
        self._tool.show([*styled, (role, text.rstrip("\n"))])
