"""What the programs answer to a shell, whatever the machine is like."""

import os
import shlex
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import qmpshell
from qmpshell.cli.completion.limit import output_within
from qmpshell.cli.completion.programs import PROGRAMS
from qmpshell.simulator import Simulator
from qmpshell.simulator.faults import Faults
from scripts.write_completions import FOLDER, scripts
from tests.cli.programs import Outcome, run
from tests.real_qemu import RealQEMU

pytestmark = pytest.mark.usefixtures("home")

Simulate = Callable[..., Simulator]
ROOT = Path(__file__).parents[3]

#: In place of seconds that a busy machine may need.
PATIENT = {"QMP_COMPLETION_SECONDS": "60"}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealQEMU]:
    folder = tmp_path_factory.mktemp("machine")
    with RealQEMU(folder, "-device", "usb-ehci,id=usb0") as machine:
        yield machine


def ask(line: str, env: Mapping[str, str] = PATIENT, shell: str = "fish") -> Outcome:
    program = line.split()[0]
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    return run(program, env={**os.environ, "COMP_LINE": line, variable: f"{shell}_complete", **env})


def words(outcome: Outcome) -> list[str]:
    assert (outcome.status, outcome.err) == (0, "")
    return [line.split("\t")[0] for line in outcome.out.splitlines()]


def test_the_scripts_in_the_repository_are_those_that_the_programs_write() -> None:
    written = dict(scripts())
    for path, text in written.items():
        stale = f"{path.name} is stale: run scripts/write_completions.py"
        assert path.is_file() and path.read_text() == text, stale
    there = {path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".md"}
    assert there == set(written)


def test_every_program_is_in_the_table() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert list(PROGRAMS) == list(project["scripts"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_prints_its_own_script(program: str, shell: str) -> None:
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    outcome = run(program, env={**os.environ, variable: f"{shell}_source"})
    assert outcome.out in dict(scripts()).values()
    assert outcome.status == 0


def test_another_shell_is_refused() -> None:
    outcome = run("qmp-shell", env={**os.environ, "_QMP_SHELL_COMPLETE": "tcsh_source"})
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1


def test_only_what_reads_is_sent(simulate: Simulate) -> None:
    simulator = simulate()
    for line in ("device_add driver=", "device_del id=", "qom-list path=/", "quit ", "netdev_del "):
        words(ask(f"qmp-shell {shlex.quote(simulator.path)} {line}"))
    sent = {request["execute"] for request in simulator.received}
    assert "query-qmp-schema" in sent
    harmless = ("qmp_capabilities", "query-", "qom-list", "device-list-properties")
    asked_in_hmp = {
        request["arguments"]["command-line"]
        for request in simulator.received
        if request["execute"] == "human-monitor-command"
    }
    assert asked_in_hmp <= {"device_add help", "info qtree", "info network"}
    assert all(name.startswith((*harmless, "human-monitor-command")) for name in sent)


def test_no_second_qemu_is_started(qemu: RealQEMU, tmp_path: Path) -> None:
    log = tmp_path / "started"
    fake = tmp_path / "bin" / "qemu-system-x86_64"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\ntouch {log}\n")
    fake.chmod(0o755)
    path = {"PATH": f"{fake.parent}:{os.environ['PATH']}"}
    line = f"qmp-shell {qemu.socket} device_add driver=virtio-vga "
    assert "xres=" not in words(ask(line, {**PATIENT, **path}))
    assert "mac=" in words(ask(f"qmp-shell {qemu.socket} device_add driver=e1000 "))
    assert not log.exists()
    assert qemu.running


def test_a_monitor_that_another_client_holds_has_nothing_to_offer(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as holder:
        line = f"qmp-shell {qemu.socket} query-st"
        assert words(ask(line, {"QMP_COMPLETION_SECONDS": "0.5"})) == []
        assert holder.execute("query-name") == {"name": "web1"}
    assert "query-status" in words(ask(line))


@pytest.mark.parametrize(
    "address",
    ["nowhere.sock", "localhost:1", "ws:x", "no.such.host.invalid:4444", "''", "demo", "."],
)
def test_a_wrong_address_has_nothing_to_offer(address: str) -> None:
    assert words(ask(f"qmp-shell {address} query-st", {})) == []


def test_commands_are_offered_where_the_schema_does_not_come(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(errors={"query-qmp-schema": ("GenericError", "no")}))
    line = f"qmp-shell {shlex.quote(simulator.path)} query-statu"
    assert words(ask(line)) == ["query-status"]


def test_options_are_the_commands_behind_it() -> None:
    assert words(ask("qmp-shell --hm")) == ["--hmp"]
    assert words(ask("qmp-shell a.sock --hm")) == ["--hmp"]
    assert words(ask("qmp-shell a.sock query-name --hm", {})) == []
    assert words(ask("qmp-shell --color ")) == ["auto", "always", "never"]
    assert words(ask("qmp-shell --connect-timeout ")) == []
    assert words(ask("qmp-shell --no-such-option x")) == []
    assert words(ask("qmp-shell-wrap --hm")) == ["--hmp"]
    assert "qemu-system-x86_64" in words(ask("qmp-shell-wrap qemu-system-x"))
    assert words(ask("qmp-shell-wrap qemu-system-x86_64 -dis")) == []


@pytest.mark.parametrize(
    ("line", "fit"),
    [
        ("qmp --path MONITOR query-st", {"query-status", "query-stats"}),
        ("qmp --path=MONITOR device_del --", {"--id="}),
        ("qmp --path MONITOR device_del ", {"--id=", "usb0"}),
        ("qmp --path MONITOR device_del i", {"id="}),
        ("qmp --path MONITOR device_del --id=u", {"--id=usb0"}),
        ("qmp --path MONITOR device_del --id u", {"usb0"}),
        ("qmp --path MONITOR object-add --qom-type rng-random --fi", {"--filename="}),
        ("qmp --path MONITOR query-named-block-nodes --x --fl", {"--flat="}),
        ("qmp she", {"shell", "shell-wrap"}),
        ("qmp --pa", {"--path"}),
        ("qom-list -s MONITOR /machine/periph", {"/machine/peripheral"}),
        ("qom-tree --socket MONITOR /ob", {"/objects"}),
        ("qom-get -s MONITOR /machine/peripheral/usb0.addr", {"/machine/peripheral/usb0.addr"}),
        ("qom-get -s MONITOR /machine ty", {"type"}),
        ("qom-set -s MONITOR /machine.ty", {"/machine.type"}),
        ("qom-set -s MONITOR /machine type ", set()),
        ("qom-list -s MONITOR / /", set()),
        ("qom-tree --out", {"--output"}),
        ("qom-tree --output ", {"text", "json"}),
        ("qom-list /machine/", set()),
    ],
)
def test_the_other_programs_have_words(machine: RealQEMU, line: str, fit: set[str]) -> None:
    found = words(ask(line.replace("MONITOR", machine.socket)))
    assert fit <= set(found)
    assert fit or not found


def test_files_fit_an_option_that_takes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.json").touch()
    (tmp_path / ".log").touch()
    (tmp_path / "logs").mkdir()
    assert words(ask("qmp-shell -l l")) == ["log.json", "logs/"]
    assert words(ask("qmp-shell --logfile=l")) == ["--logfile=log.json", "--logfile=logs/"]
    (tmp_path / "log\n2").touch()
    assert words(ask("qmp-shell -l log")) == ["log.json", "logs/"]


def test_a_guest_agent_and_the_human_monitor_are_not_asked(simulate: Simulate) -> None:
    path = shlex.quote(simulate().path)
    assert words(ask(f"qmp-shell -N {path} query-st")) == []
    assert words(ask(f"qmp-shell -H {path} query-st")) == []


def test_work_that_takes_too_long_or_fails_has_no_output() -> None:
    reading, writing = socket.socketpair()
    with reading, writing:
        assert output_within(0.01, lambda: reading.recv(1)) == b""
    assert output_within(60, lambda: os.write(1, b"x") and 1 / 0) == b""
    assert output_within(60, lambda: os.write(1, b"x" * 200_000)) == b"x" * 200_000


def test_nothing_of_the_prompt_is_imported() -> None:
    script = (
        "import sys, qmpshell.cli.completion.shells, qmpshell.cli.completion.machine;"
        "sys.exit(any(name in sys.modules for name in ('prompt_toolkit', 'pygments')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
