"""Files that a person names are read, and written, without harm."""

import os
import socket
from pathlib import Path

import pytest

from qmpshell import files
from qmpshell.errors import FileError, UsageError
from qmpshell.files import opened_lines, opened_target, write_private


def test_lines_with_what_is_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"a\nb\xff\r\nc")
    with opened_lines(str(path)) as lines:
        assert list(lines) == ["a\n", "b\udcff\n", "c"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [("nowhere", "No such file or directory"), ("/", "Is a directory"), ("a\0", "embedded null")],
)
def test_what_cannot_be_read(path: str, reason: str) -> None:
    with pytest.raises(UsageError, match=f"can't be read: {reason}"), opened_lines(path):
        pass


def test_what_is_no_file_of_lines_is_not_read_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 3)
    path = tmp_path / "disk.img"
    path.write_text("ab\n" + "\0" * 100)
    with opened_lines(str(path)) as lines:
        assert next(lines) == "ab\n"
        with pytest.raises(UsageError, match="disk.img has a line of over .* MB; is it a file of"):
            next(lines)


def test_what_is_written_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(str(path), b"\0\xff", overwrite=False)
    assert path.read_bytes() == b"\0\xff"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_there_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(FileError, match="there is one already; --overwrite replaces it"):
        write_private(str(path), b"new", overwrite=False)
    assert path.read_text() == "mine"
    write_private(str(path), b"new", overwrite=True)
    assert path.read_text() == "new"


def test_of_what_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    os.symlink("/dev/full", tmp_path / "full")
    for path in (tmp_path / "no" / "file", tmp_path / "full", Path("a\0")):
        with pytest.raises(FileError, match="not saved: "):
            write_private(str(path), b"x", overwrite=path.name == "full")
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_a_target_is_written_when_it_is_time(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with opened_target(str(path), append=False) as write:
        assert path.read_bytes() == b""
        write(b"one\n")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with opened_target(str(path), append=False) as write:
        assert path.read_bytes() == b"one\n"
        write(b"2\n")
    with opened_target(str(path), append=True) as write:
        write(b"3\n")
    assert path.read_bytes() == b"2\n3\n"
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("append", [False, True])
def test_a_target_that_is_not_written_is_as_before(tmp_path: Path, append: bool) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("mine")
    for path in (old, new):
        with opened_target(str(path), append=append):
            pass
        with pytest.raises(KeyboardInterrupt), opened_target(str(path), append=append):
            raise KeyboardInterrupt
    assert old.read_text() == "mine"
    assert not new.exists()


def test_what_is_no_target(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "monitor"))
        os.symlink("monitor", tmp_path / "link")
        for name, reason in {
            "monitor": "it is a socket, not a file",
            "link": "it is a socket, not a file",
            "pipe": "nobody reads this pipe",
            "": "Is a directory",
            "no/file": "No such file or directory",
            "a\0": "embedded null",
            "\ud800": "surrogates not allowed",
        }.items():
            path = f"{tmp_path}/{name}"
            with pytest.raises(FileError) as caught, opened_target(path, append=False):
                pass
            assert str(caught.value).startswith(f"{path}: not written: ")
            assert reason in str(caught.value)


def test_devices_pipes_and_links_are_targets(tmp_path: Path) -> None:
    with opened_target("/dev/null", append=False) as write:
        write(b"x")
    os.symlink("far", tmp_path / "link")
    with opened_target(str(tmp_path / "link"), append=False) as write:
        write(b"x")
    assert (tmp_path / "far").read_bytes() == b"x"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with opened_target(str(tmp_path / "pipe"), append=True) as write:
        write(b"x")
    assert os.read(reader, 10) == b"x"
    os.close(reader)


def test_a_target_that_takes_nothing_says_so() -> None:
    full = opened_target("/dev/full", append=False)
    with pytest.raises(FileError, match="/dev/full: not written: No space left"), full as write:
        write(b"x")
