"""A connection that ends, on a terminal: at any moment, and how there is one again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.simulator import Faults, Simulator
from qmpshell.simulator.faults import HMP
from tests.real_qemu import RealQEMU, installed_version
from tests.terminal import PATIENCE, Terminal

pytestmark = pytest.mark.usefixtures("home")

Simulate = Callable[..., Simulator]

PAUSED = "web1 prelaunch>"
GONE = "web1 disconnected>"
WAITING = "web1 waiting>"
#: How it ended depends on what the killed QEMU had not read yet.
ENDED = "the connection ended: "


def open_shell(socket: str, *options: str, columns: int = 400) -> Terminal:
    return Terminal(["qmp-shell", *options, socket], columns=columns)


def said(terminal: Terminal, begin: str) -> list[str]:
    return [line for line in terminal.lines if line.startswith(begin)]


def negotiations(simulator: Simulator) -> int:
    return sum(request.get("execute") == "qmp_capabilities" for request in simulator.received)


def test_a_killed_qemu_and_another_one_in_its_place(tmp_path: Path) -> None:
    with open_shell(f"{tmp_path}/monitor0", "--reconnect") as terminal:
        with RealQEMU(tmp_path, "-usb", "-device", "usb-tablet,id=alpha") as first:
            terminal.wait_for_last_line(PAUSED)
            terminal.type("device_del ")
            terminal.wait_for("device_del")
            first.kill()
            terminal.wait_for(ENDED)
            terminal.wait_for_last_line(f"{WAITING} device_del")
        (end,) = said(terminal, ENDED)
        assert end.endswith("; waiting until it is there, Ctrl-C gives up")
        options = ("-usb", "-device", "usb-tablet,id=beta", "-name", "web2")
        with RealQEMU(tmp_path, *options) as second, qmpshell.connect(second.sockets[1]) as other:
            terminal.wait_for_last_line("web2 prelaunch> device_del")
            terminal.type("\t")
            terminal.wait_for("beta")
            assert "alpha" not in terminal.text
            terminal.wait_for(f"connected again: QEMU {installed_version()}")
            assert len(said(terminal, "connected again")) == 1
            terminal.press("\x15\r", "web2 prelaunch>")
            other.execute("cont")
            other.execute("system_reset")
            terminal.wait_for("  RESUME")
            terminal.wait_for("  RESET  guest=false reason=host-qmp-system-reset")
            terminal.wait_for_last_line("web2 running>")
            terminal.type("query-name\r")
            terminal.wait_for('{"name": "web2"}')


def test_by_hand(tmp_path: Path) -> None:
    with RealQEMU(tmp_path) as first, open_shell(first.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        first.kill()
        terminal.wait_for(ENDED)
        terminal.wait_for_last_line(GONE)
        (why,) = terminal.run("/reconnect", GONE)
        assert "refused: nobody listens there; the QEMU that made this socket is gone" in why
        assert terminal.run("query-name", GONE) == ["not connected; /reconnect, or Ctrl-D"]
        first.wait_until_ended()
        options = ("-usb", "-device", "usb-tablet,id=beta", "-name", "web2")
        with RealQEMU(tmp_path, *options) as second, qmpshell.connect(second.sockets[1]) as other:
            (back,) = terminal.run("/reconnect", "web2 prelaunch>")
            assert back.startswith(f"connected again: QEMU {installed_version()}")
            terminal.type("device_del \t")
            terminal.wait_for("beta")
            terminal.type("\x15")
            other.execute("cont")
            terminal.wait_for("  RESUME")
            terminal.wait_for_last_line("web2 running>")


def test_a_shell_that_is_there_before_its_machine(tmp_path: Path) -> None:
    path = f"{tmp_path}/monitor0"
    with open_shell(path, "--reconnect") as terminal:
        terminal.wait_for_last_line("QEMU waiting>")
        assert terminal.lines[0].startswith("Not connected yet. Tab completes")
        (why,) = said(terminal, f"{path}: no such file; ")
        assert why.endswith("; waiting until it is there, Ctrl-C gives up")
        (why,) = terminal.run("query-name", "QEMU waiting>")
        assert why.startswith(f"not connected: {path}: no such file; ")
        assert why.endswith("; waiting until it is there")
        assert "leave; the machine runs on" in terminal.run("/help /exit", "QEMU waiting>")[0]
        terminal.type("query-ve")
        with RealQEMU(tmp_path):
            terminal.wait_for_last_line(f"{PAUSED} query-ve")
            terminal.wait_for(f"connected: QEMU {installed_version()}")
            terminal.type("rsion\r")
            terminal.wait_for('"micro"')
            terminal.wait_for_last_line(PAUSED)
            assert terminal.run("set_link name=1 up=maybe", PAUSED)[0].endswith("on, off")


def test_leaving_while_it_waits(tmp_path: Path) -> None:
    for keys in ("/exit\r", "exit\r", "\x04"):
        with open_shell(f"{tmp_path}/none", "--reconnect") as terminal:
            terminal.wait_for_last_line("QEMU waiting>")
            terminal.type(keys)
            assert terminal.wait_until_ended() == 0


def test_ctrl_c_clears_the_line_and_then_gives_up_waiting(tmp_path: Path) -> None:
    with open_shell(f"{tmp_path}/monitor0", "--reconnect") as terminal:
        terminal.wait_for_last_line("QEMU waiting>")
        terminal.type("half a li")
        terminal.wait_for("half a li")
        assert terminal.press("\x03", "QEMU waiting>") == []
        given_up = "gave up waiting; /reconnect, or Ctrl-D"
        assert terminal.press("\x03", "QEMU disconnected>") == [given_up]
        with RealQEMU(tmp_path) as qemu:
            assert terminal.run("query-name", "QEMU disconnected>") == [
                "not connected; /reconnect, or Ctrl-D"
            ]
            terminal.run("/reconnect", PAUSED)
            # The next time it is waited for again.
            qemu.kill()
            terminal.wait_for_last_line(WAITING)


def test_a_monitor_that_another_client_holds(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket):
        options = ("--reconnect", "--connect-timeout", "0.2")
        with open_shell(qemu.socket, *options) as terminal:
            terminal.wait_for_last_line("QEMU waiting>")
            assert "held by" in terminal.text
            assert f"connect to {qemu.sockets[1]}, which is free" in terminal.text
            terminal.run(f"/connect {qemu.sockets[1]}", PAUSED)
            assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']


def test_a_holder_is_told_of_and_outwaited(simulate: Simulate) -> None:
    simulator = simulate()
    options = ("--reconnect", "--connect-timeout", "0.2")
    with open_shell(simulator.path, *options) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        simulator.set_faults(Faults(held=frozenset({"qmp_capabilities"})))
        simulator.drop_client()
        terminal.wait_for("greeted, but no answer to qmp_capabilities in time")
        terminal.wait_for_last_line("demo waiting>")
        terminal.wait(lambda: negotiations(simulator) > 1)
        simulator.set_faults(Faults())
        simulator.release()
        terminal.wait_for("connected again: ")
        terminal.wait_for_last_line("demo prelaunch>")
        assert terminal.text.count("greeted, but") == 1


def test_what_cannot_heal_is_not_waited_for(simulate: Simulate) -> None:
    simulator = simulate()
    with open_shell(simulator.path, "--reconnect") as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        simulator.set_faults(HMP)
        simulator.drop_client()
        terminal.wait_for("this is a human monitor")
        terminal.wait_for("gave up waiting; /reconnect, or Ctrl-D")
        terminal.wait_for_last_line("demo disconnected>")


def test_the_end_while_a_reply_is_awaited(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with open_shell(simulator.path, "--reconnect") as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type("query-block\r")
        simulator.wait_for("query-block")
        simulator.drop_client()
        simulator.release()
        terminal.wait_for("connected again: ")
        terminal.wait_for_last_line("demo prelaunch>")
        assert len(said(terminal, ENDED)) == 1
        assert terminal.run("query-name", "demo prelaunch>") == ['{"name": "demo"}']


def test_the_end_while_a_job_is_waited_for(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        for name in ("a", "b"):
            node = {"driver": "null-co", "node-name": name, "size": 2**26, "read-zeroes": True}
            other.execute("blockdev-add", node)
        terminal.wait_for_last_line(PAUSED)
        terminal.type("blockdev-mirror job-id=m device=a target=b sync=full speed=1 --wait\r")
        terminal.wait(lambda: terminal.lines[-1].startswith("m "))
        qemu.kill()
        terminal.wait_for_last_line(GONE)
        assert len(said(terminal, ENDED)) == 1
        assert not [line for line in terminal.lines if "░" in line]


def test_the_end_while_a_question_is_asked(simulate: Simulate) -> None:
    simulator = simulate()
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type("quit\r")
        terminal.wait_for("really? [y/N]")
        simulator.drop_client()
        terminal.wait_for(ENDED)
        terminal.wait(lambda: terminal.lines[-1].endswith("really? [y/N]"))
        terminal.type("y\r")
        terminal.wait_for("not connected; /reconnect, or Ctrl-D")
        terminal.wait_for_last_line("demo disconnected>")
        terminal.run("/reconnect", "demo prelaunch>")
        # What was confirmed was meant for the connection before.
        assert terminal.run("query-name", "demo prelaunch>") == ['{"name": "demo"}']


def test_a_yes_is_never_for_the_machine_that_came_meanwhile(simulate: Simulate) -> None:
    simulator = simulate()
    with open_shell(simulator.path, "--reconnect") as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type("quit\r")
        terminal.wait_for("really? [y/N]")
        simulator.drop_client()
        terminal.wait_for("connected again: ")
        terminal.wait(lambda: terminal.lines[-1].endswith("really? [y/N]"))
        terminal.type("y\r")
        terminal.wait_for("not sent: it was meant for the connection that has ended")
        terminal.wait_for_last_line("demo prelaunch>")
        assert terminal.run("query-name", "demo prelaunch>") == ['{"name": "demo"}']


def test_the_end_while_names_are_asked_for_completion(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"qom-list"})))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type("device_del id=\t")
        simulator.wait_for("qom-list")
        simulator.drop_client()
        terminal.wait_for(ENDED)
        terminal.wait_for_last_line("demo disconnected> device_del id=")
        terminal.type("\x15")
        simulator.set_faults(Faults())
        simulator.release()
        terminal.wait_for_last_line("demo disconnected>")
        terminal.run("/reconnect", "demo prelaunch>")
        terminal.type("device_del id=\t")
        terminal.wait_for("tab")


def test_ctrl_c_while_connecting(simulate: Simulate) -> None:
    stuck = simulate(faults=Faults(held=frozenset({"qmp_capabilities"})))
    simulator = simulate()
    with open_shell(simulator.path, "--connect-timeout", "1000") as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type(f"/connect {stuck.path}\r")
        stuck.wait_for("qmp_capabilities")
        terminal.type("\x03")
        terminal.wait_for("gave up connecting; still connected to demo")
        terminal.wait_for_last_line("demo prelaunch>")
        assert terminal.run("query-name", "demo prelaunch>") == ['{"name": "demo"}']
        simulator.set_faults(Faults(held=frozenset({"qmp_capabilities"})))
        terminal.type("/reconnect\r")
        terminal.wait(lambda: negotiations(simulator) == 2)
        terminal.type("\x03")
        terminal.wait_for("\ngave up connecting\n")
        terminal.wait_for_last_line("demo disconnected>")
        simulator.set_faults(Faults())
        simulator.release()
        terminal.run("/reconnect", "demo prelaunch>")
        assert terminal.run("query-name", "demo prelaunch>") == ['{"name": "demo"}']


def test_connecting_elsewhere_and_seeing_where(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with (
        RealQEMU(tmp_path) as here,
        RealQEMU(tmp_path / "other", "-name", "guest=web2", monitors=1) as there,
        open_shell(here.socket) as terminal,
    ):
        terminal.wait_for_last_line(PAUSED)
        listed = terminal.run("/connect", PAUSED)
        assert listed[0].split() == ["NAME", "PID", "MONITOR", "SPEAKS", "STATE"]
        row = next(line for line in listed if there.socket in line)
        assert row.split()[:2] == ["web2", str(there.pid)]
        assert row.endswith(" free")
        assert "starts a machine to try" in terminal.run("/connect demo", PAUSED)[0]
        terminal.type(f"/connect {there.socket[1:-3]}")
        terminal.wait_for(f"web2, process {there.pid}")
        terminal.type("\t")
        terminal.wait_for(f"{PAUSED} /connect {there.socket}")
        terminal.type("\r")
        terminal.wait_for_last_line("web2 prelaunch>")
        assert len(said(terminal, f"connected: QEMU {installed_version()}")) == 1
        assert terminal.run("query-name", "web2 prelaunch>") == ['{"name": "web2"}']
        # The machine that was left is free again, and runs on.
        qmpshell.connect(here.socket, timeout=PATIENCE).close()
        terminal.run("/reconnect", "web2 prelaunch>")
        assert here.running


def test_a_machine_of_our_own_ends_with_the_shell_wherever_that_is(qemu: RealQEMU) -> None:
    machine = ("-machine", "pc", "-nodefaults", "-display", "none", "-S", "-name", "own")
    with Terminal(["qmp-shell-wrap", "qemu-system-x86_64", *machine], columns=200) as terminal:
        terminal.wait_for_last_line("own prelaunch>")
        pid = int(terminal.text.split("started as process ")[1].split(".")[0])
        terminal.run(f"/connect {qemu.socket}", PAUSED)
        terminal.type("\x04")
        terminal.wait_for("Leave QEMU running? [y/N]:")
        terminal.type("\r")
        assert terminal.wait_until_ended() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert qemu.running
