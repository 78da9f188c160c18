"""Files that a person names are read, and written, without harm."""

import os
from pathlib import Path

import pytest

from qmpshell.errors import FileError, UsageError
from qmpshell.files import opened_lines, write_private


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
