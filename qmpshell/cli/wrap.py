"""``qmp-shell-wrap``: start QEMU with a private monitor, and the shell on it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

import qmpshell
from qmpshell.address import UnixAddress
from qmpshell.cli.launch import Launched, ending_on_signals
from qmpshell.cli.options import CommonOptions, common_options
from qmpshell.cli.program import run_program
from qmpshell.cli.session import run_session
from qmpshell.cli.target import Target
from qmpshell.errors import UsageError


def main(args: Sequence[str], env: Mapping[str, str]) -> int:
    """Run ``qmp-shell-wrap`` and return its exit status."""
    return run_program(command, args, env)


@click.command("qmp-shell-wrap", context_settings={"allow_interspersed_args": False})
@common_options
@click.version_option(qmpshell.__version__)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[--] [QEMU-COMMAND...]")
@click.pass_obj
def command(env: Mapping[str, str], *, options: CommonOptions, words: tuple[str, ...]) -> int:
    """Start QEMU with a private monitor socket, and open the shell on it.

    QEMU-COMMAND is QEMU and its options as you would type them, qemu-system-x86_64 when
    left out. When you leave with Ctrl-D, you are asked whether QEMU is to run on.
    """
    qemu = words or ("qemu-system-x86_64",)
    _refuse_to_lose(qemu)

    def with_monitor(address: UnixAddress, _folder: Path) -> list[str]:
        return [*qemu, "-qmp", f"{address},server=on,wait=off"]

    with ending_on_signals(), Launched(with_monitor) as launched:
        target = Target(
            launched.connect, remark=f"started as process {launched.pid}", output=launched.output
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
        return False
