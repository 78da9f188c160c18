"""``/sendfd``, and descriptors from Python: QEMU gets what is open here, and nothing leaks."""

import gc
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client import Client
from qmpshell.errors import CommandError, RequestError
from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("home")

PROMPT = "web1 prelaunch>"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "an image"
    path.write_bytes(bytes(2**20))
    return path


@pytest.fixture
def machine(qemu: RealQEMU) -> Iterator[Client]:
    with qmpshell.connect(qemu.socket) as client:
        # What tests before have left to the collector isn't to be closed meanwhile.
        gc.collect()
        before = set(os.listdir("/proc/self/fd"))
        yield client
        assert set(os.listdir("/proc/self/fd")) == before


def test_at_the_prompt(qemu: RealQEMU, image: Path) -> None:
    with Terminal(["qmp-shell", qemu.socket], columns=160) as terminal:
        terminal.wait_for_last_line(PROMPT)
        assert terminal.run(f"/sendfd disk '{image}' --fdset new", PROMPT) == [
            f"QEMU has {image} as /dev/fdset/0"
        ]
        added = "blockdev-add driver=file node-name=disk filename=/dev/fdset/0"
        assert terminal.run(added, PROMPT) == ["{}"]
        assert terminal.run(f"/sendfd state {image.parent}/new --write", PROMPT) == [
            f"QEMU has {image.parent}/new as fd state"
        ]
        terminal.type("closefd fdname=")
        terminal.wait(lambda: "fdname=STRING" in terminal.bottom_line)
        terminal.type("st")
        terminal.wait(lambda: terminal.lines[-1].strip() == "state")
        terminal.type("\t\r")
        terminal.wait_for_last_line(PROMPT)
        assert terminal.lines[-3:-1] == [f"{PROMPT} closefd fdname=state", "{}"]
        assert terminal.run("/sendfd state /nowhere", PROMPT) == [
            "/nowhere: no such file or directory; --write makes a file"
        ]
        # Nobody reads this pipe, and nobody waits for that.
        os.mkfifo(image.parent / "pipe")
        (said,) = terminal.run(f"/sendfd state {image.parent}/pipe --write", PROMPT)
        assert said.endswith("pipe: no such device or address")
        said, *_ = terminal.run(f"/sendfd 7 '{image}'", PROMPT)
        assert said.endswith("^ a name that begins with no digit is expected")


def test_in_a_script(qemu: RealQEMU, image: Path) -> None:
    lines = f"/sendfd disk '{image}' --read --fdset 7\nquery-fdsets --select '[].\"fdset-id\"'\n"
    outcome = run("qmp-shell", qemu.socket, lines=lines)
    assert (outcome.status, outcome.err) == (0, "")
    reply, sets = outcome.out.splitlines()
    assert '"fdset-id": 7' in reply
    assert sets == "[7]"
    outcome = run("qmp-shell", qemu.socket, "/sendfd", "state", str(image))
    assert (outcome.status, outcome.out, outcome.err) == (0, "{}\n", "")
    outcome = run("qmp-shell", qemu.socket, "/sendfd", "state", "/")
    assert (outcome.status, outcome.out, outcome.err) == (2, "", "qmp-shell: /: is a directory\n")


def test_from_python(machine: Client, image: Path) -> None:
    with image.open("r+b") as file:
        added = machine.execute("add-fd", opaque="disk", fds=[file])
        assert machine.execute("getfd", fdname="state", fds=[file.fileno()]) == {}
    assert machine.execute("query-fdsets")[0]["fds"][0]["fd"] == added["fd"]
    assert machine.execute("closefd", fdname="state") == {}


def test_what_is_not_sent_leaves_no_descriptor_in_qemu(machine: Client, image: Path) -> None:
    with image.open("rb") as file:
        with pytest.raises(RequestError, match="can't be written as JSON"):
            machine.execute("getfd", fdname=float("nan"), fds=[file])
        with pytest.raises(RequestError, match="fds and wait exclude each other"):
            machine.execute("getfd", fdname="state", fds=[file], wait=True)
    with pytest.raises(RequestError, match="Bad file descriptor"):
        machine.execute("getfd", fdname="state", fds=[2**20])
    with pytest.raises(CommandError, match="No file descriptor"):
        machine.execute("getfd", fdname="state")


def test_only_a_unix_socket_takes_descriptors_along(tmp_path: Path) -> None:
    chardev = ("-chardev", "socket,id=tcp,host=127.0.0.1,port=0,server=on,wait=off")
    refused = pytest.raises(RequestError, match="only a Unix socket of this host does")
    with RealQEMU(tmp_path, *chardev, "-mon", "chardev=tcp,mode=control") as qemu:
        with qmpshell.connect(qemu.socket) as other:
            (listening,) = (c for c in other.execute("query-chardev") if c["label"] == "tcp")
        port = re.search(r":(\d+),", listening["filename"])[1]
        with (
            qmpshell.connect(f"127.0.0.1:{port}") as machine,
            open("/dev/null") as file,
        ):
            with refused:
                machine.execute("getfd", fdname="state", fds=[file])
            assert machine.execute("query-name") == {"name": "web1"}
