import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.address import (
    AbstractAddress,
    Address,
    TCPAddress,
    UnixAddress,
    parse_address,
    short_text,
)
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
        ("ssh://host/x.sock", "ssh: is no kind of address"),
        ("telnet:localhost:4444", "telnet: is no kind of address"),
        ("tcp:localhost:4444,tls-creds=t", "TLS"),
        ("localhost:4444,websocket=on", "never answer"),
    ],
)
def test_what_is_no_address(text: str, reason: str) -> None:
    with pytest.raises(AddressError, match=reason):
        parse(text)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse(text)
    except AddressError:
        return
    assert parse(str(address)) == address
    is_there = isinstance(address, UnixAddress)
    assert parse_address(short_text(address), exists=lambda _: is_there) == address
