"""The programs' arguments, declared for click: their names, their types, their help."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

import qmpshell
from qmpshell.cli.options import Options
from qmpshell.cli.script_arguments import (
    OUTPUT_OPTIONS,
    SCRIPT_OPTIONS,
    Seconds,
    refuse_contradictions,
    take_sources,
)
from qmpshell.cli.words import is_address
from qmpshell.configuration.file import configured
from qmpshell.errors import UsageError
from qmpshell.named_tuple import NamedTuple

F = TypeVar("F", bound=Callable[..., Any])

#: Where a context keeps the names of the options that were given, in order.
_GIVEN = "qmpshell.given"


class Arguments(NamedTuple):
    """What a program was given: options, and the words that are none."""

    options: Options
    words: tuple[str, ...]


def parse(command: click.Command, args: Sequence[str], env: Mapping[str, str]) -> Arguments | None:
    """Read a program's arguments.

    Parameters:
        command: one of the commands declared below.
        args: the arguments.
        env: the environment, which says whether the first word is an address.

    Returns:
        Them; ``None`` when they asked for no more than help, which was shown.

    Raises:
        UsageError: there is no such option, a value doesn't suit it, or two options don't
            go together.
    """
    values = parse_values(command, args, env)
    if values is None:
        return None
    words = values.pop("words")
    take_sources(values, values.pop(_GIVEN, ()))
    refuse_contradictions(values)
    values["configuration"] = configured(values.pop("config"), env)
    return Arguments(Options(program=command.name or "", **values), words)


def parse_values(
    command: click.Command, args: Sequence[str], env: Mapping[str, str]
) -> dict[str, Any] | None:
    """Read a program's arguments by their names; otherwise as :func:`parse` does."""
    name = command.name or ""
    try:
        with command.make_context(name, list(args), obj=env) as context:
            return dict(context.params)
    except click.ClickException as error:
        raise UsageError(f"{error.format_message()} (try {name} --help)") from None
    except click.exceptions.Exit:
        return None


class QEMUCommand(click.Command):
    """A command whose first word is QEMU, behind which QEMU's own options stand."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, but for an option of QEMU's that stands in front."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise click.UsageError(
                f"{error.format_message()} QEMU's own options stand behind its name:"
                f" {ctx.info_name} qemu-system-x86_64 {error.option_name} ..."
            ) from None


class AddressFirst(click.Command):
    """A command whose options may stand on both sides of its first word, an address."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Bring the options to the front, and let click go on."""
        before, words, given, file = self._split(ctx, args)
        if words and is_address(words[0], ctx.obj, lambda: configured(file, ctx.obj).targets):
            between, rest, given_between, _ = self._split(ctx, words[1:])
            before, words, given = [*before, *between], [words[0], *rest], [*given, *given_between]
        ctx.params[_GIVEN] = given
        # What stands behind a command is the command's own, but --watch has none.
        end = [] if "watch" in given else ["--"]
        return super().parse_args(ctx, [*before, *end, *words])

    def _split(
        self, ctx: click.Context, args: Sequence[str]
    ) -> tuple[list[str], list[str], list[str], str | None]:
        """Split at the first word that is no option and no option's value.

        Returns:
            What stands before it; it and what stands behind; the names of the options; the
            value of ``--config``.
        """
        options = click.Command(
            None, params=[p for p in self.params if isinstance(p, click.Option)]
        )
        parser = options.make_parser(ctx)
        parser.allow_interspersed_args = False
        values, words, given = parser.parse_args(list(args))
        before = list(args[: len(args) - len(words)])
        names = [option.name or "" for option in given]
        return [arg for arg in before if arg != "--"], words, names, values.get("config")


config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help='Read this configuration file instead of the usual one; "" for none.',
)

_COMMON = (
    click.option("-H", "--hmp", is_flag=True, help="Speak HMP, the human monitor's language."),
    click.option("-v", "--verbose", is_flag=True, help="Show requests and replies whole."),
    click.option(
        "-p", "--pretty", is_flag=True, help="Lay JSON out for people, also where no one looks."
    ),
    click.option(
        "-l",
        "--logfile",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Append every message in both directions, a JSON object a line.",
    ),
    click.option("--vi/--emacs", default=None, help="Edit lines with vi's keys, or with Emacs's."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        help="Colour replies; auto: on a terminal, unless NO_COLOR is set.",
    ),
    config_option,
    click.option(
        "--no-check", is_flag=True, help="Send also what the server's schema calls wrong."
    ),
    *OUTPUT_OPTIONS,
    click.option("--yes", is_flag=True, help="Don't ask before quit, system_reset and the like."),
)


def _with(options: Sequence[Callable[[Any], Any]]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        decorated: Any = function
        for option in reversed(options):
            decorated = option(decorated)
        result: F = decorated
        return result

    return decorate


@click.command("qmp-shell", cls=AddressFirst)
@_with(_COMMON)
@_with(SCRIPT_OPTIONS)
@click.option("--agent", is_flag=True, help="Talk to the guest agent (qemu-ga) that is there.")
@click.option(
    "-N", "--skip-negotiation", is_flag=True, help="Await no greeting, and negotiate nothing."
)
@click.option(
    "--connect-timeout",
    type=Seconds(),
    default=Options().connect_timeout,
    show_default=True,
    metavar="SECONDS",
    help="How long connecting and the greeting may take.",
)
@click.option(
    "--reconnect",
    is_flag=True,
    help="Wait for a machine that isn't there yet; at the prompt and with --watch also for one"
    " that is gone.",
)
@click.version_option(qmpshell.__version__)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[ADDRESS] [COMMAND [ARG...]]")
def qmp_shell() -> None:
    """The shell for QEMU's machine protocol (QMP).

    ADDRESS is where a monitor is: a socket's path, HOST:PORT, ssh://HOST/PATH,
    exec:COMMAND, listen:ADDRESS and others; without it, $QMP_SOCKET or $QMP_PATH says where.
    `qmp-shell demo` starts a machine to try.

    With a COMMAND, -c or -f, or with lines on standard input, it prints each reply as a
    line of JSON and ends; with --watch, it prints events; otherwise it opens a prompt.
    """


@click.command(
    "qmp-shell-wrap", cls=QEMUCommand, context_settings={"allow_interspersed_args": False}
)
@_with(_COMMON)
@click.version_option(qmpshell.__version__)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[--] [QEMU-COMMAND...]")
def qmp_shell_wrap() -> None:
    """Start QEMU with a private monitor socket, and open the shell on it.

    QEMU-COMMAND is QEMU and its options as you would type them, qemu-system-x86_64 when
    left out. When you leave with Ctrl-D, you are asked whether QEMU is to run on.
    """
