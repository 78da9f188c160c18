"""The log of the traffic: what is in the file, and who may read it."""

import os
from pathlib import Path

import pytest

from qmpshell.client.traffic_log import TrafficLog


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o660, 0o666])
def test_only_its_owner_can_read_it(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    path.chmod(mode)
    said: list[str] = []
    with TrafficLog(path, said.append) as log:
        log("sent", {"execute": "query-status"})
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith('before\n{"time": ')
    told = [f"the log {path} could be read by others; now by you alone"]
    assert said == ([] if mode == 0o600 else told)


def test_a_file_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    path = tmp_path / "log"
    path.touch(0o666)
    path.chmod(0o666)
    monkeypatch.setattr(os, "fchmod", refuse)
    said: list[str] = []
    with TrafficLog(path, said.append) as log:
        log("sent", {"execute": "query-status"})
    assert said == [
        f"the log {path} can be read by others, and that can't be changed: Operation not permitted"
    ]
    assert "query-status" in path.read_text()


def test_what_is_no_file_keeps_its_mode(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o644)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with TrafficLog(pipe, pytest.fail) as log:
        log("sent", {"execute": "query-status"})
    assert b"query-status" in os.read(reader, 1000)
    os.close(reader)
    assert pipe.stat().st_mode & 0o777 == 0o644
