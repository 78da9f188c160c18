"""The documents say what is true."""

import contextlib
import io
import os
import re
import subprocess
from pathlib import Path

import click
import pytest

from qmpshell.cli.arguments import qmp_shell
from qmpshell.cli.status import Status
from qmpshell.cli.tool_arguments import COMMANDS as SMALL_PROGRAMS
from qmpshell.configuration.keys import KEYS
from qmpshell.configuration.reading import read_configuration
from qmpshell.configuration.settings import written
from qmpshell.shell.commands import COMMANDS
from tests.agents import RealAgent
from tests.real_qemu import RealQEMU

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
OUTPUT = (ROOT / "docs" / "output.md").read_text()
AGENT = (ROOT / "docs" / "agent.md").read_text()
ADDRESSES = (ROOT / "docs" / "addresses.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def all_parameters() -> list[click.Parameter]:
    commands = (qmp_shell, *SMALL_PROGRAMS.values())
    return [parameter for command in commands for parameter in command.params]


@pytest.fixture
def _web1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> object:
    with RealQEMU(tmp_path, "-usb") as qemu, RealAgent(tmp_path) as agent:
        os.symlink(qemu.socket, tmp_path / "web1.sock")
        os.symlink(agent.path, tmp_path / "web1-agent.sock")
        monkeypatch.chdir(tmp_path)
        yield


@pytest.mark.usefixtures("_web1")
@pytest.mark.parametrize(
    "page",
    [README, OUTPUT, AGENT, ADDRESSES],
    ids=["README.md", "output.md", "agent.md", "addresses.md"],
)
def test_what_a_page_types_prints_what_it_shows(page: str) -> None:
    transcripts = "".join(blocks("console", page))
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", transcripts, re.MULTILINE)
    assert len(steps) >= 4
    for line, shown in steps:
        done = subprocess.run(
            line,
            shell=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.stdout == shown


@pytest.mark.usefixtures("_web1")
@pytest.mark.parametrize(
    ("page", "output"),
    [(README, "web1\ntab\n"), (ADDRESSES, "running\n")],
    ids=["README", "addresses"],
)
def test_a_pages_python_runs(page: str, output: str) -> None:
    (program,) = blocks("python", page)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(program, {})
    assert out.getvalue() == output


def test_the_readme_names_the_shells_commands_and_statuses() -> None:
    for command in COMMANDS:
        assert f"`/{command.name}" in README
    for status in Status:
        if status is not Status.NO_READER:
            assert f"| {status.value} |" in README


def test_every_key_of_the_configuration_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{key.name}` | {key.type.name} | `{written(key, key.default)}` | {key.meaning} |"
        for key in KEYS
    ]


@pytest.mark.parametrize("page", ["README.md", "docs/configuration.md"])
def test_the_examples_of_a_configuration_are_right(page: str) -> None:
    text = (ROOT / page).read_text()
    examples = re.findall(
        r"(?:^```toml|^\$ cat .*config\.toml)\n((?:[^$`].*\n|\n)+)", text, re.MULTILINE
    )
    assert examples
    for example in examples:
        assert read_configuration(example, page).lines


def test_the_readme_names_the_options_of_qemus_own_shell_and_ours() -> None:
    options = {name for parameter in all_parameters() for name in parameter.opts}
    options |= {"--as", "--device", "--hold", "--overwrite"}  # those of the shell's commands
    options |= {"--fdset", "--read", "--write"}
    for option in re.findall(r"`(--?[a-zA-Z-]+)", README):
        assert option in options | {"--dry-run", "--oob", "--timeout", "--wait", "-qmp"}, option


def test_the_files_that_contributing_points_to_exist() -> None:
    folder = ROOT / "qmpshell"
    for line in CONTRIBUTING.splitlines():
        package = ""
        for name in re.findall(r"`([a-z_/]+\.py)`", line):
            package = name.rpartition("/")[0] or package
            places = (folder / package / Path(name).name, folder / name, ROOT / name)
            assert any(place.exists() for place in places), name


def test_the_tests_that_docs_security_points_to_exist() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) == text.count("::") > 40
    for path, name in named:
        assert f"\ndef {name}(" in (ROOT / path).read_text(), f"{path}::{name}"


def test_every_option_has_a_help_text() -> None:
    for parameter in all_parameters():
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
