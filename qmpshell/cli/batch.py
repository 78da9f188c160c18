"""Without a prompt: run the command that was given, or lines up to the first that fails."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qmpshell.cli.echo import with_echo
from qmpshell.cli.options import Options
from qmpshell.cli.output import Output
from qmpshell.cli.own_words import is_own_command, own_command
from qmpshell.cli.program import complain, complain_of_error, complain_of_line
from qmpshell.cli.sources import STANDARD_INPUT, Source, Text, opened
from qmpshell.cli.starting import end_starting
from qmpshell.cli.status import Status, status_of
from qmpshell.client import Client, Traffic
from qmpshell.errors import CommandError, Error, LineError, OutcomeError
from qmpshell.language import (
    BoundCommand,
    Command,
    Invocation,
    Line,
    ShellCommand,
    SystemCommand,
    bind,
    parse,
    parse_words,
)
from qmpshell.language.destination import split_hmp
from qmpshell.language.last_reply import bind_last_reply, is_last_reply
from qmpshell.language.options import bind_options
from qmpshell.language.rendition import Rendition
from qmpshell.protocol import Return
from qmpshell.render import Role, escape, escape_lines
from qmpshell.shell.out_of_band import check_out_of_band
from qmpshell.shell.replies import Replies

if TYPE_CHECKING:
    from qmpshell.client.schema_cache import CachedSchema
    from qmpshell.client.waiting import Ending


def run_batch(
    connect: Callable[[Traffic | None], Client],
    log: Traffic | None,
    options: Options,
    rendition: Rendition | None,
    words: tuple[str, ...],
    env: Mapping[str, str],
) -> int:
    """Run a command's words, or lines up to the first that fails.

    Parameters:
        connect: makes the connection.
        log: is given every message.
        options: what the person chose: where lines come from, among other things.
        rendition: how replies are written where a line doesn't say otherwise, if chosen.
        words: the command and its arguments; empty for lines.
        env: the environment.

    Returns:
        The status of the first that failed; a guest's program has its own.

    Raises:
        UsageError: a file can't be read.
        ConnectError: no connection came about.
    """
    output = Output(options.theme(env))
    sources = options.sources or (() if words else (STANDARD_INPUT,))
    with (
        opened(sources, lines_go_on=not options.hmp) as texts,
        connect(with_echo(log) if options.verbose else log) as client,
    ):
        client.listener = lambda _: None
        batch = _Batch(client, options, rendition or Rendition(), output, env)
        end_starting()
        batch.has_input = STANDARD_INPUT not in sources
        return batch.run_words(words) if words else batch.run_texts(texts)


class _Batch:
    def __init__(
        self,
        client: Client,
        options: Options,
        rendition: Rendition,
        output: Output,
        env: Mapping[str, str],
    ) -> None:
        self._client = client
        self._options = options
        self._rendition = rendition
        self._replies = Replies()
        self._output = output
        self._env = env
        self._sources = 0
        self._ended = False
        self.has_input = False

    @functools.cached_property
    def _schema(self) -> CachedSchema:
        # A command without arguments needs none.
        from qmpshell.client.schema_cache import CachedSchema, cache_folder

        return CachedSchema(self._client, cache_folder(self._env))

    def run_words(self, words: tuple[str, ...]) -> int:
        text = Text("", " ".join(words))
        if is_own_command(words[0]):
            line = own_command(words)
            text = Text("", f"/{line.name.text} {line.rest}")
            return self._try(text, lambda: self._run_shell_command(line, text.where))
        if self._options.hmp:
            return self._try(text, lambda: self._run_hmp(text.text))
        return self._try(text, lambda: self._run(parse_words(words), text.where))

    def run_texts(self, texts: Iterable[Text]) -> int:
        first_failure: int = Status.OK
        for text in texts:
            status = self._try(text, functools.partial(self._run_text, text))
            # Without a connection, there is nothing to go on with.
            if status and self._client.closed:
                return status
            first_failure = first_failure or status
            if self._ended or status == Status.INTERRUPTED:
                break
            if status and not self._options.keep_going:
                break
        return first_failure

    def _run_text(self, text: Text) -> int:
        if self._options.hmp:
            line, destination = split_hmp(text.text)
            with self._output.delivery.to(destination):
                return self._run_hmp(line)
        return self._run(parse(text.text), text.where)

    def _try(self, text: Text, work: Callable[[], int]) -> int:
        """Do it; if it fails, say why."""
        try:
            return work()
        except LineError as error:
            complain_of_line(self._options.program, text.text, error, text.where)
            return Status.USAGE
        except Error as error:
            complain_of_error(self._options.program, text.text, error, text.where)
            return status_of(error)

    def _run(self, line: Line | None, where: str) -> int:
        if isinstance(line, ShellCommand):
            return self._run_shell_command(line, where)
        if isinstance(line, SystemCommand):
            message = "this belongs to the prompt; a script is run by a shell that runs programs"
            raise LineError(message, line.start, line.end)
        if is_last_reply(line):
            rendition = self._rendition.for_line(bind_last_reply(line))
            with self._output.delivery.to(line.destination):
                self._output.reply(self._replies.find_last(), rendition)
        elif line is not None:
            self._run_command(line, where)
        return Status.OK

    def _run_command(self, line: Command, where: str) -> None:
        command = self._bind(line) if _needs_schema(line) else bind(line)
        for note in command.notes:
            complain(self._options.program, where + escape(note))
        rendition = self._rendition.for_line(command.options)
        check_out_of_band(self._client, line, command)
        ending = None
        if command.options.wait:
            from qmpshell.cli.waiting import find_ending

            ending = find_ending(line, command)
        if command.options.dry_run:
            # Of the forms, those that are JSON.
            form = "pretty" if rendition.output == "pretty" else None
            with self._output.delivery.to(line.destination):
                self._output.value(command.members, Rendition(form))
            return
        with self._output.delivery.to(line.destination):
            self._replies.last = self._send(line, command, ending)
            self._output.reply(self._replies.last, rendition)

    def _send(self, line: Command, command: BoundCommand, ending: Ending | None) -> Return:
        try:
            return self._request(command, ending)
        except OutcomeError:
            raise
        except CommandError:
            if not (_needs_schema(line) or self._options.no_check or command.options.no_check):
                # The schema may know better what is wrong, and what is near.
                self._bind(line)
            raise

    def _request(self, command: BoundCommand, ending: Ending | None) -> Return:
        if ending is None:
            # The last reply may be asked for raw later.
            return self._client.request(
                command.members, timeout=command.options.timeout, keep_document=True
            )
        from qmpshell.cli.waiting import request_and_wait

        return request_and_wait(self._client, command, ending, self._options.program)

    def _bind(self, line: Command) -> BoundCommand:
        checked = not self._options.no_check
        # Whoever limits the time means all of it.
        timeout = bind_options(line.options).timeout
        try:
            return bind(line, self._schema.find(timeout), checked=checked)
        except LineError:
            schema = self._schema.renew(timeout)
            if schema is None:
                raise
            return bind(line, schema, checked=checked)

    def _run_shell_command(self, line: ShellCommand, where: str) -> int:
        match line.name.text:
            case "run" | "get" | "put":
                return self._run_in_guest(line, where)
            case "exit":
                self._ended = True
                return Status.OK
            case "hmp" if not self._client.is_agent:
                with self._output.delivery.to(line.destination):
                    return self._run_hmp(line.rest)
            case "sendfd" if not self._client.is_agent:
                return self._send_descriptor(line)
            case "source":
                from qmpshell.language.shell_words import placed_behind
                from qmpshell.language.sourcing import sourced_file

                with placed_behind(line):
                    file = sourced_file(line.rest, self._sources)
                return self._run_source(os.path.expanduser(file))
        others = "/get, /put, /run" if self._client.is_agent else "/hmp, /sendfd"
        message = f"this belongs to the prompt; without one there are /exit, {others} and /source"
        raise LineError(message, line.name.start, line.name.end)

    def _send_descriptor(self, line: ShellCommand) -> Status:
        from qmpshell.language.sendfd_words import read_sendfd
        from qmpshell.language.shell_words import placed_behind
        from qmpshell.shell.descriptors import send_file

        with placed_behind(line):
            wanted = read_sendfd(line.rest)

        def ask(members: dict[str, Any], descriptors: list[int]) -> Return:
            return self._client.request(members, descriptors=descriptors)

        self._output.reply(send_file(self._client, ask, wanted).reply, self._rendition)
        return Status.OK

    def _run_in_guest(self, line: ShellCommand, where: str) -> int:
        from qmpshell.cli.guest import run_guest_command
        from qmpshell.client.agent.client import agent_of
        from qmpshell.language.shell_words import placed_behind

        with self._output.delivery.to(line.destination), placed_behind(line):
            return run_guest_command(
                agent_of(self._client),
                line.name.text,
                line.rest,
                self._output,
                lambda text: complain(self._options.program, where + text),
                has_input=self.has_input,
            )

    def _run_source(self, file: str) -> int:
        self._sources += 1
        try:
            with opened([Source(is_file=True, text=file)], lines_go_on=True) as texts:
                return self.run_texts(texts)
        finally:
            self._sources -= 1

    def _run_hmp(self, text: str) -> Status:
        from qmpshell.client.hmp import hmp_request

        answer = self._client.request(hmp_request(text)).value
        shown = escape_lines(str(answer)).rstrip("\n")
        self._output.show([(Role.TEXT, shown)] if shown else [])
        return Status.OK


def _needs_schema(command: Command) -> bool:
    """A command without arguments is sent as it is: the server knows whether it has it."""
    return not isinstance(command, Invocation) or bool(command.arguments)
