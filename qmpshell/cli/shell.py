"""``qmp-shell``: what its options and words lead to."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping, Sequence

from qmpshell.address import DEMO, Address
from qmpshell.cli.options import Options
from qmpshell.cli.program import run_program
from qmpshell.cli.session import run_session
from qmpshell.cli.status import Status
from qmpshell.cli.target import Target
from qmpshell.cli.words import address_from, has_options, is_address, read_address
from qmpshell.client import Client, Traffic, connect
from qmpshell.configuration.file import configured
from qmpshell.errors import UsageError


def main(args: Sequence[str], env: Mapping[str, str]) -> int:
    """Run ``qmp-shell`` and return its exit status."""
    return run_program("qmp-shell", functools.partial(_run_arguments, args, env))


def _run_arguments(args: Sequence[str], env: Mapping[str, str]) -> int:
    if not has_options(args):
        return _run(Options(configuration=configured(None, env)), tuple(args), env)
    from qmpshell.cli.arguments import parse, qmp_shell

    arguments = parse(qmp_shell, args, env)
    return _run(*arguments, env) if arguments else Status.OK


def _run(options: Options, words: tuple[str, ...], env: Mapping[str, str]) -> int:
    text, words = _split_address(options, words, env)
    if text == DEMO:
        if options.reconnect:
            raise UsageError("--reconnect waits for a machine, and a throw-away one never comes")
        if options.agent:
            raise UsageError("--agent talks to a guest, and a throw-away machine has none")
        from qmpshell.cli.demo import demo

        with demo(env) as target:
            return run_session(target, options, words, env)
    address = read_address(text, options.configuration)
    target = Target(
        functools.partial(_connect, address, options),
        address,
        negotiated=not (options.skip_negotiation or options.agent),
        is_agent=options.agent,
    )
    return run_session(target, options, words, env)


def _connect(address: Address, options: Options, traffic: Traffic | None) -> Client:
    return connect(
        address,
        timeout=options.connect_timeout,
        negotiate=not options.skip_negotiation,
        agent=options.agent,
        traffic=traffic,
    )


def _split_address(
    options: Options, words: tuple[str, ...], env: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    if words and is_address(words[0], env, lambda: options.configuration.targets):
        return words[0], words[1:]
    address = address_from(env)
    if address is None:
        from qmpshell.cli.choosing import choose_address
        from qmpshell.client.machines import Language

        of_agent = options.skip_negotiation or options.agent
        language = Language.AGENT if of_agent else Language.QMP
        interactive = not words and sys.stdin.isatty() and sys.stdout.isatty()
        address = str(choose_address(language, interactive=interactive))
    return address, words
