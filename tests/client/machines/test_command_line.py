import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.address import AbstractAddress, Address, TCPAddress, UnixAddress
from qmpshell.client.machines.command_line import (
    ServerSocket,
    program_name,
    read_command_line,
    split_options,
)
from qmpshell.client.machines.values import Language

QMP, HMP, AGENT, OTHER = Language.QMP, Language.HMP, Language.AGENT, Language.OTHER
VM = UnixAddress("/run/vm.sock")
CHARDEV = "socket,id=m,path=/run/vm.sock,server=on,wait=off"
PORT = "virtserialport,chardev=m,name=org.qemu.guest_agent.0"


@pytest.mark.parametrize(
    ("options", "language", "address"),
    [
        (["-qmp", "unix:/run/vm.sock,server=on,wait=off"], QMP, VM),
        (["-qmp", "unix:/run/vm.sock,server,nowait"], QMP, VM),
        (["--qmp", "unix:/run/vm.sock,server=yes"], QMP, VM),
        (["-qmp-pretty", "unix:/run/vm.sock,server"], QMP, VM),
        (["-qmp", "unix:/a,,b,server=on"], QMP, UnixAddress("/a,b")),
        (["-qmp", "unix:vm,server=on,abstract=on"], QMP, AbstractAddress("vm")),
        (
            ["-qmp", "unix:vm,server=on,abstract=on,tight=off"],
            QMP,
            AbstractAddress("vm", tight=False),
        ),
        (["-qmp", "tcp:localhost:4444,server=on"], QMP, TCPAddress("localhost", 4444)),
        (["-qmp", "tcp::4444,server=on"], QMP, TCPAddress("localhost", 4444)),
        (["-qmp", "tcp:0.0.0.0:4444,server=on"], QMP, TCPAddress("127.0.0.1", 4444)),
        (["-monitor", "unix:/run/vm.sock,server,nowait"], HMP, VM),
        (["-serial", "mon:unix:/run/vm.sock,server=on"], HMP, VM),
        (["-serial", "unix:/run/vm.sock,server=on"], OTHER, VM),
        (["-chardev", CHARDEV, "-mon", "chardev=m,mode=control"], QMP, VM),
        (["-mon", "m,mode=control,pretty=on", "-chardev", CHARDEV], QMP, VM),
        (["-chardev", CHARDEV, "-mon", "chardev=m"], HMP, VM),
        (["-chardev", CHARDEV, "-mon", "chardev=m,mode=readline"], HMP, VM),
        (["-chardev", CHARDEV, "-qmp", "chardev:m"], QMP, VM),
        (["-chardev", CHARDEV, "-monitor", "chardev:m"], HMP, VM),
        (["-chardev", CHARDEV], OTHER, VM),
        (["-chardev", CHARDEV, "-device", PORT], AGENT, VM),
        (
            [
                "-chardev",
                CHARDEV,
                "-device",
                '{"driver":"virtserialport","chardev":"m","name":"org.qemu.guest_agent.0","nr":1}',
            ],
            AGENT,
            VM,
        ),
        (
            ["-chardev", "socket,id=m,host=::1,port=4444,server=on", "-mon", "m,mode=control"],
            QMP,
            TCPAddress("::1", 4444),
        ),
    ],
)
def test_monitors_in_all_spellings(
    options: list[str], language: Language, address: Address
) -> None:
    (socket,) = read_command_line(["qemu-system-x86_64", "-m", "64", *options]).sockets
    assert socket == ServerSocket(language, address)


def test_a_descriptor_in_place_of_an_address_as_libvirt_has_it() -> None:
    options = ["-chardev", "socket,id=m,fd=31,server=on,wait=off", "-mon", "m,mode=control"]
    (socket,) = read_command_line(["qemu", *options]).sockets
    assert socket == ServerSocket(QMP, None, fd=31)


@pytest.mark.parametrize(
    "options",
    [
        ["-qmp", "unix:/run/vm.sock"],
        ["-qmp", "stdio"],
        ["-qmp", "pty"],
        ["-qmp"],
        ["-qmp", "tcp:localhost:service,server=on"],
        ["-qmp", "tcp:localhost:0,server=on"],
        ["-chardev", "pipe,id=m,path=/tmp/p", "-mon", "m,mode=control"],
        ["-chardev", "socket,id=m,path=/run/q.sock,reconnect=5", "-mon", "m,mode=control"],
        ["-chardev", "{", "-mon", "m"],
    ],
)
def test_what_nobody_can_connect_to_is_no_monitor(options: list[str]) -> None:
    assert read_command_line(["qemu", *options]).sockets == ()


@pytest.mark.parametrize(
    ("device", "wrapping"),
    [
        ("telnet:localhost:4444,server=on", "telnet"),
        ("tcp:localhost:4444,server=on,telnet=on", "telnet"),
        ("websocket:localhost:4444,server=on", "WebSocket"),
        ("tcp:localhost:4444,server=on,tls-creds=t", "TLS"),
        ("websocket:localhost:4444,server=on,tls-creds=t", "WebSocket over TLS"),
    ],
)
def test_what_surrounds_the_language(device: str, wrapping: str) -> None:
    (socket,) = read_command_line(["qemu", "-qmp", device]).sockets
    assert socket == ServerSocket(QMP, TCPAddress("localhost", 4444), wrapping=wrapping)


def test_the_storage_daemons_monitor_is_a_qmp_monitor() -> None:
    words = ["qemu-storage-daemon", f"--chardev={CHARDEV}", "--monitor", "chardev=m"]
    (socket,) = read_command_line(words, "qemu-storage-daemon").sockets
    assert socket == ServerSocket(QMP, VM)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("web1", "web1"),
        ("guest=web1,debug-threads=on", "web1"),
        ("web1,process=x", "web1"),
        ("a,,b", "a,b"),
        ("debug-threads=on", ""),
    ],
)
def test_names(value: str, name: str) -> None:
    assert read_command_line(["qemu", "-name", value]).name == name


def test_a_uuid() -> None:
    assert read_command_line(["qemu", "-uuid", "6D3C1C5C-2F3A"]).uuid == "6d3c1c5c-2f3a"
    assert read_command_line(["qemu"]).uuid == ""


@pytest.mark.parametrize(
    ("candidates", "name"),
    [
        (["/usr/bin/qemu-system-x86_64"], "qemu-system-x86_64"),
        (["/usr/libexec/qemu-kvm"], "qemu-kvm"),
        (["/usr/bin/kvm", "/usr/bin/qemu-system-x86_64"], "kvm"),
        (["vm1", "/usr/bin/qemu-system-arm (deleted)"], "qemu-system-arm"),
        (["qemu-storage-daemon"], "qemu-storage-daemon"),
        (["qemu-img"], None),
        (["sh", "/bin/dash"], None),
        (["qemu-ga", ""], None),
    ],
)
def test_programs(candidates: list[str], name: str | None) -> None:
    assert program_name(*candidates) == name


@given(st.lists(st.text(alphabet='-qmponchardevi=,:{}[]"1\x00é\udc80/ ', max_size=40), max_size=9))
def test_any_command_line_is_read(words: list[str]) -> None:
    for program in ("", "qemu-storage-daemon"):
        for option in ("-qmp", "-chardev", "-mon", "-device", "-name", "-monitor"):
            line = read_command_line(["qemu", *words, option, *words], program)
            assert isinstance(line.name, str)


def test_options_are_split_as_qemu_does() -> None:
    split = split_options("a,,b,c=1,,2,server,nowait,nodelay", "first")
    assert split == {"first": "a,b", "c": "1,2", "server": "on", "wait": "off", "nodelay": "on"}
