import struct

from hypothesis import given
from hypothesis import strategies as st

from qmpshell.client.machines.diagnosis import Diagnosed, read_answer
from qmpshell.client.machines.tables import (
    TCPSocket,
    UnixSocket,
    read_tcp_table,
    read_unix_table,
)

UNIX = b"""\
Num       RefCount Protocol Flags    Type St Inode Path
00000000df17a577: 00000002 00000000 00010000 0001 01 113968 rel.sock
00000000eb2d4f03: 00000003 00000000 00000000 0001 03 112949 /tmp/a b.sock
00000000c8bdce84: 00000003 00000000 00000000 0001 02     0 /tmp/a b.sock
00000000c8bdce85: 00000003 00000000 00000000 0001 03 112950
00000000e67f06c0: 00000002 00000000 00010000 0001 01 113969 @abs
"""

TCP = b"""\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   1: 0100007F:B1EF 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 113967 1
   3: 0100007F:B1EF 0100007F:9254 01 00000000:00000000 00:00000000 00000000  1000        0 112952 1
"""

TCP6 = b"""\
   0: 00000000000000000000000001000000:115C 00000000000000000000000000000000:0000 0A \
00000000:00000000 00:00000000 00000000     0        0 7 1
   1: 0000000000000000FFFF00000100007F:115C 0000000000000000FFFF00000100007F:9254 01 \
00000000:00000000 00:00000000 00000000     0        0 8 1
"""


def test_unix_sockets() -> None:
    assert list(read_unix_table(UNIX)) == [
        UnixSocket(113968, "rel.sock", listening=True, connected=False),
        UnixSocket(112949, "/tmp/a b.sock", listening=False, connected=True),
        UnixSocket(0, "/tmp/a b.sock", listening=False, connected=False),
        UnixSocket(113969, "@abs", listening=True, connected=False),
    ]


def test_tcp_sockets() -> None:
    here, there = ("127.0.0.1", 45551), ("127.0.0.1", 37460)
    assert list(read_tcp_table(TCP)) == [
        TCPSocket(113967, here, ("0.0.0.0", 0), listening=True, connected=False),
        TCPSocket(112952, here, there, listening=False, connected=True),
    ]
    assert list(read_tcp_table(TCP6)) == [
        TCPSocket(7, ("::1", 4444), ("::", 0), listening=True, connected=False),
        TCPSocket(8, ("127.0.0.1", 4444), there, listening=False, connected=True),
    ]


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    list(read_unix_table(data))
    list(read_tcp_table(data))
    list(read_unix_table(UNIX[: len(data)] + data))
    list(read_tcp_table(TCP6[: len(data)] + data))
    read_answer(data, {})


def test_an_answer_of_the_kernels() -> None:
    attributes = struct.pack("=HHIHHII", 8, 2, 34, 12, 1, 56, 0)
    body = struct.pack("=BBBBIII", 1, 1, 1, 0, 12, 0, 0) + attributes
    message = struct.pack("=IHHII", 16 + len(body), 20, 2, 1, 0) + body
    found: dict[int, Diagnosed] = {}
    assert read_answer(message, found)
    assert found == {12: Diagnosed(peer=34, file=56)}
    assert not read_answer(message + struct.pack("=IHHII", 20, 3, 2, 1, 0) + b"\0" * 4, found)
    assert not read_answer(b"", found)
