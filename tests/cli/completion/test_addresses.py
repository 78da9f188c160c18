import socket
from pathlib import Path

import pytest

from qmpshell.cli.completion.addresses import find_addresses
from tests.real_qemu import RealQEMU


def test_sockets_of_running_machines_and_of_the_folder_are_offered(
    qemu: RealQEMU, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "other.sock"))
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir("/")
    owner = f"web1, process {qemu.pid}"
    found = {completion.text: completion for completion in find_addresses("", {}, {})}
    assert found[qemu.socket].beside == owner
    assert not found[qemu.socket].open
    assert "demo" in found
    monkeypatch.chdir(tmp_path)
    here = {completion.text: completion for completion in find_addresses("", {}, {})}
    assert here["monitor0"].beside == owner
    assert here["folder/"].open
    assert "other.sock" in here
    assert "pid" not in here
    assert [found.text for found in find_addresses("unix:oth", {}, {})] == ["unix:other.sock"]
    given = find_addresses("/run/x", {"QMP_SOCKET": "/run/x.sock"}, {})
    assert [completion.text for completion in given] == ["/run/x.sock"]
