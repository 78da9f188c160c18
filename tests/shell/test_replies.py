"""The last reply, the forms of replies, and how long they took."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qmpshell.simulator import Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "web1 prelaunch>"


def open_shell(socket: str, *options: str, **terminal: int) -> Terminal:
    terminal_ = Terminal(["qmp-shell", *options, socket], **terminal)
    terminal_.wait(lambda: terminal_.lines and terminal_.lines[-1].endswith("prelaunch>"))
    return terminal_


def test_the_last_reply_in_other_forms(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("_", PROMPT) == ["there is no reply yet: _ is the last one"]
        terminal.run("query-name", PROMPT)
        for _ in range(2):
            assert terminal.run("_ --output flat", PROMPT) == ["name: web1"]
        assert terminal.run("_ --output raw", PROMPT)[0].startswith('{"return": {"name": "web1"}, ')
        # An error, another of the shell's commands and a line that isn't sent change nothing.
        terminal.run("device_del nope", PROMPT)
        terminal.run("/events", PROMPT)
        terminal.run("query-kvm --dry-run", PROMPT)
        assert terminal.run("_ --select name", PROMPT) == ['"web1"']
        (error,) = terminal.run("_ now", PROMPT)
        assert error.index("^^^") == len(f"{PROMPT} _ ")


def test_after_a_selection_it_is_still_whole(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("query-version --select qemu.major", PROMPT)[0].isdigit()
        assert terminal.run("_ --select sort(keys(@))", PROMPT) == ['["package", "qemu"]']


def test_tab_offers_what_can_be_selected(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.run("query-cpus-fast", PROMPT)
        terminal.type("_ --select qompa")
        terminal.wait_for('[]."qom-path"')
        terminal.type("\t")
        terminal.wait_for(f'{PROMPT} _ --select []."qom-path"')
        terminal.type("\r")
        terminal.wait_for('["/machine/unattached/device[0]"]')


def test_nothing_is_sent(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate()
    prompt = "demo prelaunch>"
    with open_shell(simulator.path, "-v") as terminal:
        assert len(terminal.run("query-name", prompt)) == 3
        assert terminal.run("_", prompt) == ['{"name": "demo"}']
    assert not [request for request in simulator.received if request.get("execute") == "_"]


def test_another_form_for_the_rest_of_the_session(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("/output", PROMPT) == ["replies are shown with --output pretty"]
        for rest, reply in [
            ("flat", "name: web1"),
            ("json name", '"web1"'),
            ("pretty '{n: name}'", '{"n": "web1"}'),
            ("table {n: name}", "n  web1"),
        ]:
            (said,) = terminal.run(f"/output {rest}", PROMPT)
            assert said.startswith(f"replies are shown with --output {rest.split()[0]}")
            assert terminal.run("query-name", PROMPT) == [reply]
        assert terminal.run("/output", PROMPT) == [
            "replies are shown with --output table --select {n: name}"
        ]
        assert terminal.run("_ --output flat", PROMPT) == ["n: web1"]
        assert terminal.run("query-name --output raw", PROMPT)[0].startswith('{"return": ')


def test_the_program_s_own_choice_is_what_it_begins_with(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, "--output", "flat", "--select", "name") as terminal:
        assert terminal.run("/output", PROMPT) == [
            "replies are shown with --output flat --select name"
        ]


@pytest.mark.parametrize(
    ("line", "culprit", "message"),
    [
        ("/output tabel", "tabel", "no such form of output; nearest: table"),
        ("/output  table a b", "b", "in JMESPath, this can't stand here"),
        ("/output table 'a' b", "b", "nothing may follow the expression"),
        ("/output raw name", "name", "nothing can be selected of it"),
        ("/output json a-b", "-", "in JMESPath, a name with - in it"),
        ("/timing maybe", "maybe", '"maybe" is neither on nor off'),
        ("/save", "", "one file is expected"),
        ("/save my reply", "reply", "one file is expected; quote a name with blanks"),
        ("/save --output tabel x", "tabel", "nearest: table"),
        ("/save --as x", "--as", 'no such option "--as"'),
    ],
)
def test_what_is_wrong_changes_nothing(
    simulate: Callable[..., Simulator], line: str, culprit: str, message: str
) -> None:
    prompt = "demo prelaunch>"
    with open_shell(simulate().path, columns=200) as terminal:
        (said,) = terminal.run(line, prompt)
        assert message in said
        column = line.rindex(culprit) if culprit else len(line)
        assert said.index("^") == len(f"{prompt} ") + column
        assert terminal.run("/output", prompt) == ["replies are shown with --output pretty"]


def test_tab_offers_forms(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket) as terminal:
        terminal.type("/output ta")
        terminal.wait(lambda: terminal.lines[-1].strip() == "table")
        terminal.type("\t")
        terminal.wait_for(f"{PROMPT} /output table")


def is_time(line: str) -> bool:
    return re.fullmatch(r"\d+\.\d ms", line) is not None


def test_how_long_a_reply_took(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, columns=200) as terminal:
        assert terminal.run("/timing", PROMPT) == ["timing is on"]
        for line, said in [
            ("query-name", '{"name": "web1"}'),
            ("device_del nope", "DeviceNotFound: Device 'nope' not found"),
            ("/hmp info name", "web1"),
            ("object-add iothread t", "{}"),
        ]:
            reply, time = terminal.run(line, PROMPT)
            assert reply == said
            assert is_time(time)
        # What isn't a reply has no time.
        for line in ("_", "/events", "device_del", "stop --dry-run", ""):
            assert not any(map(is_time, terminal.run(line, PROMPT)))
        assert is_time(terminal.run("stop --wait", PROMPT)[-1])
        assert terminal.run("/timing off", PROMPT) == ["timing is off"]
        assert terminal.run("query-name", PROMPT) == ['{"name": "web1"}']
        assert terminal.run("/timing on", PROMPT) == ["timing is on"]
        assert terminal.run("/timing on", PROMPT) == ["timing is on"]


def test_the_last_reply_in_a_file(
    qemu: RealQEMU, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_shell(qemu.socket) as terminal:
        assert terminal.run("/save name.json", PROMPT) == [
            "there is no reply yet: _ is the last one"
        ]
        assert not Path("name.json").exists()
        terminal.run("query-name --select name", PROMPT)
        assert terminal.run("/save name.json", PROMPT) == ["saved name.json"]
        assert Path("name.json").read_text() == '{"name": "web1"}\n'
        assert Path("name.json").stat().st_mode & 0o777 == 0o600
        terminal.run("query-kvm", PROMPT)
        assert terminal.run("/save name.json", PROMPT) == [
            "name.json: there is one already; --overwrite replaces it"
        ]
        terminal.run("/save --overwrite --output flat 'name.json'", PROMPT)
        assert Path("name.json").read_text().startswith("enabled: ")
        terminal.run("/save ~/raw --output raw", PROMPT)
        assert (tmp_path / "home/raw").read_text().startswith('{"return": {"enabled": ')
        assert terminal.run("/save no/where", PROMPT) == [
            "no/where: not saved: No such file or directory"
        ]


def test_what_hmp_answers_has_one_form(qemu: RealQEMU) -> None:
    with open_shell(qemu.socket, "-H") as terminal:
        prompt = "web1 hmp prelaunch>"
        assert terminal.run("/output table", prompt) == [
            "what HMP answers is text, and has no other form"
        ]
        assert terminal.run("/timing on", prompt) == ["timing is on"]
        name, time = terminal.run("info name", prompt)
        assert name == "web1"
        assert is_time(time)
