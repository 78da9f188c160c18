import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qmpshell.simulator import Faults, Simulator, Then
from qmpshell.simulator.faults import HOSTILE
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.real_storage_daemon import RealStorageDaemon

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program qmp-hello on PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    path = folder / "qmp-hello"
    path.write_text('#!/bin/sh\necho "hello $* socket=$QMP_SOCKET path=$QMP_PATH pid=$$"\nexit 7\n')
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{folder}")
    return path


def test_a_command(qemu: RealQEMU) -> None:
    outcome = run("qmp", "--path", qemu.socket, "query-version")
    assert (outcome.status, outcome.err) == (0, "")
    assert "qemu.major: " in outcome.out
    assert run("qmp", f"--path={qemu.socket}", "query-memory-size-summary").out == (
        "base-memory: 67108864\nplugged-memory: 0\n"
    )
    assert run("qmp", "--path", qemu.socket, "--output", "json", "query-name").out == (
        '{"name": "web1"}\n'
    )


def test_arguments(qemu: RealQEMU) -> None:
    def qmp(*words: str) -> str:
        outcome = run("qmp", "--path", qemu.socket, *words)
        assert (outcome.status, outcome.err) == (0, "")
        return outcome.out

    assert qmp("qom-list", "--path=/machine").startswith("item[0].name: type\n")
    assert qmp("qom-get", "--path", "/machine", "--property", "usb") == "False\n"
    assert qmp("human-monitor-command", "--command-line=info name") == "web1\n"
    assert qmp("blockdev-add", "--driver=null-co", "--node-name=n1", "--size", "4M") == ""
    assert qmp("blockdev-add", "--driver=raw", "--node-name=n2", "--file.driver=null-co") == ""
    assert "item[0].file: null-co://\n" in qmp("query-named-block-nodes", "--flat")


@pytest.mark.parametrize("variable", ["QMP_SOCKET", "QMP_PATH"])
def test_the_address_from_the_environment(simulate: Simulate, variable: str) -> None:
    env = {**os.environ, variable: simulate().path}
    assert run("qmp", "query-name", env=env).out == "name: demo\n"


def test_a_plain_command_imports_only_what_it_needs(simulate: Simulate) -> None:
    script = (
        "import os, sys\n"
        "from qmpshell.cli.one_shot import main\n"
        "status = main(sys.argv[1:], os.environ)\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(status, sorted(loaded & {'prompt_toolkit', 'pygments', 'asyncio', 'click'}))\n"
    )
    simulator = simulate()
    env = {**os.environ, "QMP_SOCKET": simulator.path}
    outcome = run("python3", "-c", script, "query-name", env=env)
    assert outcome.out.splitlines() == ["name: demo", "0 []"]
    assert [request["execute"] for request in simulator.received] == [
        "qmp_capabilities",
        "query-name",
    ]


@pytest.mark.parametrize(
    ("words", "culprit", "reason"),
    [
        (["device_del", "--idd=x"], "idd", "nearest: id"),
        (["device_del", "--id"], "id", "a string is expected"),
        (["set_link", "--name", "x", "--up", "maybe"], "maybe", "a boolean is expected"),
    ],
)
def test_a_wrong_argument_is_stopped_before_it_is_sent(
    simulate: Simulate, words: list[str], culprit: str, reason: str
) -> None:
    simulator = simulate()
    outcome = run("qmp", "--path", simulator.path, *words)
    assert (outcome.status, outcome.out) == (2, "")
    line, carets = outcome.err.splitlines()
    assert line == f"qmp: {' '.join(words)}"
    assert carets.index("^") == line.rindex(culprit)
    assert reason in carets
    assert simulator.received[-1]["execute"] == "query-qmp-schema"


def test_a_missing_argument_is_explained(simulate: Simulate) -> None:
    outcome = run("qmp", "--path", simulate().path, "device_del")
    assert outcome.status == 2
    assert "missing: id (string)" in outcome.err


@pytest.mark.parametrize("words", [["query-statu"], ["query-statu", "--x=1"]])
def test_neither_a_command_nor_a_program(qemu: RealQEMU, words: list[str]) -> None:
    outcome = run("qmp", "--path", qemu.socket, *words)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        'qmp: no such command: "query-statu", nor a program qmp-query-statu on PATH;'
        " nearest: query-status, query-stats\n"
    )


def test_the_help_on_a_command(qemu: RealQEMU) -> None:
    outcome = run("qmp", "--path", qemu.socket, "device_del", "--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith("device_del id=STRING\n\nArguments\n  id=STRING\n")
    assert "DEVICE_DELETED" in outcome.out
    unknown = run("qmp", "--path", qemu.socket, "device_dell", "--help")
    assert (unknown.status, unknown.out) == (2, "")
    assert "nearest: device_del" in unknown.err


def test_the_help_on_a_command_needs_a_connection(tmp_path: Path) -> None:
    outcome = run("qmp", "--path", str(tmp_path / "gone"), "device_del", "--help")
    assert outcome.status == 3
    assert outcome.err.startswith("qmp: only its server can say what device_del takes: ")
    assert run("qmp", "device_del", "--help").status == 2


def test_the_help_on_the_program() -> None:
    outcome = run("qmp", "--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert "--path" in outcome.out


def test_another_program(hello: Path, qemu: RealQEMU) -> None:
    process = subprocess.Popen(
        ["qmp", "--path", qemu.socket, "hello", "a b", "--help"], stdout=subprocess.PIPE, text=True
    )
    out, _ = process.communicate(timeout=60)
    assert out == (f"hello a b --help socket={qemu.socket} path={qemu.socket} pid={process.pid}\n")
    assert process.returncode == 7


@pytest.mark.parametrize("address", [None, "gone"])
def test_another_program_needs_no_connection(
    hello: Path, tmp_path: Path, address: str | None
) -> None:
    path = str(tmp_path / address) if address else ""
    outcome = run("qmp", *(("--path", path) if address else ()), "hello")
    assert outcome.out.startswith(f"hello  socket={path} path={path} pid=")
    assert (outcome.status, outcome.err) == (7, "")


def test_a_command_of_the_server_wins_over_a_program(hello: Path, simulate: Simulate) -> None:
    os.link(hello, hello.with_name("qmp-query-name"))
    assert run("qmp", "--path", simulate().path, "query-name").out == "name: demo\n"


def test_signals_are_not_ignored_in_another_program(hello: Path) -> None:
    hello.write_text("#!/bin/sh\nyes\necho still here >&2\n")
    outcome = run("bash", "-c", "set -o pipefail; qmp hello | head -1")
    assert (outcome.out, outcome.err) == ("y\n", "still here\n")


def test_another_program_that_can_not_be_run(hello: Path) -> None:
    hello.write_text("#!/nowhere/at-all\n")
    outcome = run("qmp", "hello")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "qmp: qmp-hello can't be run: No such file or directory\n"


def test_a_word_with_a_slash_is_no_program(hello: Path, tmp_path: Path) -> None:
    outcome = run("qmp", "--path", str(tmp_path / "gone"), "../programs/qmp-hello")
    assert outcome.status == 3


def test_the_storage_daemon(tmp_path: Path) -> None:
    with RealStorageDaemon(tmp_path) as daemon:
        address = ("--path", daemon.socket)
        assert "qemu.major: " in run("qmp", *address, "query-version").out
        assert run("qmp", *address, "blockdev-add", "--driver=null-co", "--node-name=n").status == 0
        assert "node-name: n\n" in run("qmp", *address, "query-named-block-nodes").out
        missing = run("qmp", *address, "query-status")
        assert missing.status == 2
        assert "no such command" in missing.err


def test_statuses(simulate: Simulate, tmp_path: Path) -> None:
    assert run("qmp").status == 2
    assert run("qmp", "--bogus", "query-name").status == 2
    assert run("qmp", "query-name").status == 2
    assert run("qmp", "--path", "tcp:nowhere", "query-name").status == 2
    assert run("qmp", "--path", str(tmp_path / "gone"), "query-name").status == 3
    failed = run("qmp", "--path", simulate().path, "device_del", "--id=x")
    assert (failed.status, failed.out) == (1, "")
    assert failed.err == "qmp: DeviceNotFound: Device 'x' not found\n"
    dying = simulate(faults=Faults(cut_after=500, then=Then.CLOSE))
    assert run("qmp", "--path", dying.path, "query-qmp-schema").status == 4


def test_a_note_on_what_is_deprecated(qemu: RealQEMU) -> None:
    outcome = run("qmp", "--path", qemu.socket, "nbd-server-remove", "--name=x")
    assert outcome.status == 1
    assert outcome.err.startswith("qmp: nbd-server-remove is deprecated\n")


def test_nothing_of_a_hostile_server_reaches_the_terminal(simulate: Simulate) -> None:
    faults = Faults(
        values={"query-name": {HOSTILE: HOSTILE}, "query-kvm": HOSTILE},
        errors={"stop": (HOSTILE, HOSTILE)},
        extra_commands=(HOSTILE,),
    )
    simulator = simulate(faults=faults)
    for words in (["query-name"], ["query-kvm"], ["stop"], ["red"]):
        outcome = run("qmp", "--path", simulator.path, *words)
        assert (outcome.out + outcome.err).replace("\n", "").isprintable()


def test_json_is_a_line(qemu: RealQEMU) -> None:
    outcome = run("qmp", "--path", qemu.socket, "--output=json", "query-commands")
    assert outcome.out.count("\n") == 1
    assert {"name": "query-status"} in json.loads(outcome.out)


def test_ctrl_c(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    process = subprocess.Popen(
        ["qmp", "--path", simulator.path, "query-block"], stderr=subprocess.PIPE
    )
    simulator.wait_for("query-block")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


def test_a_reader_that_leaves_is_no_traceback(simulate: Simulate) -> None:
    outcome = run(
        *("bash", "-c", f"set -o pipefail; qmp --path {simulate().path} query-qmp-schema | head -1")
    )
    assert outcome.status in (0, 141)
    assert outcome.err == ""
