"""TLS between two ends of this process: what comes, what goes, and what is left behind."""

import contextlib
import select
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from qmpshell.address import TLSAddress
from qmpshell.client.connect import attempt_in_steps
from qmpshell.errors import ConnectError, NoAnswer, NotTrusted
from qmpshell.transport import Stream, begin_stream, every_address, open_stream
from tests.certificates import Certificates

#: As much as the client reads at once.
SIZE = 64 * 1024


class Ends(NamedTuple):
    near: Stream
    far: ssl.SSLSocket


@pytest.fixture
def ends(certificates: Certificates) -> Iterator[Ends]:
    """A stream, and its server; neither blocks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server = certificates.server
    context.load_cert_chain(server / "server-cert.pem", server / "server-key.pem")
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = TLSAddress("127.0.0.1", listener.getsockname()[1], str(certificates.ca))
        steps = begin_stream(address, 10)
        next(steps)
        accepted, _ = listener.accept()
        accepted.settimeout(0)
        far = stack.enter_context(
            context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        )
        shaken = False
        while True:
            try:
                next(steps)
            except StopIteration as done:
                near = done.value
                break
            shaken = shaken or shake(far)
        while not shaken:
            shaken = shake(far)
        yield Ends(near, far)
        near.close()


def shake(far: ssl.SSLSocket) -> bool:
    try:
        far.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def readable(stream: Stream) -> bool:
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    return bool(poll.poll(30_000))


def read_all(near: Stream, size: int) -> bytes:
    """Read as an event loop does: only when the system says that there is something."""
    received = b""
    while len(received) < size:
        assert readable(near), f"{len(received)} bytes came, and no more is shown"
        try:
            data = near.recv(SIZE)
        except BlockingIOError:
            continue
        assert data
        received += data
    return received


@pytest.mark.parametrize("records", [1, 2, 5])
def test_nothing_that_was_decrypted_stays_unseen(ends: Ends, records: int) -> None:
    sent = b"".join(bytes([65 + number]) * 16384 for number in range(records)) + b"end"
    assert ends.far.send(sent) == len(sent)
    assert read_all(ends.near, len(sent)) == sent
    with pytest.raises(BlockingIOError):
        ends.near.recv(SIZE)


def test_many_small_records(ends: Ends) -> None:
    for number in range(500):
        ends.far.send(b"%04d" % number)
    assert read_all(ends.near, 2000) == b"".join(b"%04d" % number for number in range(500))


def test_more_than_goes_out_at_once(ends: Ends) -> None:
    """What couldn't be sent is sent again, with more behind it, as a client does."""
    whole = b"".join(b"%08d" % number for number in range(1_000_000))
    outgoing, more = bytearray(whole[:-1000]), whole[-1000:]
    taken, blocked = bytearray(), 0
    while len(taken) < len(whole):
        try:
            while outgoing:
                del outgoing[: ends.near.send(bytes(outgoing[:SIZE]))]
        except BlockingIOError:
            blocked += 1
        outgoing, more = outgoing + more[:10], more[10:]
        with contextlib.suppress(ssl.SSLWantReadError):
            taken += ends.far.recv(SIZE)
    assert blocked
    assert taken == whole


def test_the_last_byte_goes_in_a_record_of_its_own(ends: Ends) -> None:
    assert ends.near.send(b'{"execute": "query-name"}') == 25
    assert ends.near.send(b"x") == 1
    # A receiver gets one record at a time.
    records = [readable(ends.far) and ends.far.recv(SIZE) for _ in range(3)]
    assert records == [b'{"execute": "query-name"', b"}", b"x"]


def test_the_end(ends: Ends) -> None:
    ends.far.send(b"greeting")
    assert read_all(ends.near, 8) == b"greeting"
    with pytest.raises(ssl.SSLWantReadError):
        ends.far.unwrap()
    assert readable(ends.near)
    assert ends.near.recv(SIZE) == b""
    ends.near.close()
    ends.near.close()


def test_the_end_without_a_farewell(ends: Ends) -> None:
    ends.far.send(b"greeting")
    assert read_all(ends.near, 8) == b"greeting"
    ends.far.close()
    assert readable(ends.near)
    assert ends.near.recv(SIZE) == b""


def test_the_end_as_openssl_3_5_may_tell_it(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    ends.far.send(b"greeting")
    assert read_all(ends.near, 8) == b"greeting"
    error = ssl.SSLError(ssl.SSL_ERROR_SYSCALL, "unexpected eof while reading")
    error.reason = "UNEXPECTED_EOF_WHILE_READING"

    def fail(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(ssl.SSLSocket, "recv", fail)
    assert ends.near.recv(SIZE) == b""


def test_the_end_before_a_word_is_a_refusal(ends: Ends) -> None:
    ends.far.close()
    with pytest.raises(ConnectionError, match="the server left after the TLS handshake"):
        while readable(ends.near):
            try:
                ends.near.recv(SIZE)
            except BlockingIOError:
                continue


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("", "the server left after the TLS handshake; it probably wants a client's certificate"),
        ("stranger", r"the server left when it had seen our certificate, .*stranger\.pem; has a"),
    ],
)
def test_a_server_that_says_what_it_thinks_of_our_certificate(
    certificates: Certificates, options: str, text: str
) -> None:
    """Of TLS 1.3: RFC 8446, 6.2 has these alerts, which QEMU 7.2 doesn't send."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server = certificates.server
    context.load_cert_chain(server / "server-cert.pem", server / "server-key.pem")
    context.load_verify_locations(certificates.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    ours = {"ca": str(certificates.ca)}
    if options:
        ours["cert"] = str(certificates.folder / f"{options}.pem")
        ours["key"] = str(certificates.folder / f"{options}-key.pem")
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        steps = attempt_in_steps(TLSAddress(*listener.getsockname(), **ours), timeout=10)
        next(steps)
        accepted, _ = listener.accept()
        accepted.settimeout(0)
        far = stack.enter_context(
            context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        )
        with pytest.raises(NotTrusted, match=text):
            for _ in steps:
                with contextlib.suppress(ssl.SSLError):
                    far.do_handshake()


def test_bytes_that_are_no_tls_in_the_middle(ends: Ends) -> None:
    ends.far.send(b"greeting")
    assert read_all(ends.near, 8) == b"greeting"
    with socket.socket(fileno=ends.far.detach()) as plain:
        plain.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert readable(ends.near)
        with pytest.raises(OSError, match=r"^TLS: [a-z ]+$"):
            ends.near.recv(SIZE)


def test_a_far_end_that_goes_on_listening_to_nothing(certificates: Certificates) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = TLSAddress("127.0.0.1", listener.getsockname()[1], str(certificates.ca))
        with pytest.raises(NoAnswer, match=r"no TLS handshake in 0\.1 s"):
            open_stream(address, 0.1)
        steps = begin_stream(address, 0.1)
        with pytest.raises(NoAnswer, match=r"no TLS handshake in 0\.1 s"):
            while True:
                next(steps)


def test_the_name_is_kept_for_each_of_a_hosts_addresses() -> None:
    found = every_address(TLSAddress("localhost", 4444, ca="c"))
    assert found
    assert set(found) <= {
        TLSAddress(host, 4444, ca="c", hostname="localhost") for host in ("127.0.0.1", "::1")
    }
    (named,) = every_address(TLSAddress("127.0.0.1", 4444, hostname="web1.example"))
    assert named == TLSAddress("127.0.0.1", 4444, hostname="web1.example")


def test_a_name_that_is_none(certificates: Certificates) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        address = TLSAddress("127.0.0.1", port, str(certificates.ca), hostname=".a")
        with pytest.raises(ConnectError, match="name is none for TLS; hostname=NAME gives anoth"):
            open_stream(address, 5)
