"""A program between us and QEMU: what it says, and that it ends with us."""

import os
import signal
from collections.abc import Callable

import pytest

import qmpshell
from qmpshell.errors import ConnectError
from tests.cli.programs import run
from tests.processes import Descendants
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"


def through(qemu: RealQEMU, before: str = "") -> str:
    return f"exec:{before}socat - UNIX:{qemu.socket}"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-program", "sh: 1: no-such-program: not found"),
        ("exit 3", "it ended with status 3"),
        ("kill -9 $$", "it was ended by signal 9"),
        ("true", "it ended, and nothing came of it"),
        (r"printf 'one\ntwo\nth\033[31mree\n' >&2; exit 1", r"two; th\u001b[31mree"),
        ("exec >&- <&-; echo gone >&2; exec sleep 1000", "gone"),
    ],
)
def test_its_last_words(command: str, reason: str) -> None:
    with pytest.raises(ConnectError) as caught:
        qmpshell.connect(f"exec:{command}")
    assert str(caught.value) == f"exec:{command}: {reason}"


def test_its_last_words_in_the_middle(qemu: RealQEMU) -> None:
    # Without -t0, it would wait a while after one side's end for the other's.
    relay = f"exec:socat -t0 - UNIX:{qemu.socket}; echo 'the tunnel fell in' >&2"
    outcome = run("qmp-shell", relay, "-c", "quit", "-c", "query-name")
    assert outcome.status == 4
    assert "the tunnel fell in" in outcome.err


def test_one_that_says_much_holds_nothing_up(qemu: RealQEMU) -> None:
    talk = "{ head -c 1000000 /dev/zero | tr '\\0' x >&2; }; "
    with qmpshell.connect(through(qemu, talk)) as machine:
        for _ in range(10):
            assert machine.execute("query-name") == {"name": "web1"}


def test_one_that_wants_to_ask_is_told_that_there_is_no_terminal() -> None:
    with (
        Terminal(["qmp-shell", "exec:read -r answer </dev/tty"], columns=200) as terminal,
    ):
        terminal.wait_for("/dev/tty: No such device or address")
        assert terminal.wait_until_ended() == 3


def _kill(terminal: Terminal) -> None:
    os.kill(terminal.pid, signal.SIGKILL)


def _leave(terminal: Terminal) -> None:
    terminal.type("\x04")


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ("cat | ", _leave),
        ("trap '' TERM; ", _leave),
        ("cat | ", _kill),
        ("trap '' TERM; ", _kill),
        ("", Terminal.hang_up),
    ],
)
def test_it_ends_with_the_shell(
    qemu: RealQEMU, before: str, end: Callable[[Terminal], None]
) -> None:
    with Terminal(["qmp-shell", through(qemu, before)]) as terminal:
        terminal.wait_for_last_line(PAUSED)
        started = Descendants(terminal.pid)
        end(terminal)
        started.wait_until_ended()


def test_tab_in_another_shell_runs_nothing(qemu: RealQEMU) -> None:
    line = f"qmp-shell 'exec:touch {qemu.socket}.ran' query-"
    env = {**os.environ, "_QMP_SHELL_COMPLETE": "bash_complete", "COMP_LINE": line}
    assert run("qmp-shell", env=env).out == ""
    assert not os.path.exists(f"{qemu.socket}.ran")
