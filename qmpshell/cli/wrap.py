"""``qmp-shell-wrap``: start QEMU with a private monitor, and the shell on it."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from qmpshell.address import UnixAddress
from qmpshell.cli.arguments import parse, qmp_shell_wrap
from qmpshell.cli.launch import Launched
from qmpshell.cli.options import Options
from qmpshell.cli.program import run_program
from qmpshell.cli.session import run_session
from qmpshell.cli.signals import ending_on_signals
from qmpshell.cli.status import Status
from qmpshell.cli.target import Target
from qmpshell.errors import UsageError


def main(args: Sequence[str], env: Mapping[str, str]) -> int:
    """Run ``qmp-shell-wrap`` and return its exit status."""
    return run_program("qmp-shell-wrap", functools.partial(_run_arguments, args, env))


def _run_arguments(args: Sequence[str], env: Mapping[str, str]) -> int:
    arguments = parse(qmp_shell_wrap, args, env)
    return _run(*arguments, env) if arguments else Status.OK


def _run(options: Options, words: tuple[str, ...], env: Mapping[str, str]) -> int:
    qemu = words or ("qemu-system-x86_64",)
    _refuse_to_lose(qemu)

    def with_monitor(address: UnixAddress, _folder: Path) -> list[str]:
        return [*qemu, "-qmp", f"{address},server=on,wait=off"]

    with ending_on_signals(), Launched(with_monitor) as launched:
        target = Target(
            launched.connect,
            launched.address,
            remark=f"started as process {launched.pid}",
            output=launched.output,
        )
        status = run_session(target, options, (), env)
        if sys.stdin.isatty() and launched.running and _runs_on():
            launched.leave_running()
            click.echo(
                f"QEMU runs on, as process {launched.pid}: qmp-shell {launched.address.path}"
            )
    return status


def _refuse_to_lose(qemu: Sequence[str]) -> None:
    """Refuse what makes QEMU go on as another process, which we couldn't end.

    Parameters:
        qemu: QEMU and its options.

    Raises:
        UsageError: it would.
    """
    if not {"-daemonize", "--daemonize"}.isdisjoint(qemu):
        raise UsageError("QEMU must stay in the foreground here; leave out -daemonize")


def _runs_on() -> bool:
    """Ask; whoever gives no answer has left for good, and takes QEMU along."""
    try:
        return click.confirm("Leave QEMU running?", default=False)
    except click.Abort:
        # The terminal has echoed the ^C, or is gone.
        with contextlib.suppress(OSError):
            click.echo()
        return False
