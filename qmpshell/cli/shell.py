"""``qmp-shell``: its options, and what they lead to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import click

import qmpshell
from qmpshell.address import parse_address
from qmpshell.cli.options import CommonOptions, common_options
from qmpshell.cli.program import run_program
from qmpshell.cli.session import run_session
from qmpshell.cli.target import Target
from qmpshell.cli.words import DEMO, AddressFirst, address_from, is_address
from qmpshell.client import CONNECT_SECONDS, Client, Traffic, connect
from qmpshell.errors import UsageError
from qmpshell.transport import LONGEST_SECONDS


def main(args: Sequence[str], env: Mapping[str, str]) -> int:
    """Run ``qmp-shell`` and return its exit status."""
    return run_program(command, args, env)


def _refuse_nan(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if math.isnan(value):
        raise click.BadParameter("nan is no number of seconds.")
    return value


@click.command("qmp-shell", cls=AddressFirst)
@common_options
@click.option(
    "-N", "--skip-negotiation", is_flag=True, help="Await no greeting (for the guest agent)."
)
@click.option(
    "--connect-timeout",
    type=click.FloatRange(min=0, max=LONGEST_SECONDS, min_open=True),
    callback=_refuse_nan,
    default=CONNECT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long connecting and the greeting may take.",
)
@click.version_option(qmpshell.__version__)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[ADDRESS] [COMMAND [ARG...]]")
@click.pass_obj
def command(
    env: Mapping[str, str],
    *,
    options: CommonOptions,
    skip_negotiation: bool,
    connect_timeout: float,
    words: tuple[str, ...],
) -> int:
    """The shell for QEMU's machine protocol (QMP).

    ADDRESS is a monitor's socket: a path, HOST:PORT, unix:PATH or tcp:HOST:PORT; without
    it, $QMP_SOCKET or $QMP_PATH says where. `qmp-shell demo` starts a machine to try.

    With a COMMAND, or with lines on standard input, it prints each reply as a line of
    JSON and ends; otherwise it opens a prompt.
    """
    text, words = _split_address(words, env)
    if text == DEMO:
        from qmpshell.cli.demo import demo

        with demo(env) as target:
            return run_session(target, options, words, env)
    address = parse_address(text)

    def make_client(traffic: Traffic | None) -> Client:
        return connect(
            address, timeout=connect_timeout, negotiate=not skip_negotiation, traffic=traffic
        )

    return run_session(Target(make_client, negotiated=not skip_negotiation), options, words, env)


def _split_address(words: tuple[str, ...], env: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    if words and is_address(words[0], env):
        return words[0], words[1:]
    address = address_from(env)
    if address is None:
        raise UsageError(
            "no address: give a monitor's socket or HOST:PORT, or set $QMP_SOCKET;"
            " `qmp-shell demo` starts a machine to try"
        )
    return address, words
