import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.cli.qom_words import PropertyPlace, property_places
from qmpshell.errors import CommandError
from qmpshell.simulator import Faults, Simulator, Then
from qmpshell.simulator.faults import HOSTILE
from tests.cli.programs import Outcome, run
from tests.real_qemu import RealQEMU
from tests.real_storage_daemon import RealStorageDaemon

Simulate = Callable[..., Simulator]

PROGRAMS = ("qom-list", "qom-get", "qom-set", "qom-tree")
WORDS = {
    "qom-list": ["/machine"],
    "qom-get": ["/machine.type"],
    "qom-set": ["/machine.usb", "on"],
    "qom-tree": ["/machine"],
}

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[RealQEMU]:
    """A machine with an object whose properties can be set."""
    with RealQEMU(tmp_path, "-object", "iothread,id=io0") as qemu:
        yield qemu


def test_a_list(machine: RealQEMU) -> None:
    outcome = run("qom-list", "-s", machine.socket, "/machine")
    assert (outcome.status, outcome.err) == (0, "")
    assert {"type", "usb", "peripheral/", "@acpi-device/"} <= set(outcome.out.splitlines())
    assert "objects/" in run("qom-list", "-s", machine.socket).out.splitlines()
    listed = json.loads(run("qom-list", "-s", machine.socket, "--output=json", "/machine").out)
    assert {"name": "peripheral", "type": "child<container>"} in listed


def test_a_value(machine: RealQEMU) -> None:
    def get(*words: str) -> str:
        outcome = run("qom-get", "--socket", machine.socket, *words)
        assert (outcome.status, outcome.err) == (0, "")
        return outcome.out

    assert get("/machine.type") == get("/machine", "type")
    assert get("/machine.type").endswith("-machine\n")
    assert get("/machine.usb") == "False\n"
    assert get("/machine.kernel") == "\n"
    assert "cpus: 1\n" in get("/machine.smp")
    assert get("/machine.i440fx", "--output", "json") == '"/machine/i440fx"\n'
    assert json.loads(get("--output", "json", "/machine.smp"))["cpus"] == 1


def test_names_with_dots(machine: RealQEMU) -> None:
    assert run("qom-get", "-s", machine.socket, "/machine/i440fx/pci.0.type").out == "PCI\n"
    assert run("qom-get", "-s", machine.socket, "/machine/i440fx.pci.0").out == (
        "/machine/i440fx/pci.0\n"
    )
    assert run("qom-get", "-s", machine.socket, "/machine/unattached/device[0].sse4.1").out in (
        "True\n",
        "False\n",
    )


def test_a_changed_value_is_seen_by_another_monitor(machine: RealQEMU) -> None:
    def poll() -> str:
        return run("qom-get", "-s", machine.sockets[1], "/objects/io0.poll-max-ns").out

    def change(*words: str) -> Outcome:
        return run("qom-set", "-s", machine.socket, *words)

    assert change("/objects/io0.poll-max-ns", "8K") == Outcome(0, "", "")
    assert poll() == "8192\n"
    assert change("/objects/io0", "poll-max-ns", "0x10") == Outcome(0, "", "")
    assert poll() == "16\n"
    assert change("--output", "json", "/objects/io0.poll-max-ns", "5") == Outcome(0, "{}\n", "")
    assert poll() == "5\n"
    refused = change("/objects/io0.poll-max-ns", "-5")
    assert (refused.status, poll()) == (1, "5\n")
    assert refused.err.startswith("qom-set: GenericError: ")
    refused = change("/objects/io0.poll-max-ns", "a lot")
    assert (refused.status, poll()) == (2, "5\n")
    line, carets = refused.err.splitlines()
    assert line == "qom-set: /objects/io0.poll-max-ns a lot"
    assert carets == " " * line.index("a lot") + (
        "^^^^^ an integer is expected, such as 4096, 0x1000 or 4G"
    )


def test_values_of_types_that_are_not_known(simulate: Simulate) -> None:
    simulator = simulate(
        faults=Faults(values={"qom-list": [{"name": "x", "type": "Speed"}], "qom-set": {}})
    )
    values = {
        "5": 5,
        '"5"': "5",
        "auto": "auto",
        "[1, None]": [1, None],
        '{"a": true}': {"a": True},
    }
    for text, value in values.items():
        assert run("qom-set", "-s", simulator.path, "/o.x", text).status == 0
        sent = simulator.received[-1]["arguments"]
        assert sent == {"path": "/o", "property": "x", "value": value}


def test_a_tree(machine: RealQEMU) -> None:
    outcome = run("qom-tree", "-s", machine.socket, "/machine")
    assert (outcome.status, outcome.err) == (0, "")
    assert "/machine/unattached/device[0]\n  type: " in outcome.out
    assert "  usb: False (bool)\n" in outcome.out
    assert (
        "  crash-information: <error: No crash occurred> (GuestPanicInformation)\n" in outcome.out
    )
    assert "\n\n/machine/" in outcome.out
    assert "  peripheral: " not in outcome.out


def test_a_tree_for_programs(machine: RealQEMU) -> None:
    outcome = run("qom-tree", "-s", machine.socket, "--output", "json")
    assert (outcome.status, outcome.err) == (0, "")
    nodes = {node["path"]: node["properties"] for node in map(json.loads, outcome.out.splitlines())}
    assert next(iter(nodes)) == "/"
    found = {entry["name"]: entry for entry in nodes["/machine"]}
    assert found["peripheral"] == {"name": "peripheral", "type": "child<container>"}
    assert found["usb"] == {"name": "usb", "type": "bool", "value": False}
    cpu = {entry["name"]: entry for entry in nodes["/machine/unattached/device[0]"]}
    assert cpu["crash-information"]["error"]["class"] == "GenericError"


def test_the_storage_daemon(tmp_path: Path) -> None:
    with RealStorageDaemon(tmp_path) as daemon:
        address = ("-s", daemon.socket)
        listed = run("qom-list", *address, "/").out.splitlines()
        # Version 10.0 has two more folders than 7.2.
        assert set(listed) - {"backend/", "objects/"} == {"type", "chardevs/"}
        assert run("qom-get", *address, "/chardevs/monitor.connected").out == "True\n"
        assert "/chardevs/monitor\n" in run("qom-tree", *address).out
        refused = run("qom-set", *address, "/chardevs/monitor.connected", "off")
        assert (refused.status, refused.out) == (1, "")


def test_nothing_of_a_hostile_server_reaches_the_terminal(simulate: Simulate) -> None:
    def listed(arguments: dict[str, Any]) -> Any:
        if arguments["path"] == "/":
            kinds = ("child<x>", "link<x>", HOSTILE)
            return [{"name": f"{n}{HOSTILE}", "type": kind} for n, kind in enumerate(kinds)]
        raise CommandError("DeviceNotFound", HOSTILE)

    def got(arguments: dict[str, Any]) -> Any:
        if arguments["property"].startswith("1"):
            raise CommandError("GenericError", HOSTILE)
        return {HOSTILE: [HOSTILE]}

    simulator = simulate(faults=Faults(values={"qom-list": listed, "qom-get": got}))
    for program, *words in (["qom-list"], ["qom-tree"], ["qom-get", "/.2"], ["qom-get", "/.1"]):
        for form in ("text", "json"):
            outcome = run(program, "-s", simulator.path, "--output", form, *words)
            shown = outcome.out + outcome.err
            assert shown.replace("\n", "").isprintable()
            assert "red" in shown


@pytest.mark.parametrize("program", PROGRAMS)
def test_statuses(program: str, simulate: Simulate, tmp_path: Path) -> None:
    words = WORDS[program]
    gone = run(program, "-s", str(tmp_path / "gone"), *words)
    assert (gone.status, gone.out) == (3, "")
    assert gone.err.startswith(f"{program}: ")
    nowhere = run(program, *words)
    assert nowhere.status == 2
    assert "no address" in nowhere.err
    wrong = run(program, "-s", str(tmp_path / "gone"), "a", "b", "c", "d")
    assert wrong.status == 2
    assert run(program, "--bogus").status == 2
    failing = simulate(
        faults=Faults(
            errors={"qom-list": ("DeviceNotFound", "no"), "qom-get": ("GenericError", "no")}
        )
    )
    failed = run(program, "-s", failing.path, *words)
    assert (failed.status, failed.out) == (1, "")
    long = {"qom-list": "x" * 1000, "qom-get": "x" * 1000}
    dying = simulate(faults=Faults(values=long, cut_after=600, then=Then.CLOSE))
    assert run(program, "-s", dying.path, *words).status == 4
    assert run(program, "--version").status == 0
    assert run(program, "--help").out.startswith(f"Usage: {program}")


@pytest.mark.parametrize("program", PROGRAMS)
def test_ctrl_c(program: str, simulate: Simulate) -> None:
    command = "qom-get" if program == "qom-get" else "qom-list"
    simulator = simulate(faults=Faults(held=frozenset({command})))
    words = [program, "-s", simulator.path, *WORDS[program]]
    process = subprocess.Popen(words, stderr=subprocess.PIPE)
    simulator.wait_for(command)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


@pytest.mark.parametrize("variable", ["QMP_SOCKET", "QMP_PATH"])
def test_the_address_from_the_environment(simulate: Simulate, variable: str) -> None:
    env = {**os.environ, variable: simulate().path}
    assert run("qom-get", "/machine.type", env=env).status == 0
    assert run("qom-get", "--output", "json", "/machine.type", env=env).status == 0


@pytest.mark.parametrize(
    ("program", "words", "reason"),
    [
        ("qom-get", [], "PATH.PROPERTY is expected"),
        ("qom-get", ["/machine"], '"/machine" names no property'),
        ("qom-get", ["/a.b/c"], "names no property"),
        ("qom-get", ["a", "b", "c"], '"c" is too much'),
        ("qom-set", ["/machine.usb"], "PATH.PROPERTY VALUE is expected"),
        ("qom-list", ["/a", "/b"], '"/b" is too much'),
        ("qom-tree", ["/a", "/b"], '"/b" is too much'),
    ],
)
def test_wrong_words(program: str, words: list[str], reason: str) -> None:
    outcome = run(program, "-s", "/nowhere", *words)
    assert outcome.status == 2
    assert reason in outcome.err
    assert outcome.err.count("\n") == 1


def test_readings_of_a_path_and_a_property() -> None:
    assert property_places(["/a.b/pci.0.x"]) == [
        PropertyPlace("/a.b/pci.0", "x"),
        PropertyPlace("/a.b/pci", "0.x"),
    ]
    assert property_places(["/.type"]) == [PropertyPlace("/", "type")]


@given(st.text(), st.text(min_size=1).filter(lambda name: "/" not in name))
def test_every_path_and_property_is_among_its_readings(above: str, name: str) -> None:
    path = f"/{above}"
    assert PropertyPlace(path, name) in property_places([f"{path}.{name}"])
