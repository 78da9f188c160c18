import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.libvirt_daemon import LibvirtDaemon
from tests.ssh_server import SSHServer
from tests.transport.far_ends import FAR_ENDS, FarEnd, Place


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SSHServer]:
    with SSHServer(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture(scope="session")
def libvirt_daemon() -> Iterator[LibvirtDaemon]:
    with LibvirtDaemon() as daemon:
        yield daemon


@pytest.fixture
def _with_ssh(ssh_server: SSHServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let programs find the ``ssh`` that knows the server, whatever a test before made it know."""
    ssh_server.set_known_names(f"[127.0.0.1]:{ssh_server.port}")
    monkeypatch.setenv("PATH", f"{ssh_server.bin}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(params=FAR_ENDS)
def far_end(
    request: pytest.FixtureRequest, tmp_path: Path, ssh_server: SSHServer, _with_ssh: None
) -> Iterator[FarEnd]:
    """A QEMU at the far end of each transport."""
    place = Place(tmp_path, ssh_server, lambda: request.getfixturevalue("libvirt_daemon"))
    yield from FAR_ENDS[request.param](place)
