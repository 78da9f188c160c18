"""A guest agent without a prompt: commands, programs and files."""

import array
import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest

from tests.agents import Answer, OldAgent, RealAgent
from tests.cli.programs import run
from tests.real_qemu import RealQEMU

pytestmark = pytest.mark.usefixtures("home")


def bytes_of(agent: RealAgent, *words: str, given: bytes = b"") -> bytes:
    command = ["qmp-shell", "--agent", agent.path, *words]
    done = subprocess.run(command, input=given, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout


def test_commands_are_checked_and_typed(agent: RealAgent) -> None:
    outcome = run("qmp-shell", "--agent", agent.path, "guest-file-open", "/etc/hostname", "mode=r")
    assert (outcome.status, outcome.err) == (0, "")
    assert isinstance(json.loads(outcome.out), int)
    outcome = run("qmp-shell", "--agent", agent.path, "guest-file-open", "/etc/hostname", "mod=r")
    assert outcome.status == 2
    assert 'guest-file-open has no argument "mod"; nearest: mode' in outcome.err
    outcome = run("qmp-shell", "--agent", agent.path, lines="guest-pign\n")
    assert "no such command; nearest: guest-ping" in outcome.err


def test_lines_with_programs_files_and_commands(agent: RealAgent, folder: Path) -> None:
    Path("here").write_text("there\n")
    lines = [
        f"/put here {folder}/there",
        f"/run cat {folder}/there | tr a-z A-Z",
        "guest-ping",
        f"/get {folder}/there back",
        f"/get {folder}/there - > shown",
        "/run sh -c 'echo \"a  b\" $0' x",
    ]
    outcome = run("qmp-shell", "--agent", agent.path, lines="\n".join(lines))
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == "THERE\n{}\na  b x\n"
    assert Path("back").read_text() == Path("shown").read_text() == "there\n"


def test_bytes_go_in_and_out_as_they_are(agent: RealAgent, folder: Path) -> None:
    every = bytes(range(256)) * 2000
    assert bytes_of(agent, "/run", "--input", "-", "cat", given=every) == every
    assert bytes_of(agent, "/put", "-", f"{folder}/a b'c", given=every) == b""
    assert bytes_of(agent, "/get", f"{folder}/a b'c", "-") == every
    assert (folder / "a b'c").stat().st_mode & 0o777 == 0o600


def test_words_are_given_to_a_program_as_they_are(agent: RealAgent) -> None:
    words = ("a b", "", "$HOME", "'", '"', "\\", "|", "> x", "--output")
    shown = bytes_of(agent, "/run", "printf", "<%s>", *words)
    assert shown.decode() == "".join(f"<{word}>" for word in words)


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("exit 0", 0, ""),
        ("exit 3", 3, "qmp-shell: sh ended with status 3\n"),
        ("exit 255", 255, "qmp-shell: sh ended with status 255\n"),
        ("kill -TERM $$", 143, "qmp-shell: sh was ended by SIGTERM\n"),
    ],
)
def test_the_status_is_the_programs(agent: RealAgent, command: str, status: int, said: str) -> None:
    outcome = run("qmp-shell", "--agent", agent.path, "/run", "sh", "-c", command)
    assert (outcome.status, outcome.err) == (status, said)


def test_errors_go_to_standard_error(agent: RealAgent) -> None:
    outcome = run("qmp-shell", "--agent", agent.path, "-c", "/run sh -c 'echo o; echo e >&2'")
    assert (outcome.out, outcome.err) == ("o\n", "e\n")


def test_lines_stop_at_a_program_that_fails(agent: RealAgent) -> None:
    lines = "/run echo 1\n/run false\n/run echo 2\n"
    outcome = run("qmp-shell", "--agent", agent.path, lines=lines)
    assert (outcome.status, outcome.out) == (1, "1\n")
    assert outcome.err == "qmp-shell: line 2: false ended with status 1\n"
    outcome = run("qmp-shell", "--agent", "--keep-going", agent.path, lines=lines)
    assert (outcome.status, outcome.out) == (1, "1\n2\n")


def test_what_goes_wrong_is_a_line(agent: RealAgent, folder: Path) -> None:
    Path("here").touch()
    for words, status, said in [
        (("/run", "nope"), 1, "No such file or directory"),
        (("/run", "--timeout", "1", "sleep", "60"), 4, "sleep: not ended in 1 s; it runs on"),
        (("/run",), 2, "a program is expected"),
        (("/get", "/nope"), 1, "No such file or directory"),
        (("/put", "nope", "/tmp/x"), 2, "nope: can't be read: No such file"),
        (("/put", "here", str(folder)), 2, "one already in the guest; --overwrite replaces it"),
        (("/screen",), 2, "without one there are /exit, /get, /put, /run and /source"),
        (("/hmp", "info"), 2, "this belongs to the prompt"),
    ]:
        outcome = run("qmp-shell", "--agent", agent.path, *words)
        assert outcome.status == status, outcome
        assert said in outcome.err
        assert outcome.err.count("\n") <= 2


def test_standard_input_has_one_reader(agent: RealAgent) -> None:
    outcome = run("qmp-shell", "--agent", agent.path, lines="/run --input - cat\n/run echo x\n")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        "qmp-shell: line 1: - is standard input, and the lines come from there\n"
    )


def test_the_address_may_be_in_the_environment(
    agent: RealAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QMP_SOCKET", agent.path)
    assert run("qmp-shell", "--agent", "/run", "echo", "x").out == "x\n"
    assert run("qmp-shell", "--agent", "guest-ping").out == "{}\n"


def test_a_monitor_takes_no_programs(qemu: RealQEMU) -> None:
    outcome = run("qmp-shell", qemu.socket, "/run", "ls")
    assert outcome.status == 2
    assert outcome.err == ("qmp-shell: this needs the guest's agent: qmp-shell --agent ADDRESS\n")
    assert run("qmp-shell", qemu.socket, "/hmp", "info", "name").out == "web1\n"


@pytest.mark.parametrize("option", ["--watch", "--hmp"])
def test_options_that_dont_go_together(option: str) -> None:
    outcome = run("qmp-shell", "--agent", option, "x")
    assert outcome.status == 2
    assert "--agent" in outcome.err


def test_ctrl_c_says_what_goes_on(agent: RealAgent, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["qmp-shell", "--agent", "-l", str(log), agent.path]
    command += ["/run", "sh", "-c", "echo $$; exec sleep 60"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        # We know of it when we ask for it. The agent's list of commands has that name too.
        while not (log.exists() and '"execute": "guest-exec-status"' in log.read_text()):
            assert program.poll() is None
        while not (pids := sleeping_of(agent)):
            assert program.poll() is None
        program.send_signal(signal.SIGINT)
        _, said = program.communicate()
    assert program.returncode == 130
    assert said == (f"qmp-shell: gave up waiting; sh runs on in the guest as process {pids[0]}\n")
    os.kill(pids[0], signal.SIGKILL)


def test_ctrl_c_before_it_is_known_whether_a_program_runs(tmp_path: Path) -> None:
    info = {"version": "7.2.0", "supported_commands": [{"name": "guest-exec", "enabled": True}]}

    def silent(request: dict[str, Any]) -> Answer:
        return {"return": info} if request["execute"] == "guest-info" else None

    with OldAgent(tmp_path, silent, takes_ids=True) as agent:
        command = ["qmp-shell", "--agent", agent.path, "/run", "sleep", "60"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
            while not any(request["execute"] == "guest-exec" for request in agent.received):
                assert program.poll() is None
            program.send_signal(signal.SIGINT)
            _, said = program.communicate()
        assert (program.returncode, said) == (
            130,
            "qmp-shell: gave up waiting; sleep may run in the guest, or is yet to start\n",
        )


def test_ctrl_c_before_a_program_has_its_input(agent: RealAgent) -> None:
    command = ["qmp-shell", "--agent", agent.path, "/run", "--input", "-", "cat"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stderr=pipe, text=True) as program:
        assert program.stdin
        program.stdin.write("x")
        program.stdin.flush()
        # What it has taken is no longer there, and then Ctrl-C is its own matter.
        while unread_in(program.stdin.fileno()):
            assert program.poll() is None
        program.send_signal(signal.SIGINT)
        _, said = program.communicate()
    assert (program.returncode, said) == (130, "qmp-shell: gave up; no program was started\n")


def unread_in(pipe: int) -> int:
    """How many bytes stand in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


def sleeping_of(agent: RealAgent) -> list[int]:
    """The processes of an agent that sleep by now."""
    pid = agent.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(c) for c in children if Path(f"/proc/{c}/comm").read_text() == "sleep\n"]


def test_an_agent_that_dies_in_the_middle(agent: RealAgent, folder: Path) -> None:
    command = ["qmp-shell", "--agent", agent.path, "/put", "-", f"{folder}/copy"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stderr=pipe, text=True) as program:
        assert program.stdin
        program.stdin.write("x" * 1_000_000)
        while not any(path.name.startswith(".qmpshell-") for path in folder.iterdir()):
            assert program.poll() is None
        agent.kill()
        _, said = program.communicate()
    assert program.returncode == 4
    assert said.startswith("qmp-shell: the connection ended")
    assert not (folder / "copy").exists()


def test_it_imports_no_prompt(agent: RealAgent) -> None:
    script = (
        "import sys\n"
        "from qmpshell.cli.shell import main\n"
        "status = main(sys.argv[1:], {})\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(status, sorted(loaded & {'prompt_toolkit', 'pygments', 'asyncio'}))\n"
    )
    outcome = run(sys.executable, "-c", script, "--agent", agent.path, "/run", "echo", "x")
    assert outcome.out.splitlines() == ["x", "0 []"]


def test_qmp_speaks_to_an_agent(agent: RealAgent) -> None:
    outcome = run("qmp", "--agent", "--path", agent.path, "guest-sync", "--id=5")
    assert (outcome.status, outcome.out) == (0, "5\n")
    outcome = run("qmp", "--agent", "--path", agent.path, "guest-exec", "--help")
    assert outcome.out.startswith("guest-exec path=STRING [arg=[STRING...]]")
    assert "Starts a program in the guest" in outcome.out
    outcome = run("qmp", "--agent", "--path", agent.path, "guest-ping", "--x")
    assert outcome.status == 2


def test_the_log_holds_no_files(agent: RealAgent, folder: Path) -> None:
    Path("key").write_text("c2VjcmV0IGtleQ==")
    options = ("--agent", "-l", "log", "-v", agent.path)
    put = run("qmp-shell", *options, "/put", "key", f"{folder}/copy")
    got = run("qmp-shell", *options, "/get", f"{folder}/copy", "back")
    assert (put.status, got.status) == (0, 0)
    assert Path("back").read_text() == "c2VjcmV0IGtleQ=="
    for said in (Path("log").read_text(), put.err, got.err):
        assert "guest-file-" in said
        assert "YzJWamNtVjBJR3RsZVE9PQ" not in said
