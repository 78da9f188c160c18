"""TLS over TCP: hands are shaken, certificates checked, and then it is a byte stream as others."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Generator, Iterator

from qmpshell.address import TLSAddress
from qmpshell.errors import ConnectError, NotTrusted
from qmpshell.transport.tcp import begin_tcp, look_up, open_tcp
from qmpshell.transport.tls_credentials import make_context
from qmpshell.transport.tls_failures import (
    explain_failure,
    explain_silence,
    explain_wrong_name,
    is_refusal,
    is_wrong_name,
    names_in,
    why_left,
)

#: How long we look for the name that a certificate has, once it hasn't the right one, in seconds.
_LOOK_SECONDS = 1.0


class TLSStream:
    """A stream of bytes in TLS.

    What is decrypted and not yet taken is nothing that a poll would show. So none may be left:
    who reads takes 16 KiB or more at a time, which is the most that a record holds, and what
    lies behind it is still with the system.

    Parameters:
        tls: the socket, hands shaken, which doesn't block.
        address: where it leads.
    """

    def __init__(self, tls: ssl.SSLSocket, address: TLSAddress) -> None:
        self._tls = tls
        self._address = address
        self._heard_some = False

    def fileno(self) -> int:
        """Return the descriptor to poll for what can be read or written."""
        return self._tls.fileno()

    def recv(self, size: int) -> bytes:
        """Return what a record holds; ``b""`` at the end.

        Raises:
            BlockingIOError: nothing is there now.
            RelayError: the server has left without a word.
            OSError: the connection broke.
        """
        try:
            with _not_blocking():
                data = self._tls.recv(size)
        except ConnectionError as error:
            refused = not self._heard_some and is_refusal(error.__cause__ or error)
            if not (refused or _is_end(error.__cause__)):
                raise
            data = b""
        # In TLS 1.3 our hands are shaken before the server has looked at our certificate.
        if not data and not self._heard_some:
            raise why_left(self._address)
        self._heard_some = True
        return data

    def send(self, data: bytes) -> int:
        """Send a beginning of ``data``, its last byte in a record of its own.

        Of each record, QEMU before 8.0 reads a byte, and the next ones only while more is to
        come from the network (tried on 7.2, mended by QEMU's commit ffda5db65a): a message in a
        single record would stay unread.

        Raises:
            BlockingIOError: nothing can be sent now.
            OSError: the connection broke.
        """
        sent = 0
        if len(data) > 1:
            with _not_blocking():
                sent = self._tls.send(data[:-1])
        try:
            with _not_blocking():
                return sent + self._tls.send(data[sent:])
        except BlockingIOError:
            if not sent:
                raise
            return sent

    def close(self) -> None:
        """Let go of the stream. May be called twice."""
        # A word of farewell, without which the server would take it for a fault.
        with contextlib.suppress(OSError, ValueError):
            self._tls.unwrap()
        self._tls.close()


def _is_end(error: BaseException | None) -> bool:
    """Say whether a server has just gone, without the farewell that TLS has for it.

    A message of QMP says itself where it ends. Python takes most such ends for one, but not
    what OpenSSL 3.5 tells of some of them as a fault of the system.
    """
    return isinstance(error, ssl.SSLError) and error.reason == "UNEXPECTED_EOF_WHILE_READING"


@contextlib.contextmanager
def _not_blocking() -> Iterator[None]:
    """Say as plain sockets do what the encrypted ones say in their own way."""
    try:
        yield
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        raise BlockingIOError from None
    except ssl.SSLError as error:
        reason = (error.reason or "an unknown fault").lower().replace("_", " ")
        raise ConnectionAbortedError(f"TLS: {reason}") from error


def open_tls(address: TLSAddress, timeout: float | None) -> TLSStream:
    """Connect, and shake hands.

    Parameters:
        address: where to, whom to trust, and who we are.
        timeout: how long that may take, in seconds; ``None`` without an end.

    Raises:
        WrongAddress: a file can't be read, or isn't what it should be.
        ConnectError: nobody could be reached, or is trusted.
    """
    context = make_context(address)
    end = None if timeout is None else time.monotonic() + timeout
    try:
        tls = _connect(address, context, end)
    except TimeoutError:
        raise explain_silence(address, timeout or 0.0) from None
    except NotTrusted as error:
        if is_wrong_name(error.__cause__):
            raise explain_wrong_name(address, _names_there(address, context)) from None
        raise
    return TLSStream(tls, address)


def begin_tls(address: TLSAddress, timeout: float) -> Generator[None, None, TLSStream]:
    """Do as :func:`open_tls` without ever waiting: each step does what can be done now.

    Parameters:
        address: as for :func:`open_tls`.
        timeout: how long all steps may take together, in seconds.

    Raises:
        WrongAddress, ConnectError: as :func:`open_tls`.
    """
    context = make_context(address)
    end = time.monotonic() + timeout
    plain = yield from begin_tcp(address.place, timeout)
    with contextlib.closing(_shake_hands(plain, context, address)) as steps:
        while True:
            try:
                next(steps)
            except StopIteration as done:
                return TLSStream(done.value, address)
            if time.monotonic() > end:
                raise explain_silence(address, timeout)
            yield


def every_place(address: TLSAddress) -> list[TLSAddress]:
    """Return all addresses of the host, with the name that the certificate must have.

    Raises:
        WrongAddress: there is no such host.
    """
    name = address.hostname or address.host
    return [address._replace(host=found.host, hostname=name) for found in look_up(address.place)]


def _connect(address: TLSAddress, context: ssl.SSLContext, end: float | None) -> ssl.SSLSocket:
    """Connect, and shake hands until a moment, or ``TimeoutError``."""
    plain = open_tcp(address.place, None if end is None else max(end - time.monotonic(), 0.001))
    poll, descriptor = select.poll(), plain.fileno()
    with contextlib.closing(_shake_hands(plain, context, address)) as steps:
        while True:
            try:
                poll.register(descriptor, next(steps))
            except StopIteration as done:
                tls: ssl.SSLSocket = done.value
                return tls
            left = None if end is None else end - time.monotonic()
            if not poll.poll(None if left is None else max(left, 0) * 1000):
                raise TimeoutError


def _shake_hands(
    plain: socket.socket, context: ssl.SSLContext, address: TLSAddress
) -> Generator[int, None, ssl.SSLSocket]:
    """Shake hands; each step yields what to poll for before the next. What fails is closed."""
    with contextlib.ExitStack() as unless_done:
        unless_done.enter_context(plain)
        try:
            tls = context.wrap_socket(
                plain,
                server_hostname=address.hostname or address.host,
                do_handshake_on_connect=False,
            )
            unless_done.enter_context(tls)
            while True:
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    yield select.POLLIN
                except ssl.SSLWantWriteError:
                    yield select.POLLOUT
        except (OSError, ValueError) as error:
            raise explain_failure(error, address) from error
        unless_done.pop_all()
        return tls


def _names_there(address: TLSAddress, context: ssl.SSLContext) -> list[str]:
    """Connect once more, and see which names the certificate has, if it is trusted otherwise."""
    context.check_hostname = False
    try:
        with _connect(address, context, time.monotonic() + _LOOK_SECONDS) as tls:
            return names_in(tls.getpeercert() or {})
    except (ConnectError, OSError):
        return []
