"""What a terminal makes of the forms, written from their specifications: for tests alone."""

import base64
import re
import struct
import zlib

from qmpshell.render.picture.picture import Picture


def read_png(data: bytes) -> Picture:
    """Read a PNG of 8-bit RGB, with any filters, as QEMU's libpng writes it."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: list[tuple[bytes, bytes]] = []
    position = 8
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        body = data[position + 8 : position + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, position + 8 + length)
        assert checksum == zlib.crc32(kind + body)
        chunks.append((kind, body))
        position += 12 + length
    assert chunks[0][0] == b"IHDR"
    assert chunks[-1] == (b"IEND", b"")
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    assert rest == [8, 2, 0, 0, 0]
    raw = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    return Picture(width, height, _unfiltered(raw, width, height))


def _unfiltered(raw: bytes, width: int, height: int) -> bytes:
    stride = 3 * width
    assert len(raw) == (stride + 1) * height
    above = bytearray(stride)
    pixels = bytearray()
    for start in range(0, len(raw), stride + 1):
        kind = raw[start]
        row = bytearray(raw[start + 1 : start + 1 + stride])
        for i in range(stride if kind else 0):
            left = row[i - 3] if i >= 3 else 0
            corner = above[i - 3] if i >= 3 else 0
            guesses = (0, left, above[i], (left + above[i]) // 2, _paeth(left, above[i], corner))
            row[i] = (row[i] + guesses[kind]) & 255
        pixels += row
        above = row
    return bytes(pixels)


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def read_kitty(text: str) -> tuple[Picture, dict[str, str]]:
    """Read what kitty is sent: the picture, and the keys of its first escape sequence."""
    sequences = re.findall(r"\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\", text)
    assert all(len(data) <= 4096 for _, data in sequences)
    all_keys = [dict(pair.split("=") for pair in keys.split(",")) for keys, _ in sequences]
    assert [keys["m"] for keys in all_keys] == ["1"] * (len(sequences) - 1) + ["0"]
    keys = all_keys[0]
    assert (keys["a"], keys["f"], keys["o"]) == ("T", "24", "z")
    pixels = zlib.decompress(base64.b64decode("".join(data for _, data in sequences)))
    return Picture(int(keys["s"]), int(keys["v"]), pixels), keys


def read_iterm(text: str) -> tuple[Picture, dict[str, str]]:
    """Read what iTerm2 is sent: the picture, and its options."""
    found = re.search(r"\x1b\]1337;File=([^:]*):([A-Za-z0-9+/=]*)\x07", text)
    assert found
    options = dict(pair.split("=") for pair in found[1].split(";"))
    file = base64.b64decode(found[2])
    assert len(file) == int(options["size"])
    return read_png(file), options


def read_sixel(text: str) -> Picture:
    """Read sixels; the colours come in per cent, so they are rounded."""
    found = re.search(r"\x1bP0;1q\"1;1;(\d+);(\d+)([\x20-\x7e]*)\x1b\\", text)
    assert found
    width, height = int(found[1]), int(found[2])
    pixels = bytearray(3 * width * height)
    colours: dict[int, bytes] = {}
    colour, x, y = 0, 0, 0
    for token in re.finditer(
        r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|(\$)|(-)|(?:!(\d+))?([?-~])", found[3]
    ):
        define, red, green, blue, use, back, down, times, character = token.groups()
        if define:
            colours[int(define)] = bytes(
                (int(value) * 255 + 50) // 100 for value in (red, green, blue)
            )
        elif use:
            colour = int(use)
        elif back:
            x = 0
        elif down:
            x, y = 0, y + 6
        else:
            count = int(times or 1)
            for bit in range(6):
                if (ord(character) - 63) >> bit & 1:
                    at = 3 * ((y + bit) * width + x)
                    pixels[at : at + 3 * count] = colours[colour] * count
            x += count
    return Picture(width, height, bytes(pixels))
