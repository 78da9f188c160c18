"""The bottom line, called directly: what it shows, and that it never raises."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.render import columns
from qmpshell.shell.bottom_line import BottomLine
from tests.schema.recorded import schema

ITEMS = [
    *(
        "blockdev-add",
        "transaction(",
        "send-key",
        "device_del",
        "driver=",
        "qcow2",
        "nbd",
        "=",
        ".",
    ),
    *(
        "file.",
        "server.",
        "type=",
        "inet",
        "keys",
        "0",
        " ",
        " ",
        "'",
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
    ),
    *(
        ":",
        '"execute"',
        '"arguments"',
        "--timeout",
        "block-dirty-bitmap-add",
        ")",
        "\n",
        "ß",
        "\x1b",
    ),
]


def write(text: str, width: int = 100) -> tuple[str, str]:
    """Return the line, and what is marked on it."""
    line = BottomLine(lambda: schema("7.2"))(text, width)
    marked = "".join(piece for style, piece in line if style.endswith("current"))
    return "".join(piece for _, piece in line), marked


@pytest.mark.parametrize(
    ("text", "begins", "marked"),
    [
        ("query-block", "query-block", ""),
        ("device_del ", "device_del id=STRING", "id=STRING"),
        ("device_del net1", "device_del id=STRING", "id=STRING"),
        ("device_del net1 ", "device_del id=STRING", ""),
        ("set_link name=x u", "set_link name=STRING up=BOOL", "up=BOOL"),
        ("set_link x ", "set_link name=STRING up=BOOL", "up=BOOL"),
        ("blockdev-add qcow2 fi", "blockdev-add driver=", "file=OBJECT|STRING"),
        (
            "blockdev-add driver=nbd server.type=inet server.h",
            "blockdev-add server. type=inet|unix|vsock|fd host=STRING",
            "host=STRING",
        ),
        ("send-key keys.0.type=qcode keys.0.da", "send-key keys.0. type=number|qcode", "data=unm"),
        ("send-key keys.0=", "send-key keys=", "keys=[OBJECT...]"),
        ("transaction( abort ", "abort", ""),
        ("transaction( block-dirty-bitmap-add node=d na", "block-dirty-bitmap-add", "name=STRING"),
        ('{"execute": "set_link", "arguments": {"up": ', "set_link", "up=BOOL"),
        ("balloon 4G --time", "balloon value=INT", ""),
    ],
)
def test_what_it_shows(text, begins, marked):
    line, mark = write(text)
    assert line.startswith(f" {begins}")
    assert mark.startswith(marked) if marked else not mark


@pytest.mark.parametrize(
    "text", ["", "quer", "nosuch x=", "/help x", "set_link.x ", "set_link name.x.y="]
)
def test_nothing_fits(text):
    assert write(text) == ("", "")


@pytest.mark.parametrize("width", [10, 40, 80, 81, 300])
def test_it_is_as_wide_as_the_terminal_and_keeps_the_argument_in_sight(width):
    line, mark = write("blockdev-add driver=qcow2 encrypt.format=luks detect-zeroes=", width)
    assert columns(line) == width
    if width >= 80:
        assert mark == "[detect-zeroes=off|on|unmap]"


@given(st.lists(st.sampled_from(ITEMS), max_size=14).map("".join), st.integers(1, 120))
def test_any_text(text, width):
    line, _ = write(text, width)
    assert columns(line) in (0, width)
    assert "\x1b" not in line


def test_what_is_remembered_is_what_would_be_computed():
    rolled = random.Random(5)
    remembering = BottomLine(lambda: schema("7.2"))
    texts = ["".join(rolled.choices(ITEMS, k=6)) for _ in range(300)]
    for text in [*texts, *texts]:
        assert remembering(text, 80) == BottomLine(lambda: schema("7.2"))(text, 80)
