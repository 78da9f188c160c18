"""The small programs' arguments, declared for click."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

import qmpshell
from qmpshell.cli.arguments import config_option

F = TypeVar("F", bound=Callable[..., Any])

_NEGATIVE = re.compile(r"-[0-9.].*")


class ValueLast(click.Command):
    """A command whose last word may be a negative number, and is no option then."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put such a number behind the options' end, and let click go on."""
        if "--" not in args:
            negative = [arg for arg in args if _NEGATIVE.fullmatch(arg)]
            args = [*(arg for arg in args if arg not in negative), "--", *negative]
        return super().parse_args(ctx, args)


def _options(*address_names: str, text: str) -> Callable[[F], F]:
    """Add the options that all have.

    Parameters:
        address_names: how the address's option is called.
        text: the name of the output's form for people.
    """

    def decorate(function: F) -> F:
        decorated: Any = config_option(click.version_option(qmpshell.__version__)(function))
        decorated = click.option(
            "--output",
            type=click.Choice([text, "json"]),
            default=text,
            show_default=True,
            help="For people, or JSON for programs.",
        )(decorated)
        decorated = click.option(
            *address_names,
            "address",
            metavar="ADDRESS",
            help="The monitor: a socket's path or HOST:PORT; else $QMP_SOCKET or $QMP_PATH.",
        )(decorated)
        result: F = decorated
        return result

    return decorate


_qom_options = _options("-s", "--socket", text="text")


def _words(metavar: str) -> Callable[[F], F]:
    return click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar=metavar)


@click.command("qmp", context_settings={"allow_interspersed_args": False})
@_options("--path", text="flat")
@click.option("--agent", is_flag=True, help="Talk to the guest agent (qemu-ga) that is there.")
@_words("COMMAND [--ARG=VALUE...]")
def _qmp() -> None:
    """Send one command to a QEMU monitor that speaks QMP, and print the reply.

    `--ARG VALUE` is the same as `--ARG=VALUE`, and `--ARG` alone is true. Dots in the name
    nest: `--file.driver=qcow2`. `qmp COMMAND --help` asks the server what COMMAND takes.

    A COMMAND that the server doesn't have is looked for as a program qmp-COMMAND, which
    is run with the address in $QMP_SOCKET and $QMP_PATH.
    """


@click.command("qom-list")
@_qom_options
@_words("PATH")
def _qom_list() -> None:
    """List the properties of the object at PATH of the machine's object tree.

    An object below has a slash behind its name, a reference to another object also an @
    in front. PATH is / when left out.
    """


@click.command("qom-get")
@_qom_options
@_words("PATH.PROPERTY")
def _qom_get() -> None:
    """Print the value of a property of the object at PATH of the machine's object tree.

    PATH and PROPERTY may also be two words.
    """


@click.command("qom-set", cls=ValueLast)
@_qom_options
@_words("PATH.PROPERTY VALUE")
def _qom_set() -> None:
    """Give a property of the object at PATH of the machine's object tree another value.

    VALUE is read by the property's type: 4G and 0x1000 are integers, on is true. Of a type
    that isn't known it is JSON or a Python literal, or else a text. PATH and PROPERTY may
    also be two words.
    """


@click.command("qom-tree")
@_qom_options
@_words("[PATH]")
def _qom_tree() -> None:
    """Print the objects at PATH and below, with their properties, values and types.

    With --output json, each object is a line. PATH is / when left out.
    """


#: The programs by their names.
COMMANDS: dict[str, click.Command] = {
    command.name: command
    for command in (_qmp, _qom_list, _qom_get, _qom_set, _qom_tree)
    if command.name
}
