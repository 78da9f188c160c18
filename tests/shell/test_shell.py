"""The shell as a person sees it: a real terminal, mostly on a real QEMU."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.simulator import Faults, Simulator, Then
from qmpshell.simulator.faults import HOSTILE
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PAUSED = "web1 prelaunch>"
RUNNING = "web1 running>"
DEMO = "demo prelaunch>"


def open_shell(socket: str, *options: str, **terminal: int) -> Terminal:
    return Terminal(["qmp-shell", *options, socket], **terminal)


def test_a_session(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        banner = terminal.lines[0]
        assert banner.startswith("QEMU ")
        assert banner.endswith("Tab completes, /help helps, Ctrl-D leaves.")
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
        assert terminal.run("device_del id=nope", PAUSED) == [
            "DeviceNotFound: Device 'nope' not found"
        ]
        terminal.type("cont\r")
        terminal.wait_for_last_line(RUNNING)
        assert any(line.endswith("  RESUME") for line in terminal.lines)
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0
    assert qemu.running


def test_raw_json_on_one_line_and_on_three(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        shorthand = terminal.run("query-version", PAUSED)
        assert '"qemu": {' in shorthand[0]
        assert terminal.run('{"execute": "query-version"}', PAUSED) == shorthand
        for line in ('{"execute":', '"query-version"'):
            terminal.type(line + "\r")
            terminal.wait(
                lambda line=line: (
                    terminal.lines[-2].endswith(f" {line}") and terminal.lines[-1].strip() == "..."
                )
            )
        assert terminal.run("}", PAUSED) == shorthand
        assert b"\x1b[34m" in terminal.raw


def test_wrong_input_and_ctrl_c_leave_the_prompt_usable(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        (error,) = terminal.run('{"execute": query}', PAUSED)
        assert error.index("^") == len(f"{PAUSED} ") + 12
        (error,) = terminal.run("device_del id='x", PAUSED)
        assert error.strip().startswith("^ ")
        terminal.type("half a li")
        terminal.wait_for("half a li")
        terminal.press("\x03", PAUSED)
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']


def test_events_stand_above_the_line_being_typed_in_order(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal, qmpshell.connect(qemu.sockets[1]) as other:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("query-na")
        terminal.wait_for("query-na")
        for _ in range(1000):
            other.execute("cont")
            other.execute("stop")
        terminal.wait(lambda: sum(line.endswith("  STOP") for line in terminal.lines) == 1000)
        terminal.wait_for("web1 paused> query-na")
        names = [line.split()[-1] for line in terminal.lines if line.endswith(("STOP", "RESUME"))]
        assert names == ["RESUME", "STOP"] * 1000
        terminal.type("me\r")
        terminal.wait_for('{"name": "web1"}')
        terminal.wait_for_last_line("web1 paused>")
        terminal.type("\x04")
        assert terminal.wait_until_ended() == 0
    assert qemu.running


def test_tab_completes_command_names(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("query-statu")
        terminal.wait_for("query-status")
        terminal.type("\t")
        terminal.wait_for(f"{PAUSED} query-status")
        terminal.type("\r")
        terminal.wait_for('"status": "prelaunch"')
        terminal.type("qbljobs")
        terminal.wait_for("query-block-jobs")
        terminal.type("\t\r")
        terminal.wait_for("[]")
        terminal.type("/rec")
        terminal.wait_for("connect to the same address again")
        terminal.type("\t")
        terminal.wait_for(f"{PAUSED} /reconnect")


def test_history_is_kept_private_and_searched(qemu: RealQEMU, home: Path) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.run("query-name", PAUSED)
        terminal.run("query-kvm", PAUSED)
        terminal.type("\x04")
        terminal.wait_until_ended()
    history = home / ".local/state/qmpshell/history"
    assert "+query-name" in history.read_text()
    assert history.stat().st_mode & 0o777 == 0o600
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("\x1b[A\x1b[A")
        terminal.wait_for_last_line(f"{PAUSED} query-name")
        terminal.type("\x03")
        terminal.wait_for_last_line(PAUSED)
        terminal.type("\x12kvm")
        terminal.wait_for("query-kvm")
        terminal.type("\r\r")
        terminal.wait_for('"present"')


def test_a_history_that_cannot_be_written_is_no_reason_to_fail(
    simulate: Callable[..., Simulator], home: Path
) -> None:
    (home / ".local").write_text("in the way")
    with open_shell(simulate().path) as terminal:
        terminal.wait_for_last_line(DEMO)
        assert "no history is kept" in terminal.lines[1]
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']


def test_vi_keys(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, "--vi") as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("XXXX query-name\x1b0dw")
        terminal.wait_for_last_line(f"{PAUSED} query-name")
        # The cursor is a beam where keys insert, and a block where they don't (DECSCUSR).
        shapes = re.findall(rb"\x1b\[(\d) q", terminal.raw)
        assert (shapes[0], shapes[-1]) == (b"6", b"2")
        terminal.type("\r")
        terminal.wait_for('{"name": "web1"}')


def test_a_transaction_in_a_block_and_the_way_out_of_a_wrong_one(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        for line in ("transaction(", "  nonsense 5", ")"):
            terminal.type(line + "\r")
        terminal.wait_for("no such action")
        terminal.wait_for_last_line(PAUSED)
        terminal.type("transaction(\r")
        terminal.wait(lambda: terminal.lines[-1].strip() == "...")
        terminal.type("  whatever")
        terminal.wait_for("whatever")
        terminal.press("\x03", PAUSED)
        for name in ("disk0", "disk1"):
            reply = terminal.run(
                f"blockdev-add driver=null-co node-name={name} size=1048576", PAUSED
            )
            assert reply == ["{}"]
        for line in (
            "transaction(",
            "block-dirty-bitmap-add node=disk0 name=b0",
            "block-dirty-bitmap-add node=disk1 name=b1",
        ):
            terminal.type(line + "\r")
            terminal.wait(lambda: terminal.lines[-1].strip() == "...")
        assert terminal.run(")", PAUSED)[-1] == "{}"
        named = terminal.run("query-named-block-nodes", PAUSED)
        assert any('"b0"' in line for line in named)
        assert any('"b1"' in line for line in named)


def test_pasted_lines_are_run_in_their_order_up_to_the_first_that_fails(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        lines = ["query-name", "# a comment", '{"execute":', ' "query-uuid"}', '{"execute":']
        terminal.type("\x1b[200~" + "\n".join(lines) + "\x1b[201~")
        terminal.wait(lambda: terminal.lines[-1].endswith('... {"execute":'))
        # What is open in the last of them is still to be closed.
        terminal.type("\r")
        terminal.wait(lambda: "Enter runs it when all is closed" in terminal.bottom_line)
        terminal.type('"query-name"}\r')
        terminal.wait_for_last_line(PAUSED)
        assert terminal.lines[-4:-1] == [
            '{"name": "web1"}',
            '{"UUID": "00000000-0000-0000-0000-000000000000"}',
            '{"name": "web1"}',
        ]
        assert terminal.run("\x1b[200~stop\nquery-nam\ncont\x1b[201~", PAUSED)[-3:] == [
            "{}",
            "line 2: query-nam",
            "        ^^^^^^^^^ no such command; nearest: query-name, query-vnc",
        ]


def test_ctrl_c_gives_up_waiting_and_the_late_reply_is_dropped(
    simulate: Callable[..., Simulator],
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("query-block\r")
        simulator.wait_for("query-block")
        terminal.type("\x03")
        terminal.wait_for("gave up waiting; a reply that still comes is dropped")
        terminal.wait_for_last_line(DEMO)
        simulator.release()
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']


def test_verbose_shows_the_exchange(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, "-v") as terminal:
        terminal.wait_for_last_line(PAUSED)
        sent, received, reply = terminal.run('{"execute": "query-name", "id": 7}', PAUSED)
        assert sent == '-> {"execute": "query-name", "id": 7}'
        assert received == '<- {"return": {"name": "web1"}, "id": 7}'
        assert reply == '{"name": "web1"}'
        sent, received, _ = terminal.run('{"execute": "stop", "id": 8, "control": 1}', PAUSED)
        assert received.startswith('<- {"id": 8, "error": {')


def test_help_and_exit_with_and_without_a_slash(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        shown = terminal.run("help", PAUSED)
        assert terminal.run("/help", PAUSED) == shown
        assert terminal.run("?", PAUSED) == shown
        for name in ("/exit", "/help", "/hmp LINE", "/reconnect"):
            assert any(line.startswith(name) for line in shown)
        (error,) = terminal.run("/nope", PAUSED)
        assert "no such command; /help lists them" in error
        assert "no such command; nearest: /help; /help" in terminal.run("/hepl", PAUSED)[0]
        assert "no such command; nearest: /exit; /help" in terminal.run("/quit", PAUSED)[0]
        assert "takes no arguments" in terminal.run("/reconnect now", PAUSED)[0]
        terminal.type("exit\r")
        assert terminal.wait_until_ended() == 0
    assert qemu.running


def test_dry_run_and_timeout(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        shown = terminal.run("device_del id=x --dry-run", DEMO)
        assert shown == ['{"execute": "device_del", "arguments": {"id": "x"}}']
        assert terminal.run("query-block --timeout 0.05", DEMO) == [
            "query-block: no reply in 0.05 s; it may still be running"
        ]


def test_the_end_of_the_connection_is_one_line_and_reconnect_goes_on(
    simulate: Callable[..., Simulator],
) -> None:
    simulator = simulate()
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("query-na")
        terminal.wait_for("query-na")
        simulator.drop_client()
        terminal.wait_for("the connection ended: the server closed it; /reconnect, or Ctrl-D")
        terminal.wait_for("demo disconnected> query-na")
        terminal.type("me\r")
        terminal.wait_for("not connected; /reconnect, or Ctrl-D")
        terminal.wait_for_last_line("demo disconnected>")
        # What it is called is said as well, if it says so in time.
        (back,) = terminal.run("/reconnect", DEMO)
        assert back.startswith("connected again: QEMU 10.0.13")
        assert terminal.run("query-name", DEMO) == ['{"name": "demo"}']


def test_quit_ends_with_one_line(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, columns=200) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.type("quit --yes\r")
        terminal.wait_for("the connection ended")
        terminal.wait_for_last_line("web1 disconnected>")
        assert [line.split("  ")[1] for line in terminal.lines if "SHUTDOWN" in line]
        assert sum("the connection ended" in line for line in terminal.lines) == 1
        # Its socket goes after the connection.
        qemu.wait_until_ended()
        assert ": no such file; " in terminal.run("/reconnect", "web1 disconnected>")[0]
        assert "Traceback" not in terminal.text


def test_a_server_that_dies_while_a_command_runs(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("query-block\r")
        simulator.wait_for("query-block")
        simulator.drop_client()
        terminal.wait_for("the connection ended")
        terminal.wait_for_last_line("demo disconnected>")
        assert sum("the connection ended" in line for line in terminal.lines) == 1


def test_a_server_that_answers_nothing_does_not_hold_up_the_prompt(
    simulate: Callable[..., Simulator],
) -> None:
    silent = frozenset({"query-name", "query-status", "query-commands"})
    with open_shell(simulate(faults=Faults(held=silent)).path) as terminal:
        terminal.wait_for_last_line("QEMU>")
        terminal.type("query-na")
        terminal.wait_for_last_line("QEMU> query-na")


def test_hostile_strings_never_reach_the_terminal(simulate: Callable[..., Simulator]) -> None:
    greeting = {"qemu": {"major": 9, "minor": 9, "micro": 9}, "package": f"p{HOSTILE}"}
    simulator = simulate(
        name=f"n{HOSTILE}",
        greeting={"QMP": {"version": greeting, "capabilities": []}},
        faults=Faults(
            values={
                "query-uuid": {f"k{HOSTILE}": f"v{HOSTILE}"},
                "query-status": {"status": f"s{HOSTILE}"},
                "human-monitor-command": f"h{HOSTILE}\r\nmore",
            },
            errors={"query-block": (f"C{HOSTILE}", f"d{HOSTILE}")},
            extra_commands=(f"zzz{HOSTILE}", "zzz-fine"),
        ),
    )
    with open_shell(simulator.path, "-v", columns=400) as terminal:
        terminal.wait(
            lambda: terminal.lines and re.fullmatch(r"n\\u001b.* s\\u001b.*>", terminal.lines[-1])
        )
        prompt = terminal.lines[-1]
        for line in ("query-uuid", "query-block", "/hmp info status"):
            terminal.run(line, prompt)
        simulator.emit(f"E{HOSTILE}", {f"k{HOSTILE}": f"v{HOSTILE}"})
        terminal.wait_for("E\\u001b")
        terminal.type("zzz")
        terminal.wait_for("zzz-fine")
        terminal.type("\x03\x04")
        terminal.wait_until_ended()
        for what in "pnkvshCdE":
            assert f"{what}\\u001b[31mred\\u001b]0;title\\u0007\\u009b2J" in terminal.text
    for hostile in ("\x1b[31mred", "\x1b]0;title", "\x9b2J", "\u202e", "\u2066"):
        assert hostile.encode() not in terminal.raw


def test_hmp_mode(qemu: RealQEMU) -> None:
    prompt = "web1 hmp prelaunch>"
    with open_shell(qemu.socket, "-H") as terminal:
        terminal.wait_for_last_line(prompt)
        assert terminal.run("info status", prompt) == ["VM status: paused (prelaunch)"]
        assert terminal.run("", prompt) == []
        assert "human monitor" in terminal.run("/help | head -n 1", prompt)[0]
        assert "the current CPU is 0" in terminal.run("cpu", prompt)[0]
        assert "there is no CPU 7" in terminal.run("cpu 7", prompt)[0]
        assert "`cpu N` takes" in terminal.run("cpu x", prompt)[0]
        assert terminal.run("cpu 0", prompt) == []
        assert "unknown command: 'nope'" in terminal.run("nope", prompt)[0]
        terminal.type("info uu")
        terminal.wait_for("uuid")
        terminal.type("\t")
        terminal.wait_for(f"{prompt} info uuid")
        terminal.type("\x15screend")
        terminal.wait_for("screendump")
        terminal.type("\t")
        terminal.wait_for(f"{prompt} screendump")
        terminal.type("\x15")
        terminal.wait_for_last_line(prompt)
        assert any(line.startswith("/hmp") for line in terminal.run("/help", prompt))
        terminal.type("exit\r")
        assert terminal.wait_until_ended() == 0
    assert qemu.running


def test_hmp_from_the_normal_mode(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("/hmp info name", PAUSED) == ["web1"]


def test_the_cpu_that_hmp_mode_chose_lasts(tmp_path: Path) -> None:
    with RealQEMU(tmp_path, "-smp", "2") as qemu, open_shell(qemu.socket, "-H") as terminal:
        prompt = "web1 hmp prelaunch>"
        terminal.wait_for_last_line(prompt)
        assert terminal.run("cpu 1", prompt) == []
        assert any("* CPU #1" in line for line in terminal.run("info cpus", prompt))


def test_keys_typed_during_a_flood_of_events_are_not_lost(
    simulate: Callable[..., Simulator],
) -> None:
    simulator = simulate()
    text = "abcdefghijklmnopqrstuvwxyz0123456789" * 2
    with open_shell(simulator.path) as terminal:
        terminal.wait_for_last_line(DEMO)
        for character in text:
            for _ in range(10):
                simulator.emit("SUSPEND")
                simulator.emit("WAKEUP")
            terminal.type(character)
        terminal.wait(lambda: terminal.lines[-1].endswith(f"> {text}"))
        terminal.wait(lambda: sum("WAKEUP" in line for line in terminal.lines) == 10 * len(text))
        assert not [line for line in terminal.lines if "WAKEUP" in line and line[-6:] != "WAKEUP"]


@pytest.mark.parametrize(("columns", "lines"), [(100, 7), (20, 5), (40, 30)])
def test_a_small_terminal_or_a_long_name(
    simulate: Callable[..., Simulator], columns: int, lines: int
) -> None:
    simulator = simulate(name="instance-0000a3f1-production-webfrontend-01")
    with open_shell(simulator.path, columns=columns, lines=lines) as terminal:
        terminal.wait_for("inst")
        terminal.type("stop")
        terminal.wait_for("stop")
        terminal.type("\r")
        terminal.wait_for("{}")


def test_a_history_that_is_no_file_is_left_as_it_is(qemu: RealQEMU, home: Path) -> None:
    history = home / ".local/state/qmpshell/history"
    history.parent.mkdir(parents=True)
    os.mkfifo(history, 0o644)
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert terminal.run("query-name", PAUSED) == ['{"name": "web1"}']
    assert history.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("value", ["", "relative"])
def test_without_a_home_no_history_is_kept(
    qemu: RealQEMU, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HOME", value)
    with open_shell(qemu.socket) as terminal:
        terminal.wait_for_last_line(PAUSED)
        assert "no history is kept: HOME" in terminal.text


def test_a_signal_leaves_the_terminal_as_it_was(qemu: RealQEMU) -> None:
    script = f"qmp-shell {qemu.socket}; echo status $?; stty -a"
    with Terminal(["sh", "-c", script]) as terminal:
        terminal.wait_for_last_line(PAUSED)
        terminal.signal_children(signal.SIGTERM)
        terminal.wait_for("status 143")
        terminal.wait_for(" icanon ")
        terminal.wait_for(" echo ")


def test_a_connection_that_ends_at_once_is_told_at_once(
    simulate: Callable[..., Simulator],
) -> None:
    faults = Faults(cut_after=190, then=Then.CLOSE)
    with open_shell(simulate(faults=faults).path) as terminal:
        terminal.wait_for("the connection ended")
        terminal.wait_for_last_line("QEMU disconnected>")


def test_an_event_that_comes_with_a_reply_is_shown_at_once(
    simulate: Callable[..., Simulator],
) -> None:
    """Both are read together, and nothing further makes the socket readable."""
    with open_shell(simulate().path) as terminal:
        terminal.wait_for_last_line(DEMO)
        terminal.type("device_del tab\r")
        terminal.wait_for("DEVICE_DELETED")
