import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from qmpshell.address import DeviceAddress
from qmpshell.errors import ConnectError, NobodyListens, WrongAddress
from qmpshell.transport import open_stream
from tests.terminal import Terminal


def read(descriptor: int, size: int) -> bytes:
    """Read so many bytes, in as many parts as the kernel makes of them."""
    data = b""
    while len(data) < size:
        data += os.read(descriptor, size - len(data))
    return data


def test_bytes_pass_as_they_are_and_the_terminal_is_left_as_it_was() -> None:
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    os.write(master, b"for somebody else\n")
    assert read(master, 19) == b"for somebody else\r\n"
    stream = open_stream(DeviceAddress(os.ttyname(slave)), None)
    with pytest.raises(BlockingIOError):
        stream.recv(100)
    every_byte = bytes(range(256))
    os.write(master, every_byte)
    received = b""
    while len(received) < 256:
        received += stream.recv(256)
    assert received == every_byte
    assert stream.send(every_byte) == 256
    assert read(master, 256) == every_byte
    stream.close()
    stream.close()
    assert stream.fileno() == -1
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)


def test_the_other_side_goes() -> None:
    master, slave = pty.openpty()
    name = os.ttyname(slave)
    stream = open_stream(DeviceAddress(name), None)
    os.close(master)
    assert stream.recv(100) == b""
    stream.close()
    with pytest.raises(NobodyListens, match="no such device; QEMU says"):
        open_stream(DeviceAddress(name), None)
    os.close(slave)


def test_what_is_no_device_for_us(tmp_path: Path) -> None:
    with pytest.raises(NobodyListens, match="no such device; QEMU says"):
        open_stream(DeviceAddress("/dev/pts/999999"), None)
    (tmp_path / "file").touch()
    with pytest.raises(WrongAddress, match="that is no device"):
        open_stream(DeviceAddress(f"{tmp_path}/file"), None)
    with pytest.raises(ConnectError):
        open_stream(DeviceAddress("/"), None)


def test_a_terminal_at_which_somebody_works_is_left_alone() -> None:
    with Terminal(["cat"]) as terminal:
        name = os.readlink(f"/proc/{terminal.pid}/fd/0")
        with pytest.raises(WrongAddress, match=r"somebody works at this terminal: cat \(\d+\)"):
            open_stream(DeviceAddress(name), None)
        # It still echoes what is typed.
        terminal.type("hello\r")
        terminal.wait_for("hello\nhello")


#: Works at a terminal whose number is given, in terminals of its own: as in a container.
CONTAINED = """
import os, pty, subprocess, sys
flags = "newinstance,ptmxmode=0666"
subprocess.run(["mount", "-t", "devpts", "-o", flags, "devpts", "/dev/pts"], check=True)
subprocess.run(["mount", "--bind", "/dev/pts/ptmx", "/dev/ptmx"], check=True)
kept = [pty.openpty() for _ in range(int(sys.argv[1]))]
pid, master = pty.fork()
if pid == 0:
    print(os.ttyname(0), flush=True)
    sys.stdin.read()
print(os.read(master, 100).decode().strip(), flush=True)
sys.stdin.read()
"""


def may_mount() -> bool:
    command = ["unshare", "--mount", "true"]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="only root may mount")
def test_a_containers_terminal_of_the_same_number_is_another() -> None:
    master, slave = pty.openpty()
    name = os.ttyname(slave)
    command = ["unshare", "--mount", sys.executable, "-c", CONTAINED, name.rpartition("/")[2]]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as contained:
        assert contained.stdout
        assert contained.stdin
        assert contained.stdout.readline() == f"{name}\n"
        open_stream(DeviceAddress(name), None).close()
        contained.stdin.close()
    os.close(master)
    os.close(slave)
