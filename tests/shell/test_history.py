"""The history's file: nothing of it is lost, whoever dies and whoever else writes."""

import itertools
import os
import random
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.secrets import mentions_secret
from qmpshell.shell.history import AppendedHistory, open_history


def start_writer(path: Path, name: str, *, count: int | None, length: int) -> int:
    """Append numbered entries as fast as possible, in a process of their own.

    A long entry is written page by page, so that a kill comes in its middle as well.
    """
    if pid := os.fork():
        return pid
    try:
        history, _ = open_history(str(path))
        for number in itertools.count() if count is None else range(count):
            history.store_string(f"{name} {number} begins\n{'x' * length}\nends {number} {name}")
    finally:
        os._exit(0)


def entries(path: Path) -> list[str]:
    """Load a file, oldest first, as the next shell does."""
    return list(AppendedHistory(str(path)).load_history_strings())[::-1]


def is_whole(entry: str, length: int) -> bool:
    first, _, rest = entry.partition(" begins\n")
    name, _, number = first.partition(" ")
    return rest == f"{'x' * length}\nends {number} {name}"


#: What can't be read, and might hold a secret, isn't kept.
TYPED = st.text(min_size=1).filter(lambda text: not mentions_secret(text))


@given(st.lists(TYPED, max_size=5))
def test_what_was_typed_is_loaded_again(tmp_path_factory: pytest.TempPathFactory, typed) -> None:
    path = tmp_path_factory.mktemp("history") / "history"
    history, problem = open_history(str(path))
    assert problem is None
    for text in typed:
        history.store_string(text)
    assert entries(path) == [text.encode("utf-8", "replace").decode() for text in typed]


def test_half_an_entry_takes_nothing_from_the_next(tmp_path: Path) -> None:
    path = tmp_path / "history"
    AppendedHistory(str(path)).store_string("first\nsecond line")
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole + whole[:length])
        AppendedHistory(str(path)).store_string("next")
        loaded = entries(path)
        assert loaded[0] == "first\nsecond line"
        assert loaded[-1] == "next"
        assert all("first\nsecond line".startswith(entry) for entry in loaded[1:-1])


def test_a_shell_that_is_killed_loses_the_entry_being_written_at_most(tmp_path: Path) -> None:
    path = tmp_path / "history"
    length = 50_000
    dice = random.Random(1)
    kept: list[str] = []
    for kill in range(200):
        if kill % 10 == 0:
            path.write_bytes(b"")
            kept = []
        # The file's own growth says when: anywhere in the first few entries.
        size = path.stat().st_size + dice.randrange(4 * length)
        writer = start_writer(path, f"shell{kill}", count=None, length=length)
        while path.stat().st_size < size:
            pass
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        loaded = entries(path)
        assert [entry for entry in loaded if is_whole(entry, length)][: len(kept)] == kept
        added = [entry for entry in loaded if entry.startswith(f"shell{kill} ")]
        if added and not is_whole(added[-1], length):
            added.pop()
        assert all(is_whole(entry, length) for entry in added)
        assert [entry.split()[1] for entry in added] == [str(n) for n in range(len(added))]
        kept += added


def test_two_shells_at_once_do_not_mix_their_entries(tmp_path: Path) -> None:
    path = tmp_path / "history"
    writers = [start_writer(path, name, count=500, length=9_000) for name in ("one", "two")]
    for writer in writers:
        os.waitpid(writer, 0)
    loaded = entries(path)
    assert all(is_whole(entry, 9_000) for entry in loaded)
    for name in ("one", "two"):
        numbers = [entry.split()[1] for entry in loaded if entry.startswith(name)]
        assert numbers == [str(number) for number in range(500)]


def test_a_file_that_others_could_read_is_theirs_no_more(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.touch()
    path.chmod(0o666)
    open_history(str(path))
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_ends_nothing() -> None:
    history = AppendedHistory("/dev/full")
    history.append_string("query-status")
    history.append_string("query-name")
    assert history.get_strings() == ["query-status", "query-name"]
