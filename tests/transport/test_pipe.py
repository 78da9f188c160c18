import os
from pathlib import Path

import pytest

from qmpshell.address import PipeAddress
from qmpshell.errors import ConnectError, NobodyListens, WrongAddress
from qmpshell.transport import open_stream
from tests.cli.programs import run
from tests.real_qemu import RealQEMU


def test_no_pipes_and_pipes_that_nobody_has_open(tmp_path: Path) -> None:
    address = PipeAddress(f"{tmp_path}/web1")
    with pytest.raises(NobodyListens, match=r"no such file: .*/web1.in; `mkfifo` makes NAME.in"):
        open_stream(address, None)
    os.mkfifo(f"{tmp_path}/web1.in")
    with pytest.raises(NobodyListens, match="nobody has it open at the other end"):
        open_stream(address, None)
    other_end = os.open(f"{tmp_path}/web1.in", os.O_RDWR)
    with pytest.raises(NobodyListens, match=r"no such file: .*/web1.out"):
        open_stream(address, None)
    os.close(other_end)
    (tmp_path / "file.in").write_text("kept")
    with pytest.raises(WrongAddress, match="is no pipe"):
        open_stream(PipeAddress(f"{tmp_path}/file"), None)
    assert (tmp_path / "file.in").read_text() == "kept"
    (tmp_path / "folder.in").mkdir()
    with pytest.raises(ConnectError, match="Is a directory"):
        open_stream(PipeAddress(f"{tmp_path}/folder"), None)


@pytest.mark.usefixtures("home")
def test_qemu_greets_into_a_pipe_once(tmp_path: Path) -> None:
    for name in ("web1.in", "web1.out"):
        os.mkfifo(tmp_path / name)
    options = ("-chardev", f"pipe,id=far,path={tmp_path}/web1", "-mon", "chardev=far,mode=control")
    address = f"pipe:{tmp_path}/web1"
    with RealQEMU(tmp_path, *options):
        assert run("qmp-shell", address, "query-name").out == '{"name": "web1"}\n'
        second = run("qmp-shell", "--connect-timeout", "0.3", address, "query-name")
        assert second.status == 3
        advice = "QEMU greets into a pipe once, at its start; -N goes on without"
        assert second.err == f"qmp-shell: {address}: connected, but no greeting; {advice}\n"
        assert run("qmp-shell", "-N", address, "query-name").out == '{"name": "web1"}\n'
