import socket
from pathlib import Path

import pytest

from qmpshell.address import AbstractAddress, Address, TCPAddress, UnixAddress
from qmpshell.cli.completion.addresses import find_addresses
from qmpshell.cli.completion.running import machine_name, monitors_among
from tests.real_qemu import RealQEMU


@pytest.mark.parametrize(
    ("options", "addresses"),
    [
        ("-qmp unix:/run/a,server=on,wait=off", [UnixAddress("/run/a")]),
        ("--qmp-pretty tcp::4444,server=on", [TCPAddress("localhost", 4444)]),
        ("-chardev socket,id=m,path=/a,server=on -mon m,mode=control", [UnixAddress("/a")]),
        ("-chardev socket,path=/a,id=m -mon chardev=m,mode=control", [UnixAddress("/a")]),
        ("-chardev socket,path=/a,id=m -qmp chardev:m", [UnixAddress("/a")]),
        ("--chardev socket,path=/a,id=m --monitor chardev=m", [UnixAddress("/a")]),
        (
            "-chardev socket,path=a,,b,abstract=on,id=m -mon m,mode=control",
            [AbstractAddress("a,b")],
        ),
        (
            "-chardev socket,host=::1,port=1,id=m -mon mode=control,chardev=m",
            [TCPAddress("::1", 1)],
        ),
        ("-chardev socket,path=/serial,id=s -serial chardev:s", []),
        ("-chardev socket,path=/hmp,id=s -mon s", []),
        ("-qmp stdio -qmp chardev:none -mon none,mode=control", [UnixAddress("stdio")]),
        ("-chardev null,id=m -qmp tcp:x -name", []),
    ],
)
def test_monitors_are_found_among_qemus_options(options: str, addresses: list[Address]) -> None:
    assert list(monitors_among(["qemu-system-x86_64", *options.split()])) == addresses


@pytest.mark.parametrize(
    ("option", "name"),
    [("web1", "web1"), ("guest=a,,b,process=p", "a,b"), ("debug-threads=on", "")],
)
def test_a_machine_has_a_name(option: str, name: str) -> None:
    assert machine_name(["qemu-kvm", "-name", option]) == name


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
