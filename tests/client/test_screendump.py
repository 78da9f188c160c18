"""The picture on the screen comes here, wherever a QEMU on this host may write."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client.screendump import screendump
from qmpshell.errors import CommandError, ConnectionLost, FileError, TimedOut
from qmpshell.protocol import Return
from qmpshell.render.picture.picture import MOST_BYTES, read_ppm
from qmpshell.simulator import Faults, Simulator
from tests.real_qemu import RealQEMU, installed_version
from tests.render.picture.decoders import read_png

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to start QEMU as another user")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, which must be empty in the end."""
    with tempfile.TemporaryDirectory() as folder:
        # Unlike those of pytest, anybody can go through it, as through /tmp.
        assert tmp_path
        os.chmod(folder, 0o711)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)
        assert os.listdir(folder) == []


def take(client: qmpshell.Client, **which: object) -> bytes:
    def ask(members: dict[str, object]) -> Return:
        return client.request(members, timeout=10)

    return screendump(client, ask, MOST_BYTES, **which)


def same_as_png(client: qmpshell.Client, data: bytes, folder: Path) -> bool:
    """Compare with the PNG that QEMU itself writes of a screen that stands still."""
    file = folder / "reference.png"
    client.execute("screendump", filename=str(file), format="png")
    return read_png(file.read_bytes()) == read_ppm(data)


def test_a_screen_comes_and_is_the_one_qemu_shows(tmp_path: Path) -> None:
    with RealQEMU(tmp_path, "-vga", "std") as qemu, qmpshell.connect(qemu.socket) as client:
        assert same_as_png(client, take(client), tmp_path)
        assert client.execute("query-fdsets") == []


def test_a_display_device_and_its_head(tmp_path: Path) -> None:
    options = ("-vga", "std", "-device", "virtio-gpu-pci,id=second,max_outputs=2")
    with RealQEMU(tmp_path, *options) as qemu, qmpshell.connect(qemu.socket) as client:
        for head in (None, 0, 1):
            assert take(client, device="second", head=head).startswith(b"P6\n")
        with pytest.raises(CommandError, match="second"):
            take(client, device="second", head=7)
        with pytest.raises(CommandError, match="DeviceNotFound: .*third"):
            take(client, device="third")


def test_a_machine_without_a_screen(qemu: RealQEMU) -> None:
    with qmpshell.connect(qemu.socket) as client, pytest.raises(CommandError, match="no console"):
        take(client)


def run_with(**limits: object) -> list[str]:
    """Return the options that let QEMU run as another user, or in another root folder."""
    if int(installed_version().split(".")[0]) >= 9:
        return ["-run-with", ",".join(f"{name}={value}" for name, value in limits.items())]
    options = {"user": "-runas", "chroot": "-chroot"}
    return [word for name, value in limits.items() for word in (options[name], str(value))]


@as_root
def test_a_qemu_of_another_user_writes_to_our_file(tmp_path: Path) -> None:
    options = ("-vga", "std", *run_with(user="nobody"))
    with RealQEMU(tmp_path, *options) as qemu, qmpshell.connect(qemu.socket) as client:
        assert read_ppm(take(client))
        assert client.execute("query-fdsets") == []


@as_root
def test_a_qemu_in_another_root_folder_gets_a_descriptor(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    options = ("-vga", "std", *run_with(chroot=root, user="nobody"))
    with RealQEMU(tmp_path, *options) as qemu, qmpshell.connect(qemu.socket) as client:
        client.execute("cont")
        assert read_ppm(take(client))
        assert client.execute("query-fdsets") == []
        client.execute("stop")
        assert read_ppm(take(client))
        assert list(root.iterdir()) == []
        # Of a machine that stands still, QEMU 7.2 keeps the descriptor (10.0 doesn't): of an
        # empty file then.
        for fdset in client.execute("query-fdsets"):
            for kept in fdset["fds"]:
                assert os.stat(f"/proc/{qemu.pid}/fd/{kept['fd']}").st_size == 0


@as_root
def test_over_tcp_no_descriptor_goes(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    monitor = ("-qmp", "tcp:127.0.0.1:0,server=on,wait=off")
    with (
        RealQEMU(tmp_path, "-vga", "std", *run_with(chroot=root), *monitor) as qemu,
        qmpshell.connect(qemu.socket) as client,
    ):
        names = [chardev["filename"] for chardev in client.execute("query-chardev")]
        (address,) = {name.split(",")[0].removeprefix("disconnected:") for name in names} - {
            f"unix:{path}" for path in qemu.sockets
        }
        with (
            qmpshell.connect(address) as remote,
            pytest.raises(FileError, match=r"\(No such file or directory\): it runs on another"),
        ):
            take(remote)


@pytest.mark.parametrize("picture", [b"", b"\x89PNG", b"P6\n9 9\n255\nshort", b"x" * 10_000])
def test_a_file_comes_as_it_is(simulate: Callable[..., Simulator], picture: bytes) -> None:
    with qmpshell.connect(simulate(faults=Faults(picture=picture)).path) as client:
        assert take(client) == picture


def test_a_file_without_an_end_is_cut(simulate: Callable[..., Simulator]) -> None:
    with qmpshell.connect(simulate(faults=Faults(picture=b"x" * 10_000)).path) as client:
        ask = client.request
        assert screendump(client, ask, most=100) == b"x" * 100


def test_a_file_that_qemu_cannot_reach(
    simulate: Callable[..., Simulator], temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the simulator had its own /tmp.
    with qmpshell.connect(simulate().path) as client:

        def ask(members: dict[str, object]) -> object:
            if members["execute"] == "screendump":
                members["arguments"]["filename"] = "/nowhere" + members["arguments"]["filename"]
            return client.request(members, timeout=10)

        with pytest.raises(FileError, match=r"\(No such file or directory\): it runs on"):
            screendump(client, ask, MOST_BYTES)


def test_no_room_for_a_file(
    simulate: Callable[..., Simulator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with (
        qmpshell.connect(simulate().path) as client,
        pytest.raises(FileError, match="no room for QEMU's picture: No such file"),
    ):
        take(client)


def test_nothing_is_left_when_no_reply_comes(simulate: Callable[..., Simulator]) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"screendump"})))
    with qmpshell.connect(simulator.path) as client:
        with pytest.raises(TimedOut):
            screendump(client, lambda members: client.request(members, timeout=0.01), 9)
        simulator.drop_client()
        with pytest.raises(ConnectionLost):
            take(client)


def test_nothing_is_left_when_qemu_dies(tmp_path: Path) -> None:
    with RealQEMU(tmp_path, "-vga", "std") as qemu, qmpshell.connect(qemu.socket) as client:
        os.kill(qemu.pid, signal.SIGKILL)
        with pytest.raises(ConnectionLost):
            take(client)
