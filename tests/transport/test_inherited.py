import os
import socket
import subprocess
from pathlib import Path

import pytest

from qmpshell.address import DescriptorAddress
from qmpshell.errors import WrongAddress
from qmpshell.transport import open_stream
from tests.cli.programs import Outcome
from tests.real_qemu import RealQEMU


def run(address: str, *descriptors: int) -> Outcome:
    done = subprocess.run(
        ["qmp-shell", address, "query-name"],
        pass_fds=descriptors,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.usefixtures("home")
def test_one_of_a_pair_whose_other_is_qemus(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    options = ("-chardev", f"socket,id=far,fd={theirs.fileno()}")
    monitor = ("-mon", "chardev=far,mode=control")
    with (
        ours,
        theirs,
        RealQEMU(tmp_path, *options, *monitor, pass_fds=[theirs.fileno()]),
    ):
        outcome = run(f"fd:{ours.fileno()}", ours.fileno())
    assert (outcome.status, outcome.out, outcome.err) == (0, '{"name": "web1"}\n', "")


@pytest.mark.usefixtures("home")
def test_two_pipes(tmp_path: Path) -> None:
    for name in ("web1.in", "web1.out"):
        os.mkfifo(tmp_path / name)
    options = ("-chardev", f"pipe,id=far,path={tmp_path}/web1", "-mon", "chardev=far,mode=control")
    with RealQEMU(tmp_path, *options):
        reading = os.open(tmp_path / "web1.out", os.O_RDONLY)
        writing = os.open(tmp_path / "web1.in", os.O_WRONLY)
        outcome = run(f"fd:{reading},{writing}", reading, writing)
        assert (outcome.status, outcome.out, outcome.err) == (0, '{"name": "web1"}\n', "")
        swapped = run(f"fd:{writing},{reading}", reading, writing)
        assert swapped.status == 3
        assert f"descriptor {writing} is open for writing alone; fd:N,M reads" in swapped.err
        os.close(reading)
        os.close(writing)


def refusal(reading: int, writing: int) -> str:
    with pytest.raises(WrongAddress) as caught:
        open_stream(DescriptorAddress(reading, writing), None)
    return str(caught.value)


def test_what_is_no_connection(tmp_path: Path) -> None:
    assert "descriptor 999999 is not open; who starts us has to hand it over" in refusal(
        999999, 999999
    )
    with (tmp_path / "file").open("w+") as file:
        number = file.fileno()
        assert refusal(number, number).endswith("is a file, not a connection")
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.fileno()
        assert "that socket isn't connected" in refusal(number, number)
        # It is nobody's but its owner's still.
        assert server.getsockname()


def test_it_can_be_used_once() -> None:
    ours, theirs = socket.socketpair()
    number = ours.detach()
    stream = open_stream(DescriptorAddress(number, number), None)
    assert not os.get_inheritable(number)
    stream.close()
    assert theirs.recv(1) == b""
    theirs.close()
    # By now the number may be another file's, such as this one's.
    other = os.open("/dev/null", os.O_RDWR)
    assert refusal(number, number).endswith(
        "used already; an inherited connection can be used once"
    )
    os.close(other)
