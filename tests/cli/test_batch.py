import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qmpshell.simulator import Faults, Simulator, Then
from qmpshell.simulator.faults import HOPELESS
from tests.cli.programs import run
from tests.real_qemu import RealQEMU

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")


def test_a_line_of_standard_input(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, lines="query-status\n")
    assert (outcome.status, outcome.err) == (0, "")
    assert json.loads(outcome.out)["status"] == "prelaunch"
    assert outcome.out.count("\n") == 1


def test_a_command_as_words(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, "query-status")
    assert (outcome.status, outcome.err) == (0, "")
    assert json.loads(outcome.out)["status"] == "prelaunch"


@pytest.mark.parametrize("words", [(), ("query-name",)])
def test_neither_imports_what_only_a_prompt_needs(simulate: Simulate, words: tuple[str]) -> None:
    script = (
        "import sys\n"
        "from qmpshell.cli.shell import main\n"
        "status = main(sys.argv[1:], {})\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(status, sorted(loaded & {'prompt_toolkit', 'pygments', 'asyncio', 'click'}))\n"
    )
    outcome = run(sys.executable, "-c", script, simulate().path, *words, lines="query-name\n")
    assert outcome.out.splitlines() == ['{"name": "demo"}', "0 []"]


def test_a_command_without_arguments_imports_nothing_that_knows_schemas_or_secrets(
    simulate: Simulate,
) -> None:
    script = (
        "import sys\n"
        "from qmpshell.cli.shell import main\n"
        "status = main(sys.argv[1:], {})\n"
        "print(status, sorted(name for name in sys.modules if name.startswith(\n"
        "    ('qmpshell.schema', 'qmpshell.secrets', 'hashlib', 'secrets', 'shutil', 'signal'))))\n"
    )
    outcome = run(sys.executable, "-c", script, simulate().path, "query-name")
    assert outcome.out.splitlines() == ['{"name": "demo"}', "0 []"]


def test_lines_comments_blanks_and_json_over_lines(simulate: Simulate) -> None:
    lines = '# a comment\n\nquery-name\n{"execute":\n  "query-name"}\n/hmp info name\nexit\nnope\n'
    outcome = run("qmp-shell", simulate().path, lines=lines)
    assert outcome.out.splitlines() == ['{"name": "demo"}', '{"name": "demo"}', "demo"]
    assert (outcome.status, outcome.err) == (0, "")


def test_it_stops_at_the_first_failure(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, lines="query-name\ndevice_del id=x\nquery-name\n")
    assert outcome.status == 1
    assert outcome.out.count("demo") == 1
    assert outcome.err == "qmp-shell: line 2: DeviceNotFound: Device 'x' not found\n"


def test_a_wrong_line_is_shown_with_carets_and_its_number(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, lines="query-name\ndevice_del id='x\n")
    assert outcome.status == 2
    line, carets = outcome.err.splitlines()
    assert line == "qmp-shell: line 2: device_del id='x"
    assert carets.index("^") == line.index("'")


def test_words_are_not_quoted_twice(simulate: Simulate) -> None:
    simulator = simulate()
    run("qmp-shell", simulator.path, "device_del", "id=my 'device")
    assert simulator.received[-1]["arguments"] == {"id": "my 'device"}


@pytest.mark.parametrize("position", ["before", "after"])
def test_options_stand_on_either_side_of_the_address(simulate: Simulate, position: str) -> None:
    path = simulate().path
    words = ["-p", path] if position == "before" else [path, "-p"]
    outcome = run("qmp-shell", *words, "query-version")
    assert outcome.out.startswith("{\n")


def test_what_stands_behind_the_command_is_the_commands(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, "query-name", "--dry-run")
    assert outcome.out == '{"execute": "query-name"}\n'


@pytest.mark.parametrize("variable", ["QMP_SOCKET", "QMP_PATH"])
def test_the_address_from_the_environment(simulate: Simulate, variable: str) -> None:
    env = {**os.environ, variable: simulate().path}
    assert run("qmp-shell", "query-name", env=env).out == '{"name": "demo"}\n'
    assert run("qmp-shell", lines="query-name", env=env).out == '{"name": "demo"}\n'
    assert run("qmp-shell", '{"execute": "query-name"}', env=env).out == '{"name": "demo"}\n'


def test_an_address_given_wins_over_the_environment(simulate: Simulate) -> None:
    env = {**os.environ, "QMP_SOCKET": "/nowhere"}
    assert run("qmp-shell", simulate().path, "query-name", env=env).status == 0


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--bogus",), "No such option"),
        (("--connect-timeout", "0", "x"), "--connect-timeout"),
        (("tcp:nowhere",), "HOST:PORT is expected"),
        (("x", ""), "a command is expected"),
    ],
)
def test_wrong_usage(args: tuple[str, ...], reason: str) -> None:
    outcome = run("qmp-shell", *args)
    assert outcome.status in (2, 3)
    assert outcome.err.startswith("qmp-shell: ")


@pytest.mark.parametrize("kind", HOPELESS)
def test_servers_that_cannot_be_worked_with(simulate: Simulate, kind: str) -> None:
    path = simulate(faults=HOPELESS[kind]).path
    outcome = run("qmp-shell", "--connect-timeout", "0.5", path, lines="query-status\n")
    assert outcome.status == 3
    assert outcome.err.startswith("qmp-shell: ")
    assert outcome.err.count("\n") == 1
    assert outcome.err[:-1].isprintable()
    assert outcome.out == ""


@pytest.mark.parametrize("held", ["query-qmp-schema", "query-commands"])
def test_a_lines_time_limit_holds_for_what_it_is_checked_against(
    simulate: Simulate, held: str
) -> None:
    path = simulate(faults=Faults(held=frozenset({held}))).path
    # What is asked before it is answered by then, also by a machine that is busy.
    outcome = run("qmp-shell", path, "device_del", "x", "--timeout", "1")
    assert outcome.status == 4
    assert f"{held}: no reply in 1 s" in outcome.err


def test_a_server_that_dies_in_mid_reply(simulate: Simulate) -> None:
    path = simulate(faults=Faults(cut_after=500, then=Then.CLOSE)).path
    outcome = run("qmp-shell", path, "query-qmp-schema")
    assert outcome.status == 4
    assert outcome.err == (
        "qmp-shell: the connection ended in the middle of a message: the server closed it\n"
    )


def test_a_time_limit(simulate: Simulate) -> None:
    path = simulate(faults=Faults(held=frozenset({"query-block"}))).path
    outcome = run("qmp-shell", path, "query-block", "--timeout", "0.1")
    assert outcome.status == 4
    assert "no reply in 0.1 s" in outcome.err


@pytest.mark.parametrize("what", ["gone", "file", "folder", "stale"])
def test_what_is_no_monitor(tmp_path: Path, what: str, simulate: Simulate) -> None:
    path = tmp_path / what
    if what == "file":
        path.write_text("kept")
    elif what == "folder":
        path.mkdir()
    elif what == "stale":
        with Simulator(tmp_path / "live"):
            os.link(tmp_path / "live", path)
    outcome = run("qmp-shell", str(path), "query-status")
    assert outcome.status == 3
    assert outcome.err.startswith(f"qmp-shell: {path}: ")
    assert outcome.err.count("\n") == 1


def test_quit_is_a_normal_end(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, "quit")
    assert (outcome.status, outcome.out, outcome.err) == (0, "{}\n", "")
    qemu.wait_until_ended()


def test_hmp_lines(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", "-H", qemu.socket, lines="info name\n\ninfo status\n")
    assert outcome.out == "web1\nVM status: paused (prelaunch)\n"
    assert run("qmp-shell", "-H", qemu.socket, "info", "name").out == "web1\n"


def test_verbose_shows_the_exchange_on_standard_error(simulate: Simulate) -> None:
    outcome = run("qmp-shell", "-v", simulate().path, "query-name")
    assert outcome.out == '{"name": "demo"}\n'
    received = [line[:2] for line in outcome.err.splitlines()]
    assert received == ["<-", "->", "<-", "->", "<-"]


def test_a_reader_that_leaves_is_no_traceback(simulate: Simulate) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    path = simulate().path
    done = subprocess.run(
        ["qmp-shell", path, "query-qmp-schema"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_ctrl_c_ends_a_script(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    process = subprocess.Popen(["qmp-shell", simulator.path, "query-block"], stderr=subprocess.PIPE)
    simulator.wait_for("query-block")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


def test_input_that_is_no_text(simulate: Simulate) -> None:
    done = subprocess.run(
        ["qmp-shell", simulate().path],
        input=b"device_del id=\xff\n",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"qmp-shell: ")
    assert done.stderr.count(b"\n") <= 2


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_standard_streams_that_are_closed(simulate: Simulate, closed: str) -> None:
    outcome = run("sh", "-c", f"qmp-shell {simulate().path} query-name {closed}")
    assert (outcome.status, outcome.err) == (0, "")


def test_a_full_disk_for_the_output(simulate: Simulate) -> None:
    outcome = run("sh", "-c", f"qmp-shell {simulate().path} query-name >/dev/full")
    assert outcome.status == 4
    assert outcome.err == ("qmp-shell: standard output can't be written: No space left on device\n")


def test_a_full_disk_for_the_log_is_told_once(simulate: Simulate) -> None:
    outcome = run("qmp-shell", "-l", "/dev/full", simulate().path, "query-name")
    assert (outcome.status, outcome.out) == (0, '{"name": "demo"}\n')
    assert outcome.err == (
        "qmp-shell: the log /dev/full can't be written any more: No space left on device\n"
    )


def test_values_take_their_types_from_the_servers_schema(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, "set_link", "name=123", "up=off", "--dry-run")
    assert json.loads(outcome.out)["arguments"] == {"name": "123", "up": False}
    outcome = run("qmp-shell", qemu.socket, "qom-get", "/machine", "type")
    assert json.loads(outcome.out).endswith("machine")


@pytest.mark.parametrize(
    ("line", "culprit", "reason"),
    [
        ("set_link name=x up=maybe", "maybe", "a boolean is expected: true, false, on, off"),
        ("device_dell id=x", "device_dell", "no such command; nearest: device_del"),
        ('{"execute": "device_del", "arguments": {"idd": "x"}}', '"idd"', "nearest: id"),
    ],
)
def test_a_wrong_line_is_stopped_before_it_is_sent(
    simulate: Simulate, line: str, culprit: str, reason: str
) -> None:
    simulator = simulate()
    outcome = run("qmp-shell", simulator.path, lines=line + "\n")
    assert outcome.status == 2
    shown, carets = outcome.err.splitlines()
    assert shown.index(culprit) == carets.index("^")
    assert reason in carets
    assert simulator.received[-1]["execute"] == "query-qmp-schema"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("query-statu", "no such command; nearest: query-status"),
        ("device_del", "missing: id (string)"),
    ],
)
def test_the_schema_explains_what_the_server_refused(
    simulate: Simulate, line: str, reason: str
) -> None:
    outcome = run("qmp-shell", simulate().path, line)
    assert outcome.status == 2
    assert reason in outcome.err


def test_without_the_check_it_is_sent(simulate: Simulate) -> None:
    simulator = simulate()
    assert run("qmp-shell", simulator.path, "device_del", "idd=x", "--no-check").status == 1
    line = '{"execute": "device_del", "arguments": {"idd": "x"}}'
    assert run("qmp-shell", "--no-check", simulator.path, line).status == 1
    assert [r["arguments"] for r in simulator.received if r["execute"] == "device_del"] == [
        {"idd": "x"}
    ] * 2


def test_the_last_reply_between_lines(qemu: RealQEMU) -> None:
    lines = "query-name\n_ --output flat\ndevice_del nope\n_\n_ --wait\n"
    outcome = run("qmp-shell", "--keep-going", qemu.socket, lines=lines)
    assert outcome.out.splitlines() == ['{"name": "web1"}', "name: web1", '{"name": "web1"}']
    assert outcome.status == 1
    assert "line 5: _ --wait\n" in outcome.err
    outcome = run("qmp-shell", qemu.socket, "_")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "qmp-shell: there is no reply yet: _ is the last one\n"


def test_the_last_reply_is_the_servers_own_bytes(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, lines="query-name\n_ --output raw\n")
    assert outcome.out.splitlines()[1].startswith('{"return": {"name": "web1"}, "id": ')


def test_programs_of_the_system_belong_to_the_prompt(simulate: Simulate, tmp_path: Path) -> None:
    made = tmp_path / "made"
    outcome = run("qmp-shell", simulate().path, lines=f"query-name\n  !touch {made}\n")
    assert (outcome.status, made.exists()) == (2, False)
    line, carets = outcome.err.splitlines()
    assert line.startswith("qmp-shell: line 2:   !touch")
    assert "^ this belongs to the prompt" in carets
