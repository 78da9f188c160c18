"""The configuration file, as the programs heed it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.completion.test_answer import ask, words
from tests.cli.programs import run
from tests.real_qemu import RealQEMU, installed_version
from tests.terminal import Terminal

Write = Callable[[str], Path]


@pytest.fixture
def write(home: Path) -> Write:
    """Write the usual file."""
    path = home / ".config" / "qmpshell" / "config.toml"
    path.parent.mkdir(parents=True)

    def write(text: str) -> Path:
        path.write_text(text)
        return path

    return write


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealQEMU]:
    with RealQEMU(tmp_path_factory.mktemp("machine")) as machine:
        yield machine


@pytest.fixture
def targets(write: Write, machine: RealQEMU, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two targets, in a folder with a file of the name of one."""
    folder = write(f'[targets]\nweb1 = "unix:{machine.socket}"\nweb2 = "/run/gone"\n').parent
    (folder / "web1").touch()
    monkeypatch.chdir(folder)
    return "web1"


@pytest.mark.parametrize(
    "command",
    [
        ("qmp-shell", "web1", "query-name"),
        ("qmp-shell", "--output", "json", "web1", "query-name"),
        ("qmp", "--path", "web1", "--output", "json", "query-name"),
    ],
)
@pytest.mark.parametrize("elsewhere", ["", "/run/nowhere"])
def test_a_target_wherever_an_address_is_taken(
    targets: str, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], elsewhere: str
) -> None:
    monkeypatch.setenv("QMP_SOCKET", elsewhere)
    outcome = run(*command)
    assert (outcome.status, outcome.err) == (0, "")
    assert json.loads(outcome.out) == {"name": "web1"}


def test_a_target_in_the_environment(targets: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QMP_SOCKET", targets)
    assert run("qmp-shell", "query-name").out == '{"name": "web1"}\n'
    assert run("qmp", "query-name").out == "name: web1\n"
    assert "type\n" in run("qom-list", "/").out
    machine_type = f"pc-i440fx-{installed_version()}-machine"
    assert run("qom-get", "-s", targets, "/machine.type").out == f"{machine_type}\n"


def test_a_program_that_qmp_runs_gets_the_targets_address(
    targets: str, machine: RealQEMU, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / "qmp-where").write_text('#!/bin/sh\necho "$QMP_SOCKET $QMP_PATH"\n')
    (home / "qmp-where").chmod(0o755)
    monkeypatch.setenv("PATH", str(home), prepend=":")
    address = f"unix:{machine.socket}"
    assert run("qmp", "--path", targets, "where").out == f"{address} {address}\n"


@pytest.mark.usefixtures("targets")
def test_a_misspelt_target() -> None:
    outcome = run("qmp-shell", "wbe1", "query-name")
    assert outcome.status == 3
    assert outcome.err == "qmp-shell: wbe1: no such file or target; nearest: web1\n"
    assert run("qmp", "--path", "wbe1", "query-name").status == 3


@pytest.mark.usefixtures("targets")
def test_other_shells_complete_targets() -> None:
    assert words(ask("qmp-shell we")) == ["web1", "web2"]
    assert words(ask("qmp --path we")) == ["web1", "web2"]
    assert words(ask("qmp-shell web1 query-nam"))[0] == "query-name"
    assert words(ask("qom-get -s web1 /machine.typ")) == ["/machine.type"]


def test_other_shells_complete_beside_a_file_that_isnt_right(write: Write) -> None:
    write("targets = 1")
    assert words(ask("qmp-shell dem")) == ["demo"]


@pytest.mark.parametrize(
    "command",
    [
        ("qmp-shell", "demo", "query-name"),
        ("qmp-shell", "-v", "demo"),
        ("qmp-shell-wrap", "true"),
        ("qmp", "query-name"),
        ("qom-list", "-s", "x", "/"),
    ],
)
def test_a_file_that_isnt_right_is_told_and_nothing_done(
    write: Write, command: tuple[str, ...]
) -> None:
    path = write("\ncolor = 1")
    outcome = run(*command)
    reason = 'color: "auto", "always" or "never" is expected, not a number'
    assert outcome.err == f"{command[0]}: {path}:2: {reason}\n"
    assert (outcome.status, outcome.out) == (2, "")
    assert run(command[0], "--help").status == 0


def test_at_a_terminal_it_is_told_as_well(write: Write) -> None:
    path = write("outptu = 1")
    with Terminal(["qmp-shell", "demo"], columns=200) as terminal:
        assert terminal.wait_until_ended() == 2
        assert terminal.lines == [f"qmp-shell: {path}:1: there is no key outptu; nearest: output"]


def test_another_file_or_none(write: Write, machine: RealQEMU, tmp_path: Path) -> None:
    write("wrong")
    other = tmp_path / "other.toml"
    other.write_text(f'targets.there = "{machine.socket}"')
    for program in (("qmp-shell",), ("qmp", "--path")):
        name, *option = program
        there = run(name, "--config", str(other), *option, "there", "query-name")
        assert (there.status, there.err) == (0, "")
        assert run(name, "--config=", *option, machine.socket, "query-name").status == 0
    behind = run("qmp-shell", "there", "--config", str(other), "query-name")
    assert behind.out == '{"name": "web1"}\n'
    assert run("qmp-shell", "--config", "gone.toml", machine.socket).status == 2


@pytest.mark.parametrize(
    ("text", "options", "env", "coloured"),
    [
        ("", (), {}, False),
        ('color = "always"', (), {}, True),
        ('color = "always"', ("--color", "auto"), {}, False),
        ('color = "always"', (), {"NO_COLOR": "1"}, False),
        ('color = "always"', ("--color", "always"), {"NO_COLOR": "1"}, True),
        ('color = "never"', ("--color", "always"), {}, True),
    ],
)
def test_colours_of_a_script(
    write: Write,
    machine: RealQEMU,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    options: tuple[str, ...],
    env: dict[str, str],
    coloured: bool,
) -> None:
    write(text)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    outcome = run("qmp-shell", *options, machine.socket, "query-name")
    assert (outcome.status, "\x1b[" in outcome.out) == (0, coloured)


def test_a_script_writes_json_whatever_the_prompt_writes(write: Write, machine: RealQEMU) -> None:
    write('output = "table"')
    assert run("qmp-shell", machine.socket, "query-name").out == '{"name": "web1"}\n'


def test_a_style_that_there_isnt(write: Write, machine: RealQEMU) -> None:
    path = write('[colors]\nlight = "nope"\ndark = "monokia"\n')
    assert run("qmp-shell", machine.socket, "query-name").status == 0
    outcome = run("qmp-shell", "--color", "always", machine.socket, "query-name")
    reason = 'colors.dark: there is no style "monokia"; nearest: monokai'
    assert (outcome.status, outcome.err) == (2, f"qmp-shell: {path}:3: {reason}\n")
