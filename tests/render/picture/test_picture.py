"""Pictures, their sizes, and every form that they go to a terminal in."""

import random
import re

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import FileError
from qmpshell.render.picture.form import Form, drawn, form_for, has_true_colour
from qmpshell.render.picture.picture import MOST_PIXELS, Picture, read_ppm
from qmpshell.render.picture.png import png
from qmpshell.render.picture.size import Room, fitted, scaled
from tests.render.picture.decoders import read_iterm, read_kitty, read_png, read_sixel

RED, GREEN, BLUE, BLACK = b"\xff\0\0", b"\0\xff\0", b"\0\0\xff", b"\0\0\0"


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    width, height = draw(st.integers(1, 30)), draw(st.integers(1, 30))
    size = 3 * width * height
    return Picture(width, height, draw(st.binary(min_size=size, max_size=size)))


rooms = st.builds(
    Room, st.integers(1, 40), st.integers(1, 40), st.integers(1, 20), st.integers(1, 40)
)


def test_qemus_ppm_is_read() -> None:
    assert read_ppm(b"P6\n2 1\n255\n" + RED + BLUE) == Picture(2, 1, RED + BLUE)
    assert read_ppm(b"P6 # by hand\n# 9 9\n1 1 255\n" + RED + b"more") == Picture(1, 1, RED)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n", "no picture"),
        (b"P6\n", "no picture"),
        (b"P6\n-1 5\n255\n", "no picture"),
        (b"P6\n" + b"9" * 5000 + b" 1\n255\n", "no picture"),
        (b"P6\n#" + b"x" * 5000, "no picture"),
        (b"P6\n0 5\n255\n", "0x5 pixels"),
        (b"P6\n999999999 999999999\n255\n", "999999999x999999999"),
        (b"P6\n1 %d\n255\n" % (MOST_PIXELS + 1), "pixels"),
        (b"P6\n1 1\n65535\n123456", "65536 shades"),
        (b"P6\n2 2\n255\n" + b"x" * 11, "not whole"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FileError, match=said) as error:
        read_ppm(data)
    assert str(error.value).isprintable()


@given(st.binary() | st.binary().map(b"P6\n1 1\n255\n".__add__))
def test_any_file_is_a_picture_or_refused(data: bytes) -> None:
    try:
        picture = read_ppm(data)
    except FileError:
        return
    assert len(picture.pixels) == 3 * picture.width * picture.height


@pytest.mark.parametrize(
    ("size", "box", "expected"),
    [
        ((720, 400), (100, 76), (100, 56)),
        ((720, 400), (720, 400), (720, 400)),
        ((10, 10), (100, 100), (10, 10)),
        ((1000, 1), (10, 10), (10, 1)),
        ((1, 1000), (10, 10), (1, 10)),
        ((5, 5), (0, 0), (1, 1)),
    ],
)
def test_a_picture_keeps_its_shape(
    size: tuple[int, int], box: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert fitted(Picture(*size, b""), *box) == expected


def test_a_smaller_picture_is_the_mean_of_the_larger() -> None:
    grey = bytes([0, 0, 0, 100, 100, 100])
    assert scaled(Picture(2, 2, grey * 2), 1, 1) == Picture(1, 1, bytes([50, 50, 50]))
    assert scaled(Picture(3, 1, RED + BLUE + BLUE), 2, 1) == Picture(2, 1, RED + BLUE)
    tall = Picture(1, 100, b"\x40\x50\x60" * 100)
    assert scaled(tall, 1, 3) == Picture(1, 3, b"\x40\x50\x60" * 3)


@given(pictures(), st.integers(1, 30), st.integers(1, 30))
def test_scaling_any_picture(picture: Picture, width: int, height: int) -> None:
    width, height = min(width, picture.width), min(height, picture.height)
    smaller = scaled(picture, width, height)
    assert (smaller.width, smaller.height) == (width, height)
    for channel in range(3):
        values = picture.pixels[channel::3]
        assert all(min(values) <= v <= max(values) for v in smaller.pixels[channel::3])
        assert len(smaller.pixels[channel::3]) == width * height


@given(pictures())
def test_png_holds_every_pixel(picture: Picture) -> None:
    assert read_png(png(picture)) == picture


@given(pictures(), rooms)
def test_kitty_and_iterm_hold_every_pixel_and_fit(picture: Picture, room: Room) -> None:
    for shown, columns, lines in (
        (read_kitty(drawn(picture, Form.KITTY, room, true_colour=True)), "c", "r"),
        (read_iterm(drawn(picture, Form.ITERM, room, true_colour=True)), "width", "height"),
    ):
        decoded, options = shown
        assert decoded == picture
        assert 1 <= int(options[columns]) <= room.columns
        assert 1 <= int(options[lines]) <= room.lines


def test_kitty_is_sent_in_pieces_and_answers_nothing() -> None:
    picture = Picture(80, 80, random.Random(7).randbytes(80 * 80 * 3))
    text = drawn(picture, Form.KITTY, Room(80, 24), true_colour=True)
    assert text.count("\x1b_G") > 1
    assert text.count("q=2") == text.count("\x1b_G")
    assert read_kitty(text)[0] == picture


@given(pictures(), rooms)
def test_sixels_hold_the_scaled_picture(picture: Picture, room: Room) -> None:
    decoded = read_sixel(drawn(picture, Form.SIXEL, room, true_colour=True))
    expected = scaled(picture, *fitted(picture, room.width, room.height))
    assert (decoded.width, decoded.height) == (expected.width, expected.height)
    # Up to 256 colours are kept but for the rounding to per cent; more are rounded further.
    few = len({expected.pixels[i : i + 3] for i in range(0, len(expected.pixels), 3)}) <= 256
    pairs = zip(decoded.pixels, expected.pixels, strict=True)
    assert max(abs(a - b) for a, b in pairs) <= (2 if few else 27)


def test_sixels_of_many_colours_are_few() -> None:
    picture = Picture(64, 64, bytes(v for x in range(4096) for v in (x // 16, x % 256, x % 97)))
    text = drawn(picture, Form.SIXEL, Room(80, 24), true_colour=True)
    assert len(re.findall(r"#\d+;2;", text)) <= 256


@given(pictures(), rooms)
def test_half_blocks_on_a_terminal(picture: Picture, room: Room) -> None:
    text = drawn(picture, Form.BLOCKS, room, true_colour=True)
    expected = scaled(picture, *fitted(picture, room.columns, 2 * room.lines))
    screen = pyte.Screen(room.columns + 1, room.lines + 1)
    pyte.Stream(screen).feed(text.replace("\n", "\r\n"))
    for y in range(expected.height):
        for x in range(expected.width):
            cell = screen.buffer[y // 2][x]
            assert cell.data == "▀"
            colour = cell.bg if y % 2 else cell.fg
            assert bytes.fromhex(colour) == expected.row(y)[3 * x : 3 * x + 3]
    cursor = screen.buffer[(expected.height + 1) // 2][0]
    assert (cursor.data, cursor.fg, cursor.bg) == (" ", "default", "default")


@pytest.mark.parametrize(
    ("pixel", "shown"),
    [
        (RED, "5;196"),
        (BLACK, "5;16"),
        (b"\xff\xff\xff", "5;231"),
        (b"\xa8\xa8\xa8", "5;248"),
        (b"\x5f\x87\xaf", "5;67"),
    ],
)
def test_256_colours_are_the_nearest(pixel: bytes, shown: str) -> None:
    text = drawn(Picture(1, 2, pixel * 2), Form.BLOCKS, Room(9, 9), true_colour=False)
    assert text == f"\x1b[38;{shown};48;{shown}m▀\x1b[0m\n"


@given(pictures(), rooms, st.sampled_from(Form), st.booleans())
def test_no_form_holds_anything_else(
    picture: Picture, room: Room, form: Form, true_colour: bool
) -> None:
    text = drawn(picture, form, room, true_colour=true_colour)
    sequences = r"\x1b\[[0-9;]*m|\x1b_G[ -~]*\x1b\\|\x1b\]1337;[ -~]*\x07|\x1bP[ -~]*\x1b\\"
    assert re.fullmatch(r"[▀\n]*", re.sub(sequences, "", text))
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("env", "form"),
    [
        ({"TERM": "xterm-256color"}, Form.BLOCKS),
        ({"TERM": "linux"}, Form.BLOCKS),
        ({"TERM": "xterm-kitty"}, Form.KITTY),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, Form.KITTY),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230401"}, Form.KITTY),
        ({"TERM": "xterm-ghostty"}, Form.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Form.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Form.ITERM),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Form.ITERM),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, Form.ITERM),
        ({"TERM": "foot"}, Form.SIXEL),
        ({"TERM": "mlterm-256color"}, Form.SIXEL),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, Form.BLOCKS),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, Form.BLOCKS),
        ({"TERM": "screen", "STY": "1.pts", "TERM_PROGRAM": "iTerm.app"}, Form.BLOCKS),
        ({"TERM": "dumb"}, None),
        ({"TERM": "vt100"}, None),
        ({}, None),
    ],
)
def test_the_environment_says_which_form(env: dict[str, str], form: Form | None) -> None:
    assert form_for(env) is form


def test_the_environment_says_how_many_colours() -> None:
    assert has_true_colour({"COLORTERM": "truecolor"})
    assert has_true_colour({"TERM": "xterm-direct"})
    assert not has_true_colour({"TERM": "xterm-256color"})
