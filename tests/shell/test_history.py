"""The history's file: nothing of it is lost, whoever dies and whoever else writes."""

import ctypes
import io
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

# With what the first line needs, so that it isn't imported anew in each fork.
import qmpshell.shell.qmp_mode
from qmpshell.errors import ConnectError
from qmpshell.language import keeping
from qmpshell.secrets import mentions_secret
from qmpshell.shell.history import AppendedHistory, open_history
from qmpshell.shell.options import ShellOptions
from qmpshell.shell.printer import Printer
from qmpshell.shell.session import Session
from qmpshell.shell.shell import Shell

#: From ``linux/prctl.h``: the signal that a process gets when its parent ends.
_PR_SET_PDEATHSIG = 1


def fork() -> int:
    """Do as :func:`os.fork`, but the new process doesn't outlive this one."""
    us = os.getpid()
    if pid := os.fork():
        return pid
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != us:
        os._exit(1)
    return 0


def start_writer(path: Path, name: str, *, count: int | None, length: int) -> int:
    """Append numbered entries as fast as possible, in a process of their own.

    A long entry is written page by page, so that a kill comes in its middle as well.
    """
    if pid := fork():
        return pid
    try:
        # It would take a hundred times as long as the write, and most kills would come in it.
        keeping.kept_line = lambda text, **_: text
        history, _ = open_history(str(path))
        for number in itertools.count() if count is None else range(count):
            history.store_string(f"{name} {number} begins\n{'x' * length}\nends {number} {name}")
    finally:
        os._exit(0)


def entries(path: Path) -> list[str]:
    """Load a file, oldest first, as the next shell does."""
    return list(AppendedHistory(str(path)).load_history_strings())[::-1]


def whole(entry: str, length: int) -> str:
    """Return an entry's name and number, or nothing if it isn't whole."""
    label, _, rest = entry.partition(" begins\n")
    name, _, number = label.partition(" ")
    return label if rest == f"{'x' * length}\nends {number} {name}" else ""


#: What can't be read, and might hold a secret, isn't kept, nor what begins with a blank.
TYPED = st.text(min_size=1).filter(lambda text: text[0] != " " and not mentions_secret(text))


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


def test_a_write_that_is_killed_loses_its_own_entry_at_most(tmp_path: Path) -> None:
    path = tmp_path / "history"
    # So long that the kill comes before the end of a write that has been seen to begin.
    length = 100_000
    dice = random.Random(1)
    kept: list[str] = []
    for kill in range(160):
        if kill % 10 == 0:
            path.write_bytes(b"")
            kept = []
        before = path.stat().st_size
        size = before + dice.randrange(2 * length)
        writer = start_writer(path, f"shell{kill}", count=None, length=length)
        while (seen := path.stat().st_size) < size:
            assert os.waitpid(writer, os.WNOHANG) == (0, 0)
            os.sched_yield()
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        labels = [whole(entry, length) for entry in entries(path)]
        found = list(filter(None, labels))
        added = found[len(kept) :]
        assert found[: len(kept)] == kept
        assert added == [f"shell{kill} {number}" for number in range(len(added))]
        # What was there whole when the kill was decided on stays.
        assert len(added) >= (seen - before) // (length + 100)
        kept = found


def start_shell(path: Path, socket: str, lines: Iterable[str], shown: int) -> int:
    """Run a shell at which lines are typed as fast as it takes them, in a process of its own.

    Replies go to the descriptor ``shown``.
    """
    if pid := fork():
        return pid
    try:
        history, _ = open_history(str(path))
        printer = Printer(io.TextIOWrapper(io.FileIO(shown, "w")), None)
        # Nothing is asked of the machine at the start, so that there are more kills a second.
        options = ShellOptions(negotiated=False)
        session = Session(lambda: qmpshell.connect(socket), printer, options)
        session.connection.begin()
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            keys.send_text("".join(f"{line}\r" for line in lines))
            Shell(session, history).run()
    finally:
        os._exit(1)


def listens(path: str) -> bool:
    try:
        qmpshell.connect(path).close()
    except ConnectError:
        return False
    return True


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[str]:
    """A simulated machine in a process of its own: a fork mustn't take a thread's locks along."""
    path = tmp_path / "machine"
    with subprocess.Popen([sys.executable, "-m", "qmpshell.simulator", str(path)]) as process:
        # The socket's file is there before anybody listens.
        while not listens(str(path)):
            assert process.poll() is None
        yield str(path)
        process.terminate()


def test_a_shell_that_is_killed_loses_the_line_being_written_at_most(
    machine: str, tmp_path: Path
) -> None:
    path = tmp_path / "history"
    path.touch()
    dice = random.Random(1)
    kept: list[str] = []
    for kill in range(40):
        size = path.stat().st_size
        lines = [f"query-uuid --timeout {kill + 1}{number:03}" for number in range(100)]
        replies, shown = os.pipe()
        shell = start_shell(path, machine, lines, shown)
        os.close(shown)
        while path.stat().st_size == size:
            assert os.waitpid(shell, os.WNOHANG) == (0, 0)
            os.sched_yield()
        moment = time.perf_counter() + dice.uniform(0, 0.03)
        while time.perf_counter() < moment:
            pass
        os.kill(shell, signal.SIGKILL)
        os.waitpid(shell, 0)
        with open(replies, "rb") as stream:
            answered = stream.read().count(b"UUID")
        loaded = entries(path)
        assert loaded[: len(kept)] == kept
        added = loaded[len(kept) :]
        assert added == lines[: len(added)]
        assert len(added) >= max(1, answered)
        kept = loaded


def test_two_shells_at_once_do_not_mix_their_entries(tmp_path: Path) -> None:
    path = tmp_path / "history"
    writers = [start_writer(path, name, count=500, length=9_000) for name in ("one", "two")]
    for writer in writers:
        os.waitpid(writer, 0)
    loaded = entries(path)
    assert all(whole(entry, 9_000) for entry in loaded)
    for name in ("one", "two"):
        numbers = [entry.split()[1] for entry in loaded if entry.startswith(name)]
        assert numbers == [str(number) for number in range(500)]


def test_a_file_that_others_could_read_is_theirs_no_more(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.touch()
    path.chmod(0o666)
    open_history(str(path))
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_begins_with_a_blank_is_not_stored(tmp_path: Path) -> None:
    history = AppendedHistory(str(tmp_path / "history"))
    for line in ("query-name", " query-uuid", "query-kvm"):
        history.append_string(line)
    # The arrow keys still bring it back.
    assert history.get_strings() == ["query-name", " query-uuid", "query-kvm"]
    assert entries(tmp_path / "history") == ["query-name", "query-kvm"]


def test_a_full_disk_ends_nothing() -> None:
    history = AppendedHistory("/dev/full")
    history.append_string("query-status")
    history.append_string("query-name")
    assert history.get_strings() == ["query-status", "query-name"]
