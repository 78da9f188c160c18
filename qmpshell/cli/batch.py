"""Without a prompt: run the command that was given, or each line of standard input."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qmpshell.cli.options import Options
from qmpshell.cli.program import complain, complain_of_line
from qmpshell.cli.starting import end_starting
from qmpshell.cli.status import Status
from qmpshell.client import Client, Direction, Traffic
from qmpshell.client.hmp import hmp_request
from qmpshell.errors import CommandError, LineError, OutcomeError
from qmpshell.language import (
    BoundCommand,
    Command,
    Invocation,
    Line,
    ShellCommand,
    bind,
    is_complete,
    parse,
    parse_words,
)
from qmpshell.protocol import Return
from qmpshell.render import compact_json, escape, escape_lines, plain, pretty_json

if TYPE_CHECKING:
    from qmpshell.client.waiting import Ending
    from qmpshell.schema import Schema


def run_batch(
    connect: Callable[[Traffic | None], Client],
    log: Traffic | None,
    options: Options,
    words: tuple[str, ...],
    env: Mapping[str, str],
) -> Status:
    """Run a command's words, or standard input's lines up to the first that fails.

    Parameters:
        connect: makes the connection.
        log: is given every message.
        options: what the person chose.
        words: the command and its arguments; empty for standard input's lines.
        env: the environment.

    Raises:
        Error: no connection came about, or a command failed.
    """
    with connect(_with_echo(log) if options.verbose else log) as client:
        client.listener = lambda _: None
        batch = _Batch(client, options, env)
        end_starting()
        if words:
            return batch.run_words(words)
        return batch.run_lines(sys.stdin)


def _with_echo(log: Traffic | None) -> Traffic:
    """Show every message on standard error as well, as QEMU's documentation writes them."""

    def echo(direction: Direction, members: Mapping[str, Any]) -> None:
        print("->" if direction == "sent" else "<-", compact_json(members), file=sys.stderr)
        if log:
            log(direction, members)

    return echo


class _Batch:
    def __init__(self, client: Client, options: Options, env: Mapping[str, str]) -> None:
        self._client = client
        self._options = options
        self._theme = options.theme(env)
        self._ended = False

    def run_words(self, words: tuple[str, ...]) -> Status:
        text = " ".join(words)
        try:
            if self._options.hmp:
                self._run_hmp(text)
            else:
                self._run(parse_words(words))
        except LineError as error:
            return self._complain_of_line(text, error)
        return Status.OK

    def run_lines(self, lines: Iterable[str]) -> Status:
        for number, text in _whole_texts(lines, lines_go_on=not self._options.hmp):
            try:
                if self._options.hmp:
                    self._run_hmp(text)
                else:
                    self._run(parse(text))
            except LineError as error:
                return self._complain_of_line(text, error, f"line {number}: ")
            if self._ended:
                break
        return Status.OK

    def _run(self, line: Line | None) -> None:
        if line is None:
            return
        if isinstance(line, ShellCommand):
            self._run_shell_command(line)
            return
        schema = self._schema if _needs_schema(line) else None
        command = bind(line, schema, checked=not self._options.no_check)
        for note in command.notes:
            complain(self._options.program, escape(note))
        ending = None
        if command.options.wait:
            from qmpshell.cli.waiting import find_ending

            ending = find_ending(line, command)
        if command.options.dry_run:
            self._show(command.members)
            return
        try:
            reply = self._request(command, ending)
        except OutcomeError:
            raise
        except CommandError:
            if schema is None and not (self._options.no_check or command.options.no_check):
                # The schema may know better what is wrong, and what is near.
                bind(line, self._schema)
            raise
        self._show(reply.value)

    def _request(self, command: BoundCommand, ending: Ending | None) -> Return:
        if ending is None:
            return self._client.request(command.members, timeout=command.options.timeout)
        from qmpshell.cli.waiting import request_and_wait

        return request_and_wait(self._client, command, ending, self._options.program)

    @functools.cached_property
    def _schema(self) -> Schema | None:
        from qmpshell.client.introspection import fetch_schema

        return fetch_schema(self._client)

    def _run_shell_command(self, line: ShellCommand) -> None:
        match line.name.text:
            case "exit":
                self._ended = True
            case "hmp":
                self._run_hmp(line.rest)
            case _:
                raise LineError(
                    "this belongs to the prompt; without one there are /hmp and /exit",
                    line.name.start,
                    line.name.end,
                )

    def _run_hmp(self, text: str) -> None:
        answer = self._client.request(hmp_request(text)).value
        if shown := escape_lines(str(answer)).rstrip("\n"):
            print(shown, flush=True)

    def _show(self, value: object) -> None:
        if self._theme:
            shown = self._theme.paint(pretty_json(value))
        elif self._options.pretty or sys.stdout.isatty():
            shown = plain(pretty_json(value))
        else:
            shown = compact_json(value)
        print(shown, flush=True)

    def _complain_of_line(self, text: str, error: LineError, where: str = "") -> Status:
        complain_of_line(self._options.program, text, error, where)
        return Status.USAGE


def _needs_schema(command: Command) -> bool:
    """A command without arguments is sent as it is: the server knows whether it has it."""
    return not isinstance(command, Invocation) or bool(command.arguments)


#: What closes something, or shows that it never can be.
_BRACKET = re.compile(r"[\]})]")


def _whole_texts(lines: Iterable[str], *, lines_go_on: bool) -> Iterator[tuple[int, str]]:
    """Put lines together while brackets are open; number each text by its first line."""
    text = ""
    first = 1
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix("\ufeff")
        if not text:
            first = number
        text += line
        # What is open can only be closed by a line with a bracket in it.
        if not lines_go_on or ((_BRACKET.search(line) or text == line) and is_complete(text)):
            yield first, text.rstrip("\n")
            text = ""
    if text:
        yield first, text.rstrip("\n")
