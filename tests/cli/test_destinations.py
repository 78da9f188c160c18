"""``| command`` and ``> file`` behind the lines of a script."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qmpshell.simulator import Faults, Simulator
from tests.cli.programs import run
from tests.real_qemu import RealQEMU

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with nothing in it."""
    path = tmp_path / "folder"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def test_a_reply_goes_to_a_program_or_into_a_file(qemu: RealQEMU, folder: Path) -> None:
    lines = [
        "query-name | sed 's/web1/<&>/' | tr -d ' '",
        "query-name > name",
        "query-name --output flat >> 'a name'",
        '{"execute": "query-name"} --select name >> "a name"',
        "transaction(\nabort\n) --dry-run | cat",
        "_ --output raw > raw",
        "/hmp info name | tr a-z A-Z",
        "/hmp info name > hmp",
        "/hmp print 5 | 3",
        "object-add iothread io | wc -l",
        "object-add iothread io2 --output table > empty",
        "query-name",
    ]
    outcome = run("qmp-shell", qemu.socket, lines="\n".join(lines))
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        '{"name":"<web1>"}',
        '{"execute": "transaction", "arguments": {"actions": [{"type": "abort", "data": {}}]}}',
        "WEB1",
        "0x7",
        "1",
        '{"name": "web1"}',
    ]
    assert (folder / "name").stat().st_mode & 0o777 == 0o600
    assert Path("name").read_text() == '{"name": "web1"}\n'
    assert Path("a name").read_text() == 'name: web1\n"web1"\n'
    assert Path("raw").read_bytes().startswith(b'{"return": {"name": "web1"}, "id": ')
    assert Path("hmp").read_text() == "web1\n"


def test_in_files_and_behind_c_and_in_hmp(qemu: RealQEMU, tmp_path: Path) -> None:
    script = tmp_path / "lines"
    script.write_text("query-name | sed s/web1/file/\n")
    outcome = run("qmp-shell", qemu.socket, "-f", str(script), "-c", "query-name | cat")
    assert outcome.out == '{"name": "file"}\n{"name": "web1"}\n'
    outcome = run("qmp-shell", "-H", qemu.socket, lines="info name | sed s/web1/hmp/\nprint 5 | 3")
    assert outcome.out == "hmp\n0x7\n"


def test_to_a_word_of_another_shell_it_is_nothing(simulate: Simulate, folder: Path) -> None:
    simulator = simulate()
    outcome = run("qmp-shell", simulator.path, "device_del", ">file")
    assert outcome.err == "qmp-shell: DeviceNotFound: Device '>file' not found\n"
    outcome = run("qmp-shell", "-H", simulator.path, "print", "5", "|", "cat")
    assert simulator.received[-1]["arguments"]["command-line"] == "print 5 | cat"
    # A word with blanks in it is a line, as it would be typed.
    assert run("qmp-shell", simulator.path, "query-name | tr a-z A-Z").out == '{"NAME": "DEMO"}\n'
    assert os.listdir(folder) == []


def test_colours_and_a_terminals_form_are_for_the_terminal(qemu: RealQEMU, tmp_path: Path) -> None:
    file = tmp_path / "file"
    command = ("qmp-shell", "--color", "always", qemu.socket, "-c", f"query-version > {file}")
    assert run(*command).out == ""
    assert file.read_text().count("\n") == 1
    assert json.loads(file.read_text())["qemu"]["major"] >= 5
    assert run(*command[:-2], "-p", *command[-2:]).out == ""
    assert len(file.read_text().splitlines()) > 3
    assert "\x1b" not in file.read_text()


def test_a_failed_command_leaves_the_file_alone(simulate: Simulate, folder: Path) -> None:
    Path("old").write_text("mine")
    lines = (
        "device_del nope > old\ndevice_del nope > new\ndevice_del nope | touch new\n"
        "query-name --select sum(name) > old\nquery-name --select nmae(@) > new\n"
    )
    outcome = run("qmp-shell", "--keep-going", simulate().path, lines=lines)
    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err.count("DeviceNotFound") == 3
    assert Path("old").read_text() == "mine"
    assert os.listdir(folder) == ["old"]


def test_a_file_that_cannot_be_written_is_found_out_first(simulate: Simulate) -> None:
    simulator = simulate()
    for file, reason in {
        simulator.path: "it is a socket, not a file",
        "/": "Is a directory",
        "/no/file": "No such file or directory",
    }.items():
        outcome = run("qmp-shell", simulator.path, "-c", f"stop > {file}")
        assert outcome.err == f"qmp-shell: -c: {file}: not written: {reason}\n"
        assert outcome.status == 2
    assert "stop" not in [request["execute"] for request in simulator.received]


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("exit 3", 1, "exit 3: ended with status 3"),
        ("no-such-program 2>/dev/null", 1, "no-such-program 2>/dev/null: ended with status 127"),
        ("kill -KILL $$", 1, "kill -KILL $$: ended with SIGKILL"),
        ("kill -INT $$", 130, "kill -INT $$: interrupted"),
        ("true", 0, ""),
        ("head -c1 >/dev/null", 0, ""),
    ],
)
def test_how_a_program_ends(simulate: Simulate, command: str, status: int, said: str) -> None:
    huge = simulate(faults=Faults(values={"query-block": ["x" * 1000] * 2000})).path
    outcome = run("qmp-shell", huge, lines=f"query-block | {command}\nquery-name\n")
    assert outcome.status == status
    assert outcome.err == (f"qmp-shell: line 1: {said}\n" if said else "")
    assert outcome.out == ("" if said else '{"name": "demo"}\n')


def test_a_program_that_failed_is_no_end_with_keep_going(simulate: Simulate) -> None:
    lines = "query-name | false\nquery-name\nquery-name | kill -INT $$\nquery-name\n"
    outcome = run("qmp-shell", "--keep-going", simulate().path, lines=lines)
    assert outcome.status == 1
    assert outcome.out == '{"name": "demo"}\n'


def test_ctrl_c_ends_the_program_and_the_script(simulate: Simulate, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "begun")
    line = f"query-name | sh -c 'echo >{tmp_path}/begun; exec sleep 1000'"
    process = subprocess.Popen(
        ["qmp-shell", "--keep-going", simulate().path, "-c", line, "-c", "query-name"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    (tmp_path / "begun").read_text()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130
    assert (out, err.count("interrupted"), err.count("\n")) == ("", 1, 1)


def test_a_wrong_one_is_shown_with_carets(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, lines="query-name > a b\n")
    assert outcome.status == 2
    line, carets = outcome.err.splitlines()
    assert line == "qmp-shell: line 1: query-name > a b"
    assert carets.index("^") == line.index(" b") + 1


def test_nothing_is_imported_for_it_where_there_is_none(simulate: Simulate) -> None:
    script = (
        "import sys\n"
        "from qmpshell.cli.shell import main\n"
        "main(sys.argv[1:], {})\n"
        "print(sorted(sys.modules.keys() & {'subprocess', 'prompt_toolkit', 'pygments'}))\n"
    )
    path = simulate().path
    for line, loaded in {"query-name": "[]", "query-name | cat": "['subprocess']"}.items():
        outcome = run(sys.executable, "-c", script, path, lines=line)
        assert outcome.out.splitlines()[-1] == loaded, shlex.quote(line)
