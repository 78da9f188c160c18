"""The forms in which replies are written, and what is selected of them."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client.introspection import fetch_schema
from qmpshell.language.options import OUTPUT_FORMS
from qmpshell.render import columns, escape
from qmpshell.simulator import Faults, Simulator
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")

DISKS = [
    {"device": "virtio0", "inserted": {"node-name": "disk0", "ro": False}},
    {"device": "cd0", "locked": True},
]
#: What an evil guest may put into a name. The last three are no control characters in JSON.
EVIL = "\x1b]0;evil\x07\x1b[2J\r\n\x9b31m\u202egnp\x7f"


def queries(socket: str) -> list[str]:
    """Return the queries of a server that need no arguments."""
    with qmpshell.connect(socket) as client:
        schema = fetch_schema(client)
    assert schema is not None
    names = [name for name in schema.commands if name.startswith("query-")]
    commands = [schema.command(name) for name in names]
    return [c.name for c in commands if c and all(m.optional for m in c.arguments.members)]


@pytest.mark.parametrize("form", OUTPUT_FORMS)
def test_every_query_in_every_form(qemu: RealQEMU, tmp_path: Path, form: str) -> None:
    names = queries(qemu.socket)
    assert len(names) > 50
    (tmp_path / "all").write_text("\n".join(names))
    outcome = run(
        "qmp-shell", "--keep-going", "--output", form, qemu.socket, "-f", str(tmp_path / "all")
    )
    assert outcome.status in (0, 1)
    failed = outcome.err.splitlines()
    assert len(failed) < 20
    for line in failed:
        assert line.startswith(f"qmp-shell: {tmp_path}/all:")
    lines = outcome.out.splitlines()
    if form in ("json", "raw"):
        assert len([json.loads(line) for line in lines]) == len(names) - len(failed)
    assert all(line == escape(line) for line in lines)


def test_queries_in_every_form_on_a_terminal(qemu: RealQEMU, tmp_path: Path) -> None:
    # A terminal that is simulated takes its time, so not all of them.
    names = ["query-name", "query-pci", "query-chardev", "query-block", "query-iothreads"]
    for form in OUTPUT_FORMS:
        (tmp_path / form).write_text("\n".join(names))
        command = ["qmp-shell", "--keep-going", "--output", form, qemu.socket]
        with Terminal([*command, "-f", str(tmp_path / form)], columns=70) as terminal:
            assert terminal.wait_until_ended() in (0, 1)
            assert "Traceback" not in terminal.text
            # A line that was longer than the terminal would begin another.
            if form == "table":
                assert "name  web1" in terminal.lines


def test_the_forms(simulate: Simulate) -> None:
    path = simulate(faults=Faults(values={"query-block": DISKS})).path

    def written(*options: str) -> list[str]:
        outcome = run("qmp-shell", path, *options)
        assert (outcome.status, outcome.err) == (0, "")
        return outcome.out.splitlines()

    assert written("query-block") == [json.dumps(DISKS)]
    assert written("query-block", "--output", "json") == [json.dumps(DISKS)]
    assert written("--output", "pretty", "query-version")[0] == "{"
    assert written("-p", "query-version") == written("query-version", "--output=pretty")
    assert written("-p", "--output", "json", "query-block") == [json.dumps(DISKS)]
    assert written("--output", "table", "query-block") == [
        "device   inserted                             locked",
        'virtio0  {"node-name": "disk0", "ro": false}',
        "cd0                                           true",
    ]
    assert written("--output", "flat", "query-block") == [
        "item[0].device: virtio0",
        "item[0].inserted.node-name: disk0",
        "item[0].inserted.ro: False",
        "item[1].device: cd0",
        "item[1].locked: True",
    ]
    assert written("query-name", "--output", "flat", "--dry-run") == ['{"execute": "query-name"}']
    long = ("query-block", "--no-check", f"x={'x' * 80}", "--dry-run")
    assert len(written(*long)) == 1
    assert len(written("-p", *long)) > 1
    (raw,) = written("query-block", "--output", "raw")
    assert json.loads(raw)["return"] == DISKS


def test_a_lines_own_form_wins(simulate: Simulate) -> None:
    path = simulate().path
    lines = "query-name\nquery-name --output json\nquery-name --select name\nquery-name\n"
    outcome = run("qmp-shell", "--output", "flat", path, lines=lines)
    assert outcome.out == 'name: demo\n{"name": "demo"}\ndemo\nname: demo\n'
    outcome = run("qmp-shell", "--output", "raw", path, "query-name", "--select", "name")
    assert outcome.out == '"demo"\n'
    outcome = run("qmp-shell", "--select", "name", path, "query-name", "--output", "raw")
    assert outcome.out.startswith('{"return": {"name": "demo"}')


def test_raw_is_the_servers_own_bytes(simulate: Simulate) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-name"})))
    reply = '{"id":%s ,\t"return":{"b":1.0,"a":"é\u202e\\u0041"}  }'
    own = simulator.path + ".out"
    pid = os.spawnlp(
        *(os.P_NOWAIT, "sh", "sh", "-c"),
        f"qmp-shell {simulator.path} query-name --output raw > {own}",
    )
    id_ = json.dumps(simulator.wait_for("query-name")["id"])
    simulator.send_raw((reply % id_).encode() + b"\r\n")
    assert os.waitpid(pid, 0)[1] == 0
    assert Path(own).read_bytes() == (reply % id_).encode() + b"\n"


@pytest.mark.parametrize("form", OUTPUT_FORMS)
@pytest.mark.parametrize("color", ["never", "always"])
def test_what_a_guest_says_is_harmless_on_a_terminal(
    simulate: Simulate, form: str, color: str
) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-name"})))
    command = ["qmp-shell", "--color", color, "--output", form, simulator.path, "query-name"]
    with Terminal(command, columns=200) as terminal:
        id_ = simulator.wait_for("query-name")["id"]
        value = {EVIL: EVIL, "list": [EVIL]}
        text = json.dumps({"id": id_, "return": value})
        # In bytes as QEMU would never send them, what JSON lets stand raw.
        for character in "\x7f\x9b\u202e":
            text = text.replace(f"\\u{ord(character):04x}", character)
        simulator.send_raw(text.encode() + b"\r\n")
        assert terminal.wait_until_ended() == 0
    shown = terminal.raw.decode()
    assert "evil" in shown
    for harmful in ("\x1b]", "\x07", "\x1b[2J", "\x9b", "\u202e", "\x7f"):
        assert harmful not in shown


def test_what_is_selected(qemu: RealQEMU) -> None:
    def selected(*words: str) -> str:
        outcome = run("qmp-shell", qemu.socket, *words)
        assert (outcome.status, outcome.err) == (0, "")
        return outcome.out

    assert selected("--select", "name", "query-name") == '"web1"\n'
    assert selected("query-name", "--select", "name") == '"web1"\n'
    assert selected("query-name", "--select", "nothing") == "null\n"
    assert selected("query-name", "--select", "nothing", "--output", "flat") == "None\n"
    assert selected("query-name", "--select", "nothing", "--output", "table") == "null\n"
    many = "[?starts_with(name, 'query-cpu')].{command: name, size: length(name)}"
    head, *rows = selected("--output", "table", "query-commands", "--select", many).splitlines()
    assert head.split() == ["command", "size"]
    assert {"query-cpus-fast", "15"} in map(set, map(str.split, rows))
    assert selected("-c", "query-name --select name", "-c", "query-status --select running") == (
        '"web1"\nfalse\n'
    )


@pytest.mark.parametrize("place", ["option", "line"])
@pytest.mark.parametrize("expression", ["a.node-name", "foo[", "lenght(@)", ""])
def test_a_wrong_expression_is_refused_before_anything_is_sent(
    simulate: Simulate, place: str, expression: str
) -> None:
    simulator = simulate()
    option = ("--select", expression)
    words = (*option, "query-name") if place == "option" else ("query-name", *option)
    outcome = run("qmp-shell", simulator.path, *words)
    assert (outcome.status, outcome.out) == (2, "")
    shown, carets = outcome.err.splitlines()
    assert shown.endswith(f"--select {expression}" if place == "line" else f": {expression}")
    at = carets.index("^") - (len(shown) - len(expression))
    assert at == {"a.node-name": 6, "foo[": 4, "lenght(@)": 0, "": 0}[expression]
    assert "query-name" not in [request["execute"] for request in simulator.received]


def test_one_that_does_not_suit_the_reply_says_so_afterwards(simulate: Simulate) -> None:
    outcome = run("qmp-shell", simulate().path, "query-name", "--select", "sum(name)")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        'qmp-shell: --select "sum(name)": sum() takes array-number, not string\n'
    )


def test_a_terminals_table_is_cut_and_a_pipes_is_whole(simulate: Simulate) -> None:
    disks = [{"device": f"disk{n}", "file": "x" * 300, "日本": "é" * 30} for n in range(3)]
    path = simulate(faults=Faults(values={"query-block": disks})).path
    command = ["qmp-shell", "--output", "table", path, "query-block"]
    with Terminal(command, columns=60) as terminal:
        assert terminal.wait_until_ended() == 0
        assert len(terminal.lines) == 4
        assert all(columns(line) <= 60 for line in terminal.lines)
        assert "…" in terminal.lines[1]
    assert len(run(*command).out.splitlines()[1]) > 300


def test_at_the_prompt(qemu: RealQEMU) -> None:
    prompt = "web1 prelaunch>"
    with Terminal(["qmp-shell", qemu.socket, "--output", "flat"]) as terminal:
        terminal.wait_for_last_line(prompt)
        assert terminal.run("query-name", prompt) == ["name: web1"]
        assert terminal.run("query-name --output table", prompt) == ["name  web1"]
        assert terminal.run("query-name --output json", prompt) == ['{"name": "web1"}']
        assert terminal.run("query-name --output pretty --select name", prompt) == ['"web1"']
        (raw,) = terminal.run("query-name --output raw", prompt)
        assert re.fullmatch(r'\{"return": \{"name": "web1"\}, "id": "[\w-]{5}"\}', raw)
        assert terminal.run("object-add iothread io", prompt) == []
        carets, *_ = terminal.run("query-block --select [].node-name", prompt)
        assert carets.index("^") == len(f"{prompt} query-block --select [].node")
        assert terminal.run("query-iothreads --select [].id --output json", prompt) == ['["io"]']
        terminal.type("query-name --output \t")
        terminal.wait(lambda: re.search(r"^ +table +FORM", terminal.text, re.MULTILINE))


def test_the_libraries_are_imported_for_what_needs_them_only(simulate: Simulate) -> None:
    script = (
        "import sys\n"
        "from qmpshell.cli.shell import main\n"
        "status = main(sys.argv[1:], {})\n"
        "print(status, sorted(sys.modules.keys() & {'jmespath', 'prettytable', 'click'}))\n"
    )
    path = simulate().path
    for words, loaded in {
        ("query-name", "--output", "json"): "0 []",
        ("query-name", "--output", "flat"): "0 []",
        ("query-name", "--output", "table"): "0 ['prettytable']",
        ("query-name", "--select", "name"): "0 ['jmespath']",
    }.items():
        assert run(sys.executable, "-c", script, path, *words).out.splitlines()[-1] == loaded
