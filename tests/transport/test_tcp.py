import socket

import pytest

from qmpshell.address import TCPAddress
from qmpshell.errors import ConnectError
from qmpshell.transport import begin_stream, every_address, open_stream
from tests.real_qemu import free_port


def refusal(address: TCPAddress, timeout: float = 5) -> str:
    with pytest.raises(ConnectError) as caught:
        open_stream(address, timeout)
    return str(caught.value)


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_both_families(family: socket.AddressFamily, host: str) -> None:
    with socket.create_server((host, 0), family=family) as server:
        stream = open_stream(TCPAddress(host, server.getsockname()[1]), 5)
        accepted, _ = server.accept()
        with accepted:
            accepted.sendall(b"greeting")
            assert accepted.getpeername()[0] == host
        received = b""
        while chunk := _recv(stream):
            received += chunk
        assert received == b"greeting"
        stream.close()


def _recv(stream: socket.socket) -> bytes:
    stream.settimeout(5)
    return stream.recv(100)


def test_nobody_listens() -> None:
    port = free_port()
    assert f"tcp:127.0.0.1:{port}: refused" in refusal(TCPAddress("127.0.0.1", port))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 70 + ".invalid", "a..b"])
def test_a_host_that_is_none(host: str) -> None:
    assert "host" in refusal(TCPAddress(host, 4444))


def test_a_queue_that_is_full() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = TCPAddress("127.0.0.1", server.getsockname()[1])
        first = open_stream(address, 5)
        assert "no answer in 0.05 s" in refusal(address, timeout=0.05)
        first.close()


def test_a_hosts_addresses() -> None:
    assert every_address(TCPAddress("::1", 4444)) == [TCPAddress("::1", 4444)]
    found = every_address(TCPAddress("localhost", 4444))
    assert found
    assert set(found) <= {TCPAddress("127.0.0.1", 4444), TCPAddress("::1", 4444)}


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_connecting_in_steps(family: socket.AddressFamily, host: str) -> None:
    with socket.create_server((host, 0), family=family) as server:
        steps = begin_stream(TCPAddress(host, server.getsockname()[1]), 5)
        with pytest.raises(StopIteration) as done:
            while True:
                next(steps)
        accepted, _ = server.accept()
        with accepted:
            assert done.value.value.send(b"question") == 8
            assert accepted.recv(100) == b"question"
        done.value.value.close()
