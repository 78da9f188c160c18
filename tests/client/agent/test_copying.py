"""Files to the guest and from it, on a real agent."""

import base64
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qmpshell
from qmpshell.client.agent import files
from qmpshell.client.agent.client import AgentClient
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import CommandError, ConnectionLost, Error, FileError, ProtocolError
from qmpshell.progress import Progress
from tests.agents import OldAgent, RealAgent, when

FIVE_MB = random.Random(7).randbytes(5_000_001)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def there(tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    folder.mkdir()
    return folder


def test_five_megabytes_here_and_there_byte_for_byte(
    guest: AgentClient, here: Path, there: Path
) -> None:
    (there / "data").write_bytes(FIVE_MB)
    assert guest.get(str(there / "data"), here / "copy") == str(here / "copy")
    assert (here / "copy").read_bytes() == FIVE_MB
    assert guest.put(here / "copy", str(there / "back")) == str(there / "back")
    assert (there / "back").read_bytes() == FIVE_MB
    assert sorted(os.listdir(there)) == ["back", "data"]
    assert os.listdir(here) == ["copy"]


@pytest.mark.parametrize("content", [b"", b"x", bytes(files.PIECE), bytes(files.PIECE + 1)])
@pytest.mark.parametrize("in_place", [False, True])
def test_small_and_round_sizes(
    guest: AgentClient, here: Path, there: Path, content: bytes, in_place: bool
) -> None:
    (here / "a").write_bytes(content)
    guest.put(here / "a", str(there / "b"), in_place=in_place)
    assert (there / "b").read_bytes() == content
    assert guest.read(str(there / "b")) == content


def test_files_whose_size_nobody_knows(guest: AgentClient) -> None:
    with open("/proc/version", "rb") as file:
        assert guest.read("/proc/version") == file.read()


def test_into_a_folder_goes_a_file_of_the_same_name(
    guest: AgentClient, here: Path, there: Path
) -> None:
    (here / "a b's").write_bytes(b"1")
    assert guest.put(here / "a b's", str(there)) == str(there / "a b's")
    (here / "a b's").unlink()
    assert guest.get(str(there / "a b's"), here) == str(here / "a b's")
    assert (here / "a b's").read_bytes() == b"1"


def test_what_is_there_stays_unless_it_is_to_be_replaced(
    guest: AgentClient, here: Path, there: Path
) -> None:
    (here / "a").write_bytes(b"here")
    (there / "a").write_bytes(b"there")
    for in_place in (False, True):
        with pytest.raises(FileError, match="one already in the guest; --overwrite replaces it"):
            guest.put(here / "a", str(there / "a"), in_place=in_place)
    with pytest.raises(FileError, match="one already; --overwrite replaces it"):
        guest.get(str(there / "a"), here / "a")
    assert (here / "a").read_bytes() == b"here"
    assert (there / "a").read_bytes() == b"there"
    guest.get(str(there / "a"), here / "a", overwrite=True)
    assert (here / "a").read_bytes() == b"there"
    (here / "a").write_bytes(b"new")
    guest.put(here / "a", str(there / "a"), overwrite=True)
    assert (there / "a").read_bytes() == b"new"


@pytest.mark.parametrize(("mode", "kept"), [(0o600, 0o600), (0o755, 0o755), (0o666, 0o644)])
def test_a_new_file_has_the_permissions_of_the_one_here(
    guest: AgentClient, here: Path, there: Path, mode: int, kept: int
) -> None:
    (here / "a").write_bytes(b"x")
    (here / "a").chmod(mode)
    guest.put(here / "a", str(there / "a"))
    assert (there / "a").stat().st_mode & 0o777 == kept


def test_a_file_that_is_replaced_keeps_its_permissions_its_owner_and_its_link(
    guest: AgentClient, here: Path, there: Path
) -> None:
    (here / "a").write_bytes(b"new")
    (there / "real").write_bytes(b"old, and longer")
    (there / "real").chmod(0o640)
    os.chown(there / "real", 1, 2)
    (there / "link").symlink_to("real")
    assert guest.put(here / "a", str(there / "link"), overwrite=True) == str(there / "real")
    assert (there / "link").is_symlink()
    status = (there / "real").stat()
    assert (status.st_mode & 0o777, status.st_uid, status.st_gid) == (0o640, 1, 2)
    assert (there / "real").read_bytes() == b"new"


def test_what_comes_here_can_be_read_by_its_owner_alone(
    guest: AgentClient, here: Path, there: Path
) -> None:
    (there / "a").write_bytes(b"x")
    guest.get(str(there / "a"), here / "a")
    assert (here / "a").stat().st_mode & 0o777 == 0o600


def test_while_it_is_on_its_way_nobody_else_can_write_to_it(
    agent: RealAgent, here: Path, there: Path
) -> None:
    (here / "a").write_bytes(b"x")
    modes: list[int] = []

    def look() -> None:
        (beside,) = there.iterdir()
        modes.append(beside.stat().st_mode & 0o777)

    on_traffic = when("guest-file-write", 1, look)
    with qmpshell.connect(agent.path, agent=True, traffic=on_traffic) as guest:
        guest.put(here / "a", str(there / "a"))
    assert modes == [0o644]


def test_what_cant_be_copied_is_said_and_leaves_nothing(
    guest: AgentClient, here: Path, there: Path
) -> None:
    (here / "a").write_bytes(b"x")
    refused: list[tuple[Callable[[], object], str]] = [
        (lambda: guest.get(str(there / "nope"), here / "b"), "No such file"),
        (lambda: guest.get(str(there), here / "b"), "Is a directory"),
        (lambda: guest.get("/etc/hostname", here / "no" / "b"), "not saved: No such file"),
        (lambda: guest.put(here / "nope", str(there / "b")), "can't be read: No such file"),
        (lambda: guest.put(here, str(there / "b")), "can't be read: Is a directory"),
        (lambda: guest.put(here / "a", str(there / "no" / "b")), "not written in the guest"),
        (lambda: guest.put(here / "a", str(there / "no") + "/"), "no such folder"),
        (lambda: guest.get("/etc/hostname", str(here / "no") + "/"), "not saved"),
        (lambda: guest.put(here / "a", "/dev/null", overwrite=True), "that is no file"),
        (lambda: guest.get("/etc/hostname", "/dev/null", overwrite=True), "no file"),
        (lambda: guest.put(here / "a", str(there / "b\0")), "NUL|null|\\0|."),
    ]
    for attempt, reason in refused:
        with pytest.raises(Error, match=reason):
            attempt()
        assert guest.execute("guest-ping") == {}
    assert os.listdir(here) == ["a"]
    assert os.listdir(there) == []


def test_a_guest_that_runs_no_programs_takes_a_file_in_place_if_that_is_wanted(
    tmp_path: Path, here: Path, there: Path
) -> None:
    (here / "a").write_bytes(b"x")
    with (
        RealAgent(tmp_path, "-b", "guest-exec") as agent,
        qmpshell.connect(agent.path, agent=True) as guest,
    ):
        with pytest.raises(FileError, match=r"runs no programs \(guest-exec\).*--in-place"):
            guest.put(here / "a", str(there / "a"))
        assert os.listdir(there) == []
        guest.put(here / "a", str(there / "a"), in_place=True)
    assert (there / "a").read_bytes() == b"x"


def test_an_agent_that_dies_leaves_no_half_file_under_the_name(
    agent: RealAgent, here: Path, there: Path
) -> None:
    (there / "data").write_bytes(FIVE_MB)
    on_traffic = when("guest-file-read", 3, agent.kill)
    with qmpshell.connect(agent.path, agent=True, traffic=on_traffic) as guest:
        with pytest.raises(ConnectionLost):
            guest.get(str(there / "data"), here / "data")
        assert guest.closed
    assert os.listdir(here) == []


def test_an_agent_that_dies_leaves_no_half_file_in_the_guest_but_one_that_is_told(
    agent: RealAgent, here: Path, there: Path
) -> None:
    (here / "data").write_bytes(FIVE_MB)
    (there / "data").write_bytes(b"old")
    on_traffic = when("guest-file-write", 3, agent.kill)
    with (
        qmpshell.connect(agent.path, agent=True, traffic=on_traffic) as guest,
        pytest.raises(ConnectionLost, match=r"; \S+/\.qmpshell-[0-9a-f]+ is left in the guest"),
    ):
        guest.put(here / "data", str(there / "data"), overwrite=True)
    assert (there / "data").read_bytes() == b"old"


@pytest.mark.parametrize("command", ["guest-file-open", "guest-file-read"])
def test_ctrl_c_on_the_way_here(agent: RealAgent, here: Path, there: Path, command: str) -> None:
    (there / "data").write_bytes(FIVE_MB)
    interrupt = Interrupt()
    on_traffic = when(command, 1, interrupt.set)
    with qmpshell.connect(agent.path, agent=True, traffic=on_traffic) as guest:
        guest.heed(interrupt)
        with pytest.raises(KeyboardInterrupt):
            guest.get(str(there / "data"), here / "data")
        assert os.listdir(here) == []
        assert guest.execute("guest-get-host-name")["host-name"]
        # What was closed by then was asked for before this.
        assert guest.execute("guest-ping") == {}
        assert str(there / "data") not in agent.open_files()
        guest.get(str(there / "data"), here / "data")
    assert (here / "data").read_bytes() == FIVE_MB


@pytest.mark.parametrize("command", ["guest-file-open", "guest-file-write", "guest-file-flush"])
def test_ctrl_c_on_the_way_there(agent: RealAgent, here: Path, there: Path, command: str) -> None:
    (here / "data").write_bytes(FIVE_MB)
    interrupt = Interrupt()
    on_traffic = when(command, 1, interrupt.set)
    with qmpshell.connect(agent.path, agent=True, traffic=on_traffic) as guest:
        guest.heed(interrupt)
        with pytest.raises(KeyboardInterrupt):
            guest.put(here / "data", str(there / "data"))
        assert os.listdir(there) == []
        assert guest.execute("guest-ping") == {}
        assert not any(str(there) in path for path in agent.open_files())


def test_progress_is_told(guest: AgentClient, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_TICK_SECONDS", 0.0)
    (there / "data").write_bytes(FIVE_MB)
    told: list[Progress] = []
    guest.read(str(there / "data"), on_progress=told.append)
    assert [each.label for each in told] == ["data"] * len(told)
    assert {each.total for each in told} == {len(FIVE_MB)}
    done = [each.done for each in told]
    assert done == sorted(done)
    assert done[-1] == len(FIVE_MB)


@pytest.mark.parametrize(
    "read",
    [None, {}, {"buf-b64": 1}, {"buf-b64": "!"}, {"buf-b64": "YWJj", "count": -1, "eof": 7}],
)
def test_a_reply_that_no_agent_gives(tmp_path: Path, read: Any) -> None:
    def answer(request: dict[str, Any]) -> Any:
        match request["execute"]:
            case "guest-file-open":
                return {"return": 1000}
            case "guest-file-seek":
                return {"error": {"class": "GenericError", "desc": "no"}}
            case "guest-file-read":
                return {"return": read}
        return {"return": {}}

    with (
        OldAgent(tmp_path, answer, takes_ids=True) as strange,
        qmpshell.connect(strange.path, agent=True) as guest,
    ):
        if read and read.get("buf-b64") == "YWJj":
            assert guest.read("x") == b"abc"
        else:
            with pytest.raises(ProtocolError):
                guest.read("x")
    assert strange.received[-1]["execute"] == "guest-file-close"


@pytest.mark.parametrize("count", [0, -1, 10**6, "1"])
def test_a_count_of_bytes_written_that_cant_be(tmp_path: Path, here: Path, count: Any) -> None:
    def answer(request: dict[str, Any]) -> Any:
        return {
            "guest-file-open": {"return": 1000},
            "guest-file-write": {"return": {"count": count}},
        }.get(request["execute"], {"return": {}})

    (here / "a").write_bytes(b"abc")
    with (
        OldAgent(tmp_path, answer, takes_ids=True) as strange,
        qmpshell.connect(strange.path, agent=True) as guest,
        pytest.raises(ProtocolError),
    ):
        guest.put(here / "a", "/x", in_place=True, overwrite=True)
    assert strange.received[-1]["execute"] == "guest-file-close"


def test_what_is_written_in_part_is_written_on(tmp_path: Path, here: Path) -> None:
    got = b""

    def answer(request: dict[str, Any]) -> Any:
        nonlocal got
        if request["execute"] == "guest-file-write":
            got += base64.b64decode(request["arguments"]["buf-b64"])[:2]
            return {"return": {"count": min(2, 5 - len(got) + 2)}}
        return {"return": 1000 if request["execute"] == "guest-file-open" else {}}

    (here / "a").write_bytes(b"abcd")
    with (
        OldAgent(tmp_path, answer, takes_ids=True) as strange,
        qmpshell.connect(strange.path, agent=True) as guest,
    ):
        guest.put(here / "a", "/x", in_place=True, overwrite=True)
    assert got == b"abcd"


def test_a_write_that_fails_at_last_is_a_failure(guest: AgentClient, here: Path) -> None:
    (here / "a").write_bytes(b"x" * 10)
    with pytest.raises(CommandError, match="No space left"):
        guest.put(here / "a", "/dev/full", in_place=True, overwrite=True)
