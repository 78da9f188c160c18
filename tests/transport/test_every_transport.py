"""What holds for every transport, each with a real QEMU at its far end."""

import os
import signal
import subprocess
from collections.abc import Iterable
from typing import get_args

import pytest

import qmpshell
from qmpshell import address, transport
from tests.cli.programs import run
from tests.terminal import Terminal
from tests.transport.far_ends import FarEnd


def test_every_address_has_a_transport() -> None:
    assert set(transport._OPENERS) == set(get_args(address.Address))


def test_names_and_events_at_the_prompt(far_end: FarEnd) -> None:
    with Terminal(far_end.command("qmp-shell")) as terminal:
        terminal.wait_for_last_line("web1 prelaunch>")
        terminal.type("device_del id=\t")
        terminal.wait_for("alpha")
        terminal.type("\x15")
        terminal.wait_for_last_line("web1 prelaunch>")
        with qmpshell.connect(far_end.qemu.socket) as plain:
            plain.execute("cont")
        terminal.wait_for("  RESUME")
        terminal.wait_for_last_line("web1 running>")
        assert terminal.run("query-name", "web1 running>") == ['{"name": "web1"}']
        far_end.qemu.kill()
        terminal.wait_for("the connection ended")
        terminal.wait_for_last_line("web1 disconnected>")
        assert terminal.text.count("connection ended") == 1
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0


def wait_for_line(stream: Iterable[str], begin: str) -> None:
    assert any(line.startswith(begin) for line in stream), f"it ended without {begin}"


def test_many_commands_and_then_the_far_end_is_killed_in_the_middle_of_one(far_end: FarEnd) -> None:
    many = far_end.many
    # benchmarks/transports.py sends ten times as many, and all at once.
    with subprocess.Popen(
        far_end.command("qmp-shell", "-v"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write("query-name\n" * many)
        for _ in range(many):
            wait_for_line(process.stderr, '<- {"return": {"name"')
        os.kill(far_end.qemu.pid, signal.SIGSTOP)
        process.stdin.write("query-status\n")
        wait_for_line(process.stderr, '-> {"execute": "query-status"')
        far_end.qemu.kill()
        complaints = process.stderr.readlines()
        assert process.wait() == 4
        assert process.stdout.read() == '{"name": "web1"}\n' * many
    (complaint,) = complaints
    assert complaint.startswith(f"qmp-shell: line {many + 1}: the connection ended")


@pytest.mark.parametrize(
    ("text", "module"),
    [("/none", "unix"), ("@none", "unix"), ("127.0.0.1:1", "tcp"), ("fd:99", "inherited")],
)
def test_no_transport_is_imported_before_it_is_asked_for(text: str, module: str) -> None:
    script = (
        "import sys, qmpshell\n"
        "try: qmpshell.connect(sys.argv[1])\n"
        "except qmpshell.ConnectError: pass\n"
        "begin = 'qmpshell.transport.'\n"
        "print(*(n.removeprefix(begin) for n in sys.modules if n.startswith(begin)))\n"
        "print('qmpshell.address.own_forms' in sys.modules)\n"
    )
    loaded, own_forms = run("python3", "-c", script, text).out.splitlines()
    helpers = {"connecting", "descriptors", "access"}
    assert set(loaded.split()) - helpers == {module}
    assert own_forms == str(text.startswith("fd:"))
