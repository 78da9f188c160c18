"""Where lines come from: the command's words, -c, -f, standard input."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qmpshell.simulator import Faults, Simulator, Then
from tests.cli.programs import run
from tests.real_qemu import RealQEMU

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")

NAME = '{"name": "demo"}\n'


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a file of lines into the current folder; return its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "disks.qmp") -> str:
        (tmp_path / name).write_text(text)
        return name

    return write


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (["driver=raw", "file.filename=my disk.qcow2"], {"file": {"filename": "my disk.qcow2"}}),
        (["driver=raw", 'node-name=it\'s "quoted"'], {"node-name": 'it\'s "quoted"'}),
        (["driver=raw", "node-name=a\nb\tc"], {"node-name": "a\nb\tc"}),
        (["driver=raw", "node-name=a=b=c"], {"node-name": "a=b=c"}),
        (["driver=raw", "node-name=--dry-run"], {"node-name": "--dry-run"}),
        (["driver=raw", "node-name="], {"node-name": ""}),
        (["driver=raw", 'file={"driver": "null-co"}'], {"file": {"driver": "null-co"}}),
        (["driver=raw", "--timeout", "5", "node-name=#x"], {"node-name": "#x"}),
        (["--output", "json", "driver=raw", "--select=[?a=='b c']"], {}),
    ],
)
def test_each_word_is_one_word_whatever_is_in_it(
    simulate: Simulate, words: list[str], arguments: dict[str, object]
) -> None:
    simulator = simulate(faults=Faults(values={"blockdev-add": {}}))
    run("qmp-shell", simulator.path, "blockdev-add", "--no-check", *words)
    sent = simulator.received[-1]
    assert (sent["execute"], sent["arguments"]) == ("blockdev-add", {"driver": "raw", **arguments})


def test_lines_in_the_order_of_their_options(
    simulate: Simulate, script: Callable[[str], str]
) -> None:
    simulator = simulate()
    outcome = run(
        *("qmp-shell", "-c", "query-name", simulator.path, "-f", script("query-version\n")),
        *("-c", "query-status", "-f", "-", "-c", "query-kvm"),
        lines="query-block\n",
    )
    assert (outcome.status, outcome.err) == (0, "")
    queries = [request["execute"] for request in simulator.received[1:]]
    assert queries == [
        *("query-name", "query-version", "query-status", "query-block", "query-kvm"),
    ]


def test_a_file_has_comments_blanks_json_and_transactions_over_lines(
    qemu: RealQEMU, script: Callable[[str], str]
) -> None:
    path = script(
        "\ufeff# a comment\n\nquery-name\n"
        '{"execute":\n  "query-name"}\n\n'
        "blockdev-add driver=null-co node-name=d\n"
        "transaction(\n  # an action\n  block-dirty-bitmap-add node=d name=b\n  )\n"
        "/hmp info name\nquery-name"
    )
    outcome = run("qmp-shell", qemu.socket, "-f", path)
    assert (outcome.status, outcome.err) == (0, "")
    name = '{"name": "web1"}'
    assert outcome.out.splitlines() == [name, name, "{}", "{}", "web1", name]


def test_one_dash_c_may_have_many_lines(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, "-c", "query-name\n# no\n\nquery-name")
    assert (outcome.status, outcome.out) == (0, NAME * 2)


def test_standard_input_is_not_read_unless_it_is_wanted(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, "-c", "query-name", lines="query-version\n")
    assert outcome.out == NAME


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (["-f", "disks.qmp"], "disks.qmp:3: "),
        (["-f", "./disks.qmp"], "./disks.qmp:3: "),
        (["-f", "-"], "line 3: "),
        ([], "line 3: "),
        (["-c", "query-name\n\nNEVER"], "-c: "),
        (["-c", "query-name", "-c", "NEVER"], "-c 2: "),
    ],
)
@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("device_del id=nope", 1, "DeviceNotFound: Device 'nope' not found\n"),
        ("device_del id='x", 2, "device_del id='x\n"),
        ("device_del idd=x", 2, "device_del idd=x\n"),
        ("query-name --timeout 0.05", 4, "query-name: no reply in 0.05 s; it may still be run"),
        ("query-name --select length(`1`)", 2, '--select "length(`1`)": length() takes'),
    ],
)
def test_a_complaint_names_file_and_line(
    simulate: Simulate,
    script: Callable[[str], str],
    options: list[str],
    where: str,
    line: str,
    status: int,
    reason: str,
) -> None:
    faults = Faults(held=frozenset({"query-name"}) if "--timeout" in line else frozenset())
    first = "query-version" if faults.held else "query-name"
    text = f"{first}\n\n{line}\nquery-kvm\n"
    script(text)
    options = [
        word.replace("NEVER", line).replace("query-name\n", f"{first}\n") for word in options
    ]
    options = [first if word == "query-name" else word for word in options]
    outcome = run("qmp-shell", simulate(faults=faults).path, *options, lines=text)
    assert outcome.status == status
    assert outcome.err.startswith(f"qmp-shell: {where}{reason}")
    assert outcome.out.count("\n") == 1
    if "\n" in outcome.err.rstrip("\n"):
        shown, carets = outcome.err.splitlines()
        assert shown[carets.index("^")] in "'i"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("set_password vnc 'hunter2", "this quote is not closed: ' is missing"),
        (
            "set_password protocol=vnc pasword=hunter2",
            'set_password has no argument "pasword" for protocol=vnc; nearest: password',
        ),
        (
            "set_password vnc password=x hunter2=y",
            'set_password has no argument "***" for protocol=vnc',
        ),
        ('{"execute": "set_password", "arguments": {"password": hunter2}}', "no JSON: "),
        (
            """blockdev-add driver=raw node-name=n file='json:{"cookie": "hunter2"}'""",
            "GenericError: Cannot find device='***' nor node-name='***'",
        ),
    ],
)
def test_a_complaint_that_may_be_kept_does_not_repeat_a_secret(
    qemu: RealQEMU, script: Callable[[str], str], line: str, complaint: str
) -> None:
    script(f"\n{line}\n")
    outcome = run("qmp-shell", "-f", "disks.qmp", qemu.socket)
    assert outcome.status == (1 if "GenericError" in complaint else 2)
    assert outcome.err.startswith(f"qmp-shell: disks.qmp:2: {complaint}")
    assert "hunter2" not in outcome.err
    assert outcome.err.count("\n") == 1


def test_keep_going_runs_the_rest_and_ends_with_the_first_failures_status(
    qemu: RealQEMU, script: Callable[[str], str]
) -> None:
    path = script("query-name\ndevice_del nope\nset_link name=x up=maybe\nquery-name\n")
    outcome = run("qmp-shell", qemu.socket, "-c", "bogus=1", "--keep-going", "-f", path)
    assert outcome.status == 2
    assert outcome.out == '{"name": "web1"}\n' * 2
    shown = [line for line in outcome.err.splitlines() if line.startswith("qmp-shell: ")]
    assert shown == [
        "qmp-shell: -c: bogus=1",
        "qmp-shell: disks.qmp:2: DeviceNotFound: Device 'nope' not found",
        "qmp-shell: disks.qmp:3: set_link name=x up=maybe",
    ]
    outcome = run("qmp-shell", qemu.socket, "--keep-going", lines=Path(path).read_text())
    assert outcome.status == 1


def test_keep_going_does_not_outlive_the_connection(qemu: RealQEMU) -> None:
    lines = "device_del nope\nquit\nquery-name\nquery-name\n"
    outcome = run("qmp-shell", qemu.socket, "--keep-going", lines=lines)
    assert outcome.status == 4
    assert outcome.out == "{}\n"
    assert len(outcome.err.splitlines()) == 2
    assert outcome.err.splitlines()[1].startswith("qmp-shell: line 3: the connection ended: ")


def test_a_connection_that_breaks_in_the_middle(simulate: Simulate) -> None:
    path = simulate(faults=Faults(cut_after=600, then=Then.CLOSE)).path
    outcome = run("qmp-shell", path, "--keep-going", "-c", "query-commands", "-c", "query-name")
    assert outcome.status == 4
    assert outcome.err.startswith("qmp-shell: -c 1: the connection ended in the middle")


def test_exit_ends_all_of_it(simulate: Simulate, script: Callable[[str], str]) -> None:
    path = script("device_del nope\nexit\nquery-name\n")
    outcome = run("qmp-shell", simulate().path, "--keep-going", "-f", path, "-c", "query-name")
    assert (outcome.status, outcome.out) == (1, "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere.qmp", "nowhere.qmp can't be read: No such file or directory"),
        (".", ". can't be read: Is a directory"),
        ("", " can't be read: No such file or directory"),
        ("\x1b[2J", r"\u001b[2J can't be read: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_before_anything_is_sent(
    simulate: Simulate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    simulator = simulate()
    outcome = run("qmp-shell", simulator.path, "-c", "query-name", "-f", name)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"qmp-shell: {reason}\n"
    assert simulator.received == []


def test_standard_input_that_cannot_be_read(simulate: Simulate) -> None:
    outcome = run("sh", "-c", f"qmp-shell {simulate().path} < /proc/self/mem")
    assert outcome.status == 2
    assert outcome.err == "qmp-shell: standard input can't be read: Input/output error\n"


def test_a_file_that_is_no_text(simulate: Simulate, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"device_del id=\xff\n")
    outcome = run("qmp-shell", simulate().path, "-f", str(tmp_path / "x"))
    assert outcome.status == 2
    assert outcome.err.startswith(f"qmp-shell: {tmp_path}/x:1: ")


def test_hmp_lines_from_everywhere(qemu: RealQEMU, script: Callable[[str], str]) -> None:
    path = script("info name\n")
    outcome = run("qmp-shell", "-H", qemu.socket, "-c", "info status", "-f", path)
    assert outcome.out == "VM status: paused (prelaunch)\nweb1\n"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["-c", "query-name", "query-name"], "either a command is run, or the lines of -c and -f"),
        (["-c"], "requires an argument"),
        (["--watch", "-c", "x"], "--watch and -c or -f exclude each other"),
        (["--watch", "--keep-going"], "--watch and --keep-going exclude each other"),
        (["--until", "STOP"], "--until belongs to --watch"),
        (["--count", "1"], "--count belongs to --watch"),
        (["--timeout", "1"], "--timeout belongs to --watch; a line has its own --timeout"),
        (["--watch", "--timeout", "nan"], "nan is no number of seconds"),
        (["--watch", "--timeout", "5s"], "5s is no number of seconds"),
        (["--watch", "--count", "0"], "--count"),
        (["--output", "raw", "--select", "x"], "leave out --select"),
        (["--output", "raw", "--watch"], "leave out --watch"),
        (["-H", "--output", "json", "info name"], "what HMP answers is text"),
        (["-H", "--watch"], "HMP has no events"),
        (["--output", "tabel"], "'tabel' is not one of"),
    ],
)
def test_options_that_do_not_go_together(
    simulate: Simulate, options: list[str], reason: str
) -> None:
    simulator = simulate()
    outcome = run("qmp-shell", simulator.path, *options)
    assert (outcome.status, outcome.out) == (2, "")
    assert reason in outcome.err
    assert outcome.err.count("\n") == 1
    assert simulator.received == []


@pytest.mark.parametrize("how", ["-c", "-f"])
def test_a_reader_that_leaves_ends_it_without_a_word(
    qemu: RealQEMU, script: Callable[[str], str], how: str
) -> None:
    lines = "query-qmp-schema\n" * 20
    argument = script(lines) if how == "-f" else lines
    done = subprocess.run(
        [
            *("bash", "-c", 'qmp-shell "$@" | head -1; echo "${PIPESTATUS[0]}"', "-"),
            *(qemu.socket, how, argument),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    first, status = done.stdout.splitlines()
    assert first.startswith("[{")
    assert status == "141"


def test_the_schema_is_kept_between_commands_and_refuses_nothing_by_itself(
    simulate: Simulate, home: Path
) -> None:
    simulator = simulate()
    for _ in range(3):
        assert run("qmp-shell", simulator.path, "qom-get", "/machine", "type").status == 0
    queries = [request["execute"] for request in simulator.received]
    assert queries.count("query-qmp-schema") == 1
    assert len(os.listdir(home / ".cache" / "qmpshell")) == 1
    outcome = run("qmp-shell", simulator.path, "device_del", "idd=x")
    assert outcome.status == 2
    assert "nearest: id" in outcome.err
    assert simulator.received[-1]["execute"] == "query-qmp-schema"


def test_a_command_without_arguments_asks_for_no_schema(simulate: Simulate, home: Path) -> None:
    simulator = simulate()
    run("qmp-shell", simulator.path, "query-name")
    assert [r["execute"] for r in simulator.received] == ["qmp_capabilities", "query-name"]
    assert not (home / ".cache").exists()


def test_a_home_that_is_missing_or_read_only_is_no_error(simulate: Simulate) -> None:
    path = simulate().path
    for home in ("/proc/nothing", "", "/dev/null"):
        outcome = run(
            *("qmp-shell", path, "qom-get", "/machine", "type"), env={**os.environ, "HOME": home}
        )
        assert (outcome.status, outcome.err) == (0, "")


def test_a_file_runs_another(
    qemu: RealQEMU, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("outer.qmp").write_text("query-name\n/source 'the inner.qmp'\nquery-name\n")
    Path("the inner.qmp").write_text("# why\n_ --output flat\ndevice_del nope\nset_link x maybe\n")
    outcome = run("qmp-shell", "-f", "outer.qmp", qemu.socket)
    assert outcome.out.splitlines() == ['{"name": "web1"}', "name: web1"]
    assert outcome.err == ("qmp-shell: the inner.qmp:3: DeviceNotFound: Device 'nope' not found\n")
    assert outcome.status == 1
    outcome = run("qmp-shell", "--keep-going", "-f", "outer.qmp", qemu.socket)
    assert outcome.out.splitlines()[2:] == ['{"name": "web1"}']
    assert "qmp-shell: the inner.qmp:4: set_link x maybe\n" in outcome.err
    assert outcome.status == 1


def test_a_file_that_runs_itself_or_is_not_there(
    qemu: RealQEMU, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop.qmp").write_text("/source loop.qmp\n")
    outcome = run("qmp-shell", "-c", "/source loop.qmp", qemu.socket)
    assert outcome.status == 2
    assert outcome.err == (
        "qmp-shell: loop.qmp:1: nested over 16 files deep; does one of them run itself?\n"
    )
    outcome = run("qmp-shell", "-c", "/source no", qemu.socket)
    assert outcome.err == "qmp-shell: -c: no can't be read: No such file or directory\n"
    outcome = run("qmp-shell", "-c", "/source a b", qemu.socket)
    assert outcome.err.splitlines()[1].index("^") == len("qmp-shell: -c: /source a ")


def test_exit_in_a_file_ends_all(qemu: RealQEMU, tmp_path: Path) -> None:
    (tmp_path / "exit.qmp").write_text("query-name\nexit\nquery-name\n")
    source = f"/source {tmp_path / 'exit.qmp'}"
    outcome = run("qmp-shell", "-c", source, "-c", "query-name", qemu.socket)
    assert (outcome.status, outcome.out.count("web1")) == (0, 1)
