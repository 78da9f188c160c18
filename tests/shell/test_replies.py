"""The last reply, the forms of replies, and how long they took."""

from collections.abc import Callable

import pytest

from qmpshell.simulator import Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "web1 prelaunch>"


def open_shell(socket: str, *options: str, **terminal: int) -> Terminal:
    terminal_ = Terminal(["qmp-shell", *options, socket], **terminal)
    terminal_.wait(lambda: terminal_.lines and terminal_.lines[-1].endswith("prelaunch>"))
    return terminal_


def test_the_last_reply_in_other_forms(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("_", PROMPT) == ["there is no reply yet: _ is the last one"]
        terminal.run("query-name", PROMPT)
        for _ in range(2):
            assert terminal.run("_ --output flat", PROMPT) == ["name: web1"]
        assert terminal.run("_ --output raw", PROMPT)[0].startswith('{"return": {"name": "web1"}, ')
        # An error, another of the shell's commands and a line that isn't sent change nothing.
        terminal.run("device_del nope", PROMPT)
        terminal.run("/events", PROMPT)
        terminal.run("query-kvm --dry-run", PROMPT)
        assert terminal.run("_ --select name", PROMPT) == ['"web1"']
        (error,) = terminal.run("_ now", PROMPT)
        assert error.index("^^^") == len(f"{PROMPT} _ ")


def test_after_a_selection_it_is_still_whole(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("query-version --select qemu.major", PROMPT)[0].isdigit()
        assert terminal.run("_ --select sort(keys(@))", PROMPT) == ['["package", "qemu"]']


def test_tab_offers_what_can_be_selected(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.run("query-cpus-fast", PROMPT)
        terminal.type("_ --select qompa")
        terminal.wait_for('[]."qom-path"')
        terminal.type("\t")
        terminal.wait_for(f'{PROMPT} _ --select []."qom-path"')
        terminal.type("\r")
        terminal.wait_for('["/machine/unattached/device[0]"]')


def test_nothing_is_sent(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate()
    prompt = "demo prelaunch>"
    with open_shell(simulator.path, "-v") as terminal:
        assert len(terminal.run("query-name", prompt)) == 3
        assert terminal.run("_", prompt) == ['{"name": "demo"}']
    assert not [request for request in simulator.received if request.get("execute") == "_"]
