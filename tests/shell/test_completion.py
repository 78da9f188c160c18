"""What Tab offers on a real QEMU, as a person sees it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "web1 prelaunch>"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealQEMU]:
    options = (
        *("-netdev", "user,id=net0"),
        *("-device", "e1000,netdev=net0,id=nic0"),
        *("-object", "secret,id=sec0,data=x"),
        *("-chardev", "null,id=nul0"),
        *("-device", "usb-ehci,id=ehci0"),
    )
    with RealQEMU(tmp_path_factory.mktemp("qemu"), *options) as qemu:
        yield qemu


@pytest.fixture
def terminal(machine: RealQEMU) -> Iterator[Terminal]:
    with Terminal(["qmp-shell", machine.socket], columns=120) as terminal:
        terminal.wait_for_last_line(PROMPT)
        yield terminal


def offered(terminal: Terminal, line: str, *names: str) -> None:
    """Type a line and Tab, and wait until names stand in the menu below it."""
    terminal.type(line)
    terminal.wait_for(f"> {line.split(chr(10))[-1]}".rstrip())
    terminal.type("\t")

    def below() -> str:
        lines = terminal.lines
        typed = max(number for number, text in enumerate(lines) if PROMPT in text)
        return "\n".join(lines[typed + 1 :])

    terminal.wait(lambda: all(name in below() for name in names))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("device_add ", ("driver=", "bus=", "string, required")),
        ("device_add driver=e1000 ", ("addr=", "bootindex=")),
        ("device_add driver=e1000", ("e1000e", "e1000-82545em", "Intel Gigabit Ethernet")),
        ("device_add driver=usb-tablet bus=", ("pci.0", "ehci0.0")),
        ("device_add driver=e1000 multifunction=", ("true", "false", "bool")),
        ("blockdev-add driver=qcow2 fi", ("file.", "file=")),
        (
            "blockdev-add driver=qcow2 node-name=n file.driver=nbd file.server.type=",
            ("inet", "unix", "vsock", "fd"),
        ),
        ("qom-list path=/machine/", ("/machine/peripheral", "/machine/unattached")),
        ("qom-get path=/machine property=", ("acpi", "append", "dtb")),
        ("migrate-set-parameters multifd-compression=", ("none", "zlib", "zstd")),
        ("set_link name=x up=", ("true", "false", "on", "off")),
        ("set_link ", ("name=", "net0", "nic0")),
        (
            "query-cpu-model-expansion type=full model.name=Sky",
            ("Skylake-Client", "Skylake-Server"),
        ),
        ("object-add ", ("qom-type=", "authz-list")),
        ("transaction( ", ("abort", "blockdev-snapshot", "drive-backup")),
        ("transaction( blockdev-backup ", ("device=", "sync=", "target=")),
        ("query-block --", ("--dry-run", "--timeout", "--yes")),
        ("/help BLOCK_JOB_", ("BLOCK_JOB_COMPLETED", "BLOCK_JOB_READY")),
        ("? query-name", ("query-name", "query-named-block-nodes")),
        ("/help reco", ("reconnect",)),
    ],
)
def test_tab_offers_what_fits(terminal: Terminal, line: str, names: tuple[str, ...]) -> None:
    offered(terminal, line, *names)


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("device_add driver=virtio-net-pci mac", "device_add driver=virtio-net-pci mac="),
        ("object-del id=se", "object-del id=sec0"),
        ("chardev-remove id=nu", "chardev-remove id=nul0"),
        ("netdev_del id=", "netdev_del id=net0"),
        ("device_del eh", "device_del ehci0"),
        ("qom-list path=/machine/per", "qom-list path=/machine/peripheral"),
        (
            '{"execute": "blockdev-add", "arguments": {"driver": "qcow2", "fi',
            '{"execute": "blockdev-add", "arguments": {"driver": "qcow2", "file": ',
        ),
    ],
)
def test_tab_completes(terminal: Terminal, line: str, completed: str) -> None:
    terminal.type(line)
    terminal.wait_for(line.strip())
    terminal.type("\t")
    terminal.wait_for(completed.strip())


def test_tab_offers_a_value_in_raw_json(terminal: Terminal) -> None:
    offered(terminal, '{"execute": "blockdev-add", "arguments": {"driver": "qco', "qcow", "qcow2")


def test_a_node_that_was_just_added_is_offered(terminal: Terminal) -> None:
    terminal.type("blockdev-del node-name=new\t")
    terminal.wait_for("node-name=new")
    terminal.press("\x03", PROMPT)
    terminal.run("blockdev-add driver=null-co node-name=new-one", PROMPT)
    terminal.type("blockdev-del node-name=")
    terminal.wait_for("> blockdev-del node-name=")
    terminal.type("\t")
    terminal.wait_for("> blockdev-del node-name=new-one")
    terminal.press("\r", PROMPT)


def test_a_type_that_might_end_the_machine_is_asked_of_a_twin(
    terminal: Terminal, machine: RealQEMU
) -> None:
    offered(terminal, "device_add driver=virtio-vga res", "xres=", "yres=")
    assert machine.running
    terminal.type("\x03")
    terminal.wait_for_last_line(PROMPT)
    assert terminal.run("query-name", PROMPT) == ['{"name": "web1"}']


def test_a_drivers_own_properties_are_checked(terminal: Terminal) -> None:
    terminal.type("device_add e1000 macc=x\r")
    terminal.wait_for('device_add has no argument "macc" for driver=e1000; nearest: mac')


def test_a_server_that_answers_nothing_leaves_the_line_responsive(
    simulate: Callable[..., Simulator],
) -> None:
    held = frozenset({"query-name", "query-status", "query-commands", "query-qmp-schema"})
    with Terminal(["qmp-shell", simulate(faults=Faults(held=held)).path]) as terminal:
        terminal.wait_for_last_line("QEMU>")
        terminal.type("device_del id=\t\t")
        terminal.wait_for("QEMU> device_del id=")
        terminal.type("x")
        terminal.wait_for("QEMU> device_del id=x")


def test_names_that_come_late_refresh_the_menu(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-chardev"})))
    with Terminal(["qmp-shell", simulator.path]) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type("chardev-remove id=")
        terminal.wait_for("chardev-remove id=")
        terminal.type("\t")
        simulator.wait_for("query-chardev")
        simulator.release()
        terminal.wait(lambda: "compat_monitor0" in terminal.text)


@pytest.mark.parametrize(("typed", "becomes"), [("id=\t", "id=good"), ("id=g", "id=g")])
def test_the_only_name_that_comes_late_is_typed_if_tab_was_pressed(
    simulate: Callable[..., Simulator], typed: str, becomes: str
) -> None:
    values = {"query-chardev": [{"label": "good", "filename": "a file"}]}
    held = frozenset({"query-chardev"})
    simulator = simulate(faults=Faults(values=values, held=held))
    with Terminal(["qmp-shell", simulator.path]) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type(f"chardev-remove {typed}")
        simulator.wait_for("query-chardev")
        # A short while is waited for an answer: it is over when another key is answered.
        terminal.type("\x0c")
        terminal.wait(lambda: b"\x1b[2J" in terminal.raw)
        simulator.release()
        terminal.wait(lambda: "a file" in terminal.text or "id=good" in terminal.text)
        terminal.wait(lambda: f"demo prelaunch> chardev-remove {becomes}" in terminal.lines)
        terminal.type("\x15")
        terminal.wait_for_last_line("demo prelaunch>")


def test_hostile_names_are_not_offered(simulate: Callable[..., Simulator], home: Path) -> None:
    values = {"query-chardev": [{"label": "a\x1b[2Jb"}, {"label": "good", "filename": "\x1b[2J"}]}
    with Terminal(["qmp-shell", simulate(faults=Faults(values=values)).path]) as terminal:
        terminal.wait_for_last_line("demo prelaunch>")
        terminal.type("chardev-remove id=")
        terminal.wait_for("chardev-remove id=")
        terminal.type("\t")
        terminal.wait_for("id=good")
        assert b"\x1b[2J" not in terminal.raw
