"""Tab in bash, zsh and fish, on a real QEMU, as a person sees it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qmpshell.simulator import Simulator
from qmpshell.simulator.faults import SILENT, Faults
from tests.cli.completion.shells import SHELLS, Shell
from tests.real_qemu import RealQEMU


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a blank in its path, and a machine's monitors in it."""
    place = tmp_path_factory.mktemp("a machine")
    devices = ("-device", "usb-ehci,id=ehci0", "-device", "usb-tablet,bus=ehci0.0,id=tablet0")
    with RealQEMU(place, *devices) as qemu:
        (place / "own monitor").symlink_to(qemu.socket)
        yield place


COMPLETED = [
    ("monitor0 query-statu", "monitor0 query-status "),
    ("monitor0 query-sta", "monitor0 query-stat"),
    ("monitor0 device_del i", "monitor0 device_del id="),
    ("monitor0 device_del id=eh", "monitor0 device_del id=ehci0 "),
    ("monitor0 device_del eh", "monitor0 device_del ehci0 "),
    ("monitor0 device_add driver=virtio-net-p", "monitor0 device_add driver=virtio-net-pci"),
    ("monitor0 qom-list path=/machine/peri", "monitor0 qom-list path=/machine/peripheral"),
    ("monitor0 query-status --dry", "monitor0 query-status --dry-run "),
    ("unix:monitor0 device_del i", "unix:monitor0 device_del id="),
    ("unix:moni", "unix:monitor"),
    ("--conn", "--connect-timeout "),
    ("--color nev", "--color never "),
    ("--color=nev", "--color=never "),
    ("--logfile=own", "--logfile=own\\ monitor "),
    ("dem", "demo "),
    # What fits is quoted as the word is.
    ("own", "own\\ monitor "),
    ('"own', '"own monitor" '),
    ("'own", "'own monitor' "),
    ("own\\ monitor device_del i", "own\\ monitor device_del id="),
    ("'own monitor' device_del i", "'own monitor' device_del id="),
    ("~/machine/own", "~/machine/own\\ monitor "),
    ("~/machine/monitor0 device_del i", "~/machine/monitor0 device_del id="),
    ("$PLACE/monitor0 device_del i", "$PLACE/monitor0 device_del id="),
]


@pytest.fixture(params=SHELLS)
def name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not SHELLS[name]:
        pytest.skip(f"no {name} here")
    return name


@pytest.fixture
def shell(name: str, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.chdir(folder)
    (home / "machine").symlink_to(folder)
    with Shell(name, home, {"PLACE": str(home / "machine")}) as shell:
        yield shell


#: The same for other programs.
OTHERS = [
    ("qmp-shell-wrap --no-ch", "qmp-shell-wrap --no-check "),
    ("qmp --path monitor0 query-statu", "qmp --path monitor0 query-status "),
    ("qmp --path monitor0 device_del --i", "qmp --path monitor0 device_del --id="),
    ("qmp --path monitor0 device_del --id=eh", "qmp --path monitor0 device_del --id=ehci0 "),
    ("qmp --path=own", "qmp --path=own\\ monitor "),
    ("qom-list -s own", "qom-list -s own\\ monitor "),
    ("qom-get -s monitor0 /machine.ty", "qom-get -s monitor0 /machine.type "),
]


def test_tab_completes(shell: Shell) -> None:
    for typed, completed in COMPLETED:
        shell.complete(f"qmp-shell {typed}", f"qmp-shell {completed}")


def test_tab_completes_for_the_other_programs(shell: Shell) -> None:
    for typed, completed in OTHERS:
        shell.complete(typed, completed)


def test_an_address_may_stand_in_the_environment(
    name: str, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with Shell(name, home, {"QMP_SOCKET": "monitor0"}) as shell:
        shell.complete("qmp-shell device_del i", "qmp-shell device_del id=")


def test_what_fits_stands_below_with_its_type(shell: Shell, name: str) -> None:
    beside = () if "bash" in name else ("usb-ehci", "usb-tablet")
    shell.offer("qmp-shell monitor0 device_del id=", "ehci0", "tablet0", *beside)


@pytest.mark.parametrize(
    "faults",
    [
        SILENT,
        Faults(values={"query-qmp-schema": [{"meta-type": "nothing"}, 5], "query-commands": {}}),
        Faults(greeting=b"QEMU 7.2 monitor - type 'help'\r\n(qemu) "),
    ],
    ids=["silent", "broken", "hmp"],
)
def test_a_server_that_says_nothing_of_use_leaves_the_line_and_the_shell_as_they_are(
    name: str,
    home: Path,
    simulate: Callable[..., Simulator],
    monkeypatch: pytest.MonkeyPatch,
    faults: Faults,
) -> None:
    simulator = simulate(faults=faults)
    monkeypatch.chdir(Path(simulator.path).parent)
    with Shell(name, home, {"QMP_COMPLETION_SECONDS": "0.8"}) as shell:
        line = f"qmp-shell {Path(simulator.path).name} device_del i"
        shell.complete(line, line)
        shell.type("echo still us''able\r")
        shell.wait_for("\nstill usable")


def test_names_that_could_do_something_to_the_shell_are_written_as_they_are_or_not_at_all(
    name: str, home: Path, simulate: Callable[..., Simulator], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["a$(touch made)`touch made`;touch made", "b\ntouch made", "c\x1b[31m"]
    values = {"query-jobs": [{"id": name} for name in names]}
    simulator = simulate(faults=Faults(values=values))
    monkeypatch.chdir(Path(simulator.path).parent)
    with Shell(name, home) as shell:
        start = f"qmp-shell {Path(simulator.path).name} job-cancel id="
        shell.complete(f"{start}b", f"{start}b")
        shell.complete(f"{start}c", f"{start}c")
        shell.type(f"{start}a")
        shell.wait_for(f"{start}a")
        shell.type("\t")
        shell.wait_for("touch\\ made")
        # The whole of it is one word, and does nothing.
        shell.type("\x01printf '%s.\\n' \r")
        shell.wait_for(f"\nid={names[0]}.")
    assert not Path("made").exists()
