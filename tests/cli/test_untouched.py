"""What stands at an address stays what it is, whatever it is and whoever connects to it."""

import os
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qmpshell.simulator import Simulator

pytestmark = pytest.mark.usefixtures("home")

PROGRAMS = [
    ("qmp-shell", "{}", "query-name"),
    ("qmp-shell", "-H", "{}"),
    ("qmp-shell", "-l", "{}", "{}", "query-name"),
    ("qmp-shell", "{}", "-c", "query-name > {}"),
    ("qmp-shell", "{}", "--watch", "--timeout", "0.1"),
    ("qmp", "--path", "{}", "query-name"),
    ("qom-list", "-s", "{}", "/"),
]


def made(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link to nothing":
        path.symlink_to("nothing")
    elif kind != "nothing":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))


def seen(folder: Path) -> list[tuple[str, int, int, int]]:
    """What there is in a folder, and which file that is."""
    found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in os.scandir(folder)]
    return sorted((name, stat.S_IFMT(is_.st_mode), is_.st_ino, is_.st_size) for name, is_ in found)


@pytest.mark.parametrize("kind", ["a dead socket", "folder", "pipe", "link to nothing", "nothing"])
@pytest.mark.parametrize("program", PROGRAMS[:2] + PROGRAMS[4:], ids=" ".join)
def test_what_nobody_listens_at(tmp_path: Path, program: tuple[str, ...], kind: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    made(folder / "it", kind)
    before = seen(folder)
    command = [word.format(folder / "it") for word in program]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 3
    assert seen(folder) == before


@pytest.mark.parametrize("program", PROGRAMS, ids=" ".join)
def test_a_monitor(simulate: Callable[..., Simulator], program: tuple[str, ...]) -> None:
    path = simulate().path
    before = os.lstat(path)
    command = [word.format(path) for word in program]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    after = os.lstat(path)
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    last = subprocess.run(
        ["qmp-shell", path, "query-name"], capture_output=True, text=True, check=False
    )
    assert (last.stdout, last.stderr) == ('{"name": "demo"}\n', "")
