"""PNG, as the files that a person keeps. QEMU itself writes it only since 7.1."""

from __future__ import annotations

import struct
import zlib

from qmpshell.render.picture.picture import Picture

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS_OF_RGB = bytes([8, 2, 0, 0, 0])


def png(picture: Picture) -> bytes:
    """Return a picture as a PNG file (RFC 2083)."""
    # No filter: the lines of a text screen and of a desktop compress well as they are.
    rows = (b"\0" + picture.row(y) for y in range(picture.height))
    header = struct.pack(">II", picture.width, picture.height) + _EIGHT_BITS_OF_RGB
    return b"".join(
        [
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(b"".join(rows))),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
