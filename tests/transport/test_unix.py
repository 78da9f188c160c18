import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qmpshell.address import AbstractAddress, UnixAddress
from qmpshell.errors import ConnectError
from qmpshell.transport import open_stream
from qmpshell.transport.unix import MAX_PATH_BYTES


def listen(path: str | bytes, backlog: int = 5) -> socket.socket:
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(backlog)
    return server


def assert_connected(server: socket.socket, address: UnixAddress | AbstractAddress) -> None:
    stream = open_stream(address, 5)
    accepted, _ = server.accept()
    with accepted:
        assert stream.send(b"question") == 8
        assert accepted.recv(100) == b"question"
        with pytest.raises(BlockingIOError):
            stream.recv(100)
    assert stream.recv(100) == b""
    stream.close()
    stream.close()


def refusal(address: UnixAddress | AbstractAddress, timeout: float = 5) -> str:
    with pytest.raises(ConnectError) as caught:
        open_stream(address, timeout)
    return str(caught.value)


@pytest.mark.parametrize("length", [MAX_PATH_BYTES, MAX_PATH_BYTES + 1, 250, 3000])
def test_paths_of_any_length(tmp_path: Path, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path
    while len(str(folder)) < length - 210:
        folder /= "x" * 200
    path = folder / ("y" * (length - len(str(folder)) - 1))
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder)
    with listen(path.name[:100]) as server:
        os.rename(path.name[:100], path.name)
        assert len(str(path)) == length
        assert_connected(server, UnixAddress(str(path)))


@pytest.mark.parametrize("tight", [True, False])
def test_abstract_names(tight: bool) -> None:
    name = f"qmpshell-test-{os.getpid()}"
    bound = b"\0" + name.encode()
    with listen(bound if tight else bound.ljust(108, b"\0")) as server:
        assert_connected(server, AbstractAddress(name, tight=tight))
        assert "no abstract socket" in refusal(AbstractAddress(name, tight=not tight))


def test_no_such_file(tmp_path: Path) -> None:
    path = tmp_path / "gone"
    assert refusal(UnixAddress(str(path))) == f"{path}: no such file; is QEMU running?"
    path.write_text("")
    assert "is a file, not a folder" in refusal(UnixAddress(f"{path}/x"))


def test_what_is_no_socket(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    os.mkfifo(tmp_path / "fifo")
    for name, kind in {"file": "a plain file", "fifo": "a pipe", ".": "a folder"}.items():
        path = f"{tmp_path}/{name}"
        assert refusal(UnixAddress(path)).startswith(f"{path}: {kind}, not a socket; give the ")
    assert (tmp_path / "file").read_text() == "kept"


def test_a_socket_that_nobody_listens_on(tmp_path: Path) -> None:
    path = str(tmp_path / "stale")
    listen(path).close()
    assert "nobody listens there" in refusal(UnixAddress(path))
    assert os.path.exists(path)


def test_a_queue_that_is_full(tmp_path: Path) -> None:
    path = str(tmp_path / "busy")
    with listen(path, backlog=0):
        waiting = [open_stream(UnixAddress(path), 5)]
        assert "busy for 0.01 s; another client" in refusal(UnixAddress(path), timeout=0.01)
        for stream in waiting:
            stream.close()


def test_a_symbolic_link_in_circles(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    assert "symbolic links" in refusal(UnixAddress(str(tmp_path / "circle")))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(
    ("folder_mode", "socket_mode", "expected"),
    [
        (0o755, 0o600, "monitor belongs to root:root (srw-------): connect as root"),
        (0o755, 0o660, "(srw-rw----): connect as root, or as a member of the group root"),
        (0o700, 0o666, "folder belongs to root:root (drwx------): connect as root"),
        (0o750, 0o666, "(drwxr-x---): connect as root, or as a member of the group root"),
    ],
)
def test_no_permission_says_who_may(
    open_folder: Path, folder_mode: int, socket_mode: int, expected: str
) -> None:
    folder = open_folder / "folder"
    folder.mkdir()
    path = str(folder / "monitor")
    with listen(path):
        os.chmod(path, socket_mode)
        os.chmod(folder, folder_mode)
        # Python itself may be where only we can read it: everything is imported before.
        script = (
            "import os, sys\n"
            "import qmpshell.transport.access\n"
            "from qmpshell.address import UnixAddress\n"
            "from qmpshell.transport.unix import open_unix\n"
            "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "try: open_unix(UnixAddress(sys.argv[1]), 5)\n"
            "except Exception as error: print(type(error).__name__, error)\n"
        )
        said = subprocess.run(
            [sys.executable, "-c", script, path], capture_output=True, text=True, check=True
        ).stdout
    assert said.startswith(f"ConnectError {path}: permission denied; ")
    assert expected in said
