import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qmpshell.address import (
    FORMS,
    AbstractAddress,
    Address,
    CommandAddress,
    DescriptorAddress,
    DeviceAddress,
    LibvirtAddress,
    ListenAddress,
    PipeAddress,
    SSHAddress,
    TCPAddress,
    TLSAddress,
    UnixAddress,
    VsockAddress,
    parse_address,
    short_text,
)
from qmpshell.address.own_forms import OWN_READERS
from qmpshell.address.reading import OWN_FORM
from qmpshell.errors import AddressError


def parse(text: str, *existing: str) -> Address:
    return parse_address(text, exists=lambda path: path in existing)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp:localhost:4444", TCPAddress("localhost", 4444)),
        ("localhost:4444", TCPAddress("localhost", 4444)),
        ("tcp:[::1]:4444", TCPAddress("::1", 4444)),
        ("[::1]:4444", TCPAddress("::1", 4444)),
        (":4444", TCPAddress("localhost", 4444)),
        ("tcp::4444,server=on,wait=off", TCPAddress("localhost", 4444)),
        ("192.0.2.1:65535,server,nowait", TCPAddress("192.0.2.1", 65535)),
        ("tcp:localhost:4444,server=on,tls-creds=t", TLSAddress("localhost", 4444)),
        ("localhost:4444,tls-creds=t", TLSAddress("localhost", 4444)),
        ("tls:web1:4444", TLSAddress("web1", 4444)),
        ("tls:[::1]:4444?", TLSAddress("::1", 4444)),
        ("tls:web1:4444?ca=/a b,c", TLSAddress("web1", 4444, ca="/a b,c")),
        ("tls:web1:4444?ca=%26%3f%25", TLSAddress("web1", 4444, ca="&?%")),
        ("tls:web1:4444?ca=a+b=c%FF", TLSAddress("web1", 4444, ca="a+b=c\udcff")),
        (
            "tls:web1:4444?hostname=w.example&cert=c.pem&key=k.pem&verify=off",
            TLSAddress("web1", 4444, cert="c.pem", key="k.pem", hostname="w.example", verify=False),
        ),
        ("tls:web1:4444?verify=on", TLSAddress("web1", 4444)),
        ("unix:/run/vm.sock", UnixAddress("/run/vm.sock")),
        ("unix:/run/vm.sock,server=on,wait=off", UnixAddress("/run/vm.sock")),
        ("unix:a:1", UnixAddress("a:1")),
        ("/run/vm.sock", UnixAddress("/run/vm.sock")),
        ("./vm.sock,server,nowait", UnixAddress("./vm.sock")),
        ("vm.sock", UnixAddress("vm.sock")),
        ("/run/a:1", UnixAddress("/run/a:1")),
        ("/run/a,,b", UnixAddress("/run/a,b")),
        ("unix:/run/a,,b,server=on", UnixAddress("/run/a,b")),
        ("@vm", AbstractAddress("vm")),
        ("@vm,tight=off", AbstractAddress("vm", tight=False)),
        ("unix:vm,abstract=on", AbstractAddress("vm")),
        ("unix:vm,server=on,abstract,tight=off", AbstractAddress("vm", tight=False)),
        ("unix:vm,abstract=off", UnixAddress("vm")),
        ("unix:@vm", UnixAddress("@vm")),
        ("vsock:2:4444,server=on", VsockAddress(2, 4444)),
        ("pty:/dev/pts/5", DeviceAddress("/dev/pts/5")),
        ("/dev/pts/5", DeviceAddress("/dev/pts/5")),
        ("/dev/null", DeviceAddress("/dev/null")),
        ("unix:/dev/null", UnixAddress("/dev/null")),
        ("pipe:/run/web1", PipeAddress("/run/web1")),
        ("fd:3", DescriptorAddress(3, 3)),
        ("fd:3,4", DescriptorAddress(3, 4)),
        ("exec:socat - UNIX:/run/a,b", CommandAddress("socat - UNIX:/run/a,b")),
        ("ssh://host/run/x.sock", SSHAddress("host", UnixAddress("/run/x.sock"))),
        (
            "ssh://me@host:2222/run/a b:1,,2,server=on,wait=off",
            SSHAddress("host", UnixAddress("/run/a b:1,2"), "me", 2222),
        ),
        ("ssh://[::1]/tcp:[::1]:44", SSHAddress("::1", TCPAddress("::1", 44))),
        ("ssh://host/tcp::4444", SSHAddress("host", TCPAddress("localhost", 4444))),
        ("ssh://host/unix:/run/x", SSHAddress("host", UnixAddress("/run/x"))),
        ("libvirt:web1", LibvirtAddress("web1")),
        ("libvirt:a b#1,x", LibvirtAddress("a b#1,x")),
        ("libvirt:qemu+ssh://me@hv1/system#a#1", LibvirtAddress("a#1", "qemu+ssh://me@hv1/system")),
        ("libvirt:qemu:///system?socket=/x#7", LibvirtAddress("7", "qemu:///system?socket=/x")),
        ("listen:/run/x", ListenAddress(UnixAddress("/run/x"))),
        ("listen:unix:/run/x,reconnect=1", ListenAddress(UnixAddress("/run/x"))),
        ("listen:@x", ListenAddress(AbstractAddress("x"))),
        ("listen::4444,server=off", ListenAddress(TCPAddress("localhost", 4444))),
        ("listen:tcp:[::1]:4444", ListenAddress(TCPAddress("::1", 4444))),
    ],
)
def test_forms(text: str, address: Address) -> None:
    assert parse(text) == address


@pytest.mark.parametrize("text", ["@vm", "host:1", "a,b", "tcp:x", "[::1]:4444"])
def test_a_file_of_that_name_wins(text: str) -> None:
    assert parse(text, text) == UnixAddress(text)


def test_a_file_wins_also_when_options_follow() -> None:
    assert parse("@vm,server=on", "@vm") == UnixAddress("@vm")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("a\0b", "NUL"),
        ("tcp:localhost", "HOST:PORT is expected"),
        ("tcp:::1:4444", "an IPv6 address stands in brackets"),
        ("[::1]", "HOST:PORT is expected"),
        ("fe80::1:4444", "stands in brackets"),
        ("file:///run/x", "file: is no kind of address"),
        ("localhost:http", "'http' is no port"),
        ("localhost:0", "'0' is no port"),
        ("localhost:65536", "'65536' is no port"),
        ("localhost:99999999999999999999", "is no port"),
        ("localhost:٤", "is no port"),
        ("unix:", "a path is missing"),
        (",server=on", "a path is missing"),
        ("@", "needs a name"),
        ("@" + "x" * 108, "at most 107 bytes"),
        ("vsock:host:1", "two numbers"),
        ("vsock:4294967295:1", "two numbers"),
        ("pty:", "a path is missing"),
        ("pipe:,server=on", "a path is missing"),
        ("fd:x", "fd:N is expected"),
        ("fd:3,", "fd:N is expected"),
        ("fd:0", "are for what is typed and shown"),
        ("fd:3,1", "are for what is typed and shown"),
        ("exec:", "a command is missing"),
        ("exec:  ", "a command is missing"),
        ("ssh:host/x.sock", "ssh://[USER@]HOST[:PORT]/PATH is expected"),
        ("ssh://host", "ssh://[USER@]HOST[:PORT]/PATH is expected"),
        ("ssh://host/", "ssh://[USER@]HOST[:PORT]/PATH is expected"),
        ("ssh://fe80::1/x", "ssh://[USER@]HOST[:PORT]/PATH is expected"),
        ("ssh:///run/x", "ssh://[USER@]HOST[:PORT]/PATH is expected"),
        ("ssh://-oProxyCommand=x/run/x", "begins with a dash"),
        ("ssh://-l@host/run/x", "begins with a dash"),
        ("ssh://@host/run/x", "without blanks"),
        ("ssh://a b/run/x", "without blanks"),
        ("ssh://host:x/run/x", "'x' is no port"),
        ("ssh://host/tcp:4444", "HOST:PORT is expected"),
        ("ssh://host/@web1", "doesn't reach abstract sockets"),
        ("ssh://host/unix:web1,abstract=on", "doesn't reach abstract sockets"),
        ("ssh://host/~/x.sock", "has to be whole"),
        ("ssh://host/unix:x.sock", "has to be whole"),
        ("ssh://host/${HOME}/x.sock", "can't be told"),
        ("ssh://host/a\nb", "can't be told"),
        ("libvirt:", "a domain is missing"),
        ("libvirt:qemu:///system", "a domain is missing"),
        ("libvirt:qemu:///system#", "libvirt:qemu:///system#web1"),
        ("listen:", "a path is missing"),
        ("listen:pty:/dev/pts/1", "listen:PATH or listen:HOST:PORT is expected"),
        ("listen:localhost:http", "'http' is no port"),
        ("telnet:localhost:4444", "telnet: is no kind of address"),
        ("tls:", "HOST:PORT is expected"),
        ("tls:web1", "HOST:PORT is expected"),
        ("tls:web1:x?ca=c", "'x' is no port"),
        ("tls:web1:1?cafile=c", "no option 'cafile': it has ca, cert, key, hostname, verify"),
        ("tls:web1:1?ca", "ca= has no value"),
        ("tls:web1:1?ca=a&ca=b", "ca= stands twice"),
        ("tls:web1:1?verify=no", "verify=on or verify=off is expected"),
        ("tls:web1:1?key=k", "only with cert="),
        ("tls:web1:1?ca=%00", "NUL"),
        ("tls:web1:1?ca=\ud800", "no text"),
        ("localhost:4444,websocket=on", "never answer"),
    ],
)
def test_what_is_no_address(text: str, reason: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse(text)
    assert reason in str(caught.value)


def test_each_form_of_ours_has_a_reader() -> None:
    for scheme in OWN_READERS:
        assert re.match(OWN_FORM, f"{scheme}:")
        assert f" {scheme}:" in FORMS


SCHEMES = (
    "",
    "tcp:",
    "unix:",
    "vsock:",
    "pty:",
    "pipe:",
    "fd:",
    "exec:",
    "ssh://",
    "listen:",
    "libvirt:",
)


@given(st.builds("".join, st.tuples(st.sampled_from(SCHEMES), st.text())))
@example("ssh://u@h:1/a,,b:c")
@example("listen:a:1,abstract=on,tight=off")
@example("fd:5,05")
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse(text)
    except AddressError:
        return
    assert parse(str(address)) == address
    is_there = isinstance(address, UnixAddress)
    assert parse_address(short_text(address), exists=lambda _: is_there) == address


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
    st.booleans(),
)
def test_any_file_may_be_named_in_an_address(name: str, verify: bool) -> None:
    address = TLSAddress("::1", 4444, ca=name, cert=name, hostname=name, verify=verify)
    assert parse(str(address)) == address
