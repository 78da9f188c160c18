import errno
import socket

import pytest

from qmpshell.address import VsockAddress
from qmpshell.errors import ConnectError, NoAnswer, NobodyListens, WrongAddress
from qmpshell.transport import begin_stream, open_stream


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (errno.ENODEV, WrongAddress, "No such device: this kernel has no way there; a host of"),
        (errno.EAFNOSUPPORT, WrongAddress, "Address family not supported by protocol: this"),
        (errno.ECONNRESET, NobodyListens, "refused: nothing listens there; is QEMU running"),
        (errno.ETIMEDOUT, NoAnswer, "no answer in 1 s; is a machine of this number running"),
        (errno.EPERM, ConnectError, "Operation not permitted"),
    ],
)
def test_what_a_kernel_says(
    monkeypatch: pytest.MonkeyPatch, code: int, kind: type[ConnectError], said: str
) -> None:
    class Socket(socket.socket):
        def __init__(self, *_: object) -> None:
            super().__init__(socket.AF_UNIX)

        def connect(self, _: object) -> None:
            raise OSError(code, errno.errorcode[code])

        def connect_ex(self, _: object) -> int:
            return code

    monkeypatch.setattr("qmpshell.transport.vsock.socket.socket", Socket)
    address = VsockAddress(3, 4444)
    with pytest.raises(kind) as blocking:
        open_stream(address, 1)
    with pytest.raises(kind) as stepping:
        next(begin_stream(address, 1))
    assert str(stepping.value).startswith(f"vsock:3:4444: {said}")
    assert type(blocking.value) is type(stepping.value)


def test_a_number_that_is_nobodys_here() -> None:
    # Whatever this kernel has: it is one line.
    with pytest.raises(ConnectError) as caught:
        open_stream(VsockAddress(4_000_000_000, 4444), 0.2)
    assert str(caught.value).startswith("vsock:4000000000:4444: ")


def test_a_system_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_VSOCK")
    with pytest.raises(WrongAddress, match="this kernel has no way there"):
        open_stream(VsockAddress(2, 4444), 0.2)
