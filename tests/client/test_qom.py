from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qmpshell
from qmpshell.client.qom import Property
from qmpshell.errors import CommandError
from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU

Simulate = Callable[..., Simulator]


def test_list_get_and_set(tmp_path: Path) -> None:
    with (
        RealQEMU(tmp_path, "-object", "iothread,id=io0") as qemu,
        qmpshell.connect(qemu.socket) as machine,
        qmpshell.connect(qemu.sockets[1]) as other,
    ):
        listed = {property_.name: property_ for property_ in machine.qom.list("/objects/io0")}
        assert listed["poll-max-ns"] == Property("poll-max-ns", "int")
        machine.qom.set("/objects/io0", "poll-max-ns", 4096)
        assert other.qom.get("/objects/io0", "poll-max-ns") == 4096
        assert other.qom.get("io0", "type") == "iothread"


def test_errors_are_the_servers(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        with pytest.raises(CommandError, match="DeviceNotFound"):
            machine.qom.list("/nowhere")
        with pytest.raises(CommandError, match="nothing"):
            machine.qom.get("/machine", "nothing")
        with pytest.raises(CommandError, match="DeviceNotFound"):
            next(machine.qom.walk("/nowhere"))


def test_many_values_in_one_go(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        cpu = "/machine/unattached/device[0]"
        names = [property_.name for property_ in machine.qom.list(cpu)]
        values = dict(zip(names, machine.qom.get_all(cpu, names), strict=True))
        assert values["type"] == machine.qom.get(cpu, "type")
        assert isinstance(values["crash-information"], CommandError)
        assert len(values) > 100
        assert machine.qom.get_all("/", []) == ()


def test_a_walk_over_a_real_machine(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as machine:
        nodes = list(machine.qom.walk())
        paths = [node.path for node in nodes]
        assert paths[0] == "/"
        assert len(set(paths)) == len(paths) > 100
        assert "/machine/unattached/device[0]" in paths
        children = sum(property_.is_child for node in nodes for property_ in node.properties)
        assert children == len(nodes) - 1
        links = [property_ for node in nodes for property_ in node.properties if property_.is_link]
        assert links
        below = [path for path in paths if path.startswith("/machine")]
        assert [node.path for node in machine.qom.walk("/machine/")] == below


def test_each_stands_before_those_below_it(simulate: Simulate) -> None:
    with qmpshell.connect(simulate().path) as machine:
        paths = [node.path for node in machine.qom.walk("/machine")]
    assert paths[:2] == ["/machine", "/machine/peripheral"]
    assert paths[2].startswith("/machine/peripheral/")
    bridge = paths.index("/machine/i440fx")
    assert paths[bridge + 1] == "/machine/i440fx/pci.0"


def test_an_object_that_went_away_is_passed_over(simulate: Simulate) -> None:
    answer = [{"name": "a b\n\u202e", "type": "child<x>"}, {"name": "l", "type": "link<x>"}]

    def listed(arguments: dict[str, Any]) -> Any:
        if arguments["path"] == "/":
            return answer
        raise CommandError("DeviceNotFound", "gone")

    simulator = simulate(faults=Faults(values={"qom-list": listed}))
    lost: list[str] = []
    with qmpshell.connect(simulator.path) as machine:
        nodes = list(machine.qom.walk(on_error=lambda path, error: lost.append(f"{path}: {error}")))
        assert [node.path for node in nodes] == ["/"]
        assert list(machine.qom.walk()) == nodes
    assert lost == ["/a b\n\u202e: DeviceNotFound: gone"]


@pytest.mark.parametrize("answer", [{}, None, 1, [1, {}, {"name": 1, "type": "x"}]])
def test_an_answer_that_is_no_list_of_properties(simulate: Simulate, answer: Any) -> None:
    with qmpshell.connect(simulate(faults=Faults(values={"qom-list": answer})).path) as machine:
        assert machine.qom.list("/") == ()
