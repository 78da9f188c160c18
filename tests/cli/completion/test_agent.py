"""What other shells are answered about a guest's agent."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agents import RealAgent
from tests.cli.completion.test_answer import ask, words
from tests.real_qemu import RealQEMU

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAgent]:
    with RealAgent(tmp_path_factory.mktemp("agent")) as running:
        yield running


def test_its_commands_and_their_arguments(agent: RealAgent) -> None:
    address = shlex.quote(agent.path)
    assert words(ask(f"qmp-shell --agent {address} guest-exec")) == [
        "guest-exec",
        "guest-exec-status",
    ]
    assert "mode=" in words(ask(f"qmp-shell --agent {address} guest-file-open "))
    assert words(ask(f"qmp-shell --agent {address} guest-shutdown mode=")) == [
        f"mode={mode}" for mode in ("halt", "powerdown", "reboot")
    ]
    assert "--path=" in words(ask(f"qmp --agent --path {address} guest-file-open --"))


def test_addresses_are_those_of_agents(tmp_path: Path) -> None:
    path = f"{tmp_path}/port"
    port = (
        *("-chardev", f"socket,id=q,path={path},server=on,wait=off", "-device", "virtio-serial"),
        *("-device", "virtserialport,chardev=q,name=org.qemu.guest_agent.0"),
    )
    with RealQEMU(tmp_path, *port, monitors=1) as qemu:
        described = ask(f"qmp-shell --agent {tmp_path}/").out
        assert f"{path}\tweb1, process" in described
        assert f"{qemu.socket}\tweb1" not in described
