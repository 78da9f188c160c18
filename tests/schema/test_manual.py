"""QEMU's manual, in both of its forms, and texts that are no manual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.schema.manual import Manual
from qmpshell.schema.roff import Layout, plain_text, read_blocks
from tests.schema.manuals import BEFORE_10, SINCE_10

BOTH = pytest.mark.parametrize("source", [BEFORE_10, SINCE_10], ids=["before 10", "since 10"])


def shown(manual: Manual, name: str) -> list[str]:
    entry = manual.entry(name)
    assert entry
    return [
        "  " * block.depth + (f"{block.mark} " if block.mark else "") + line
        for block in entry.blocks
        for line in block.text.split("\n")
    ]


def test_an_entry_before_10():
    manual = Manual(BEFORE_10)
    assert manual.version == "7.2.99"
    assert shown(manual, "device_add") == [
        "Plugs a thing into the machine's board.",
        "Arguments",
        "  driver: string",
        "    which kind of thing",
        "    There are many kinds.",
        "  id: string (optional)",
        "    what it is called",
        "Notes",
        "  1. More can be said:",
        "    • of one thing",
        "    • of another",
        "  2. Less can't.",
        "Example",
        '  -> { "execute": "device_add",',
        '        "arguments": { "driver": "e1000" } }',
        "  ",
        '  <- { "return": {} }',
        "Since",
        "0.13",
    ]


def test_an_entry_since_10():
    manual = Manual(SINCE_10)
    assert manual.version == "10.0.99"
    entry = manual.entry("device_add")
    assert (entry.kind, entry.since) == ("command", "0.13")
    before = shown(Manual(BEFORE_10), "device_add")
    expected = [
        line.replace(": string (optional)", " (string, optional)").replace(": string", " (string)")
        for line in before[:-2]
    ]
    assert shown(manual, "device_add") == expected


@BOTH
def test_names_and_ends(source):
    manual = Manual(source)
    assert manual.names == ("BLOCK_JOB_COMPLETED", "device_add", "x-Thing")
    assert manual.entry("block_job_completed").kind == "event"
    assert shown(manual, "x-thing") == ["Things."]
    assert manual.entry("nosuch") is None
    assert [block.layout for block in manual.entry("BLOCK_JOB_COMPLETED").blocks][:1] == [
        Layout.PARAGRAPH
    ]


def test_a_table_is_its_rows():
    assert shown(Manual(BEFORE_10), "BLOCK_JOB_COMPLETED") == [
        "Tells of a job's end.",
        "Table of ends",
        "error | end",
        "absent | good",
    ]


def test_a_definition_that_looks_like_a_heading_is_none():
    blocks = read_blocks(".INDENT 0.0\n.TP\n.B total limit during bursts,\nin bytes\n.UNINDENT")
    assert [(block.layout, block.depth, block.text) for block in blocks] == [
        (Layout.TERM, 1, "total limit during bursts,"),
        (Layout.PARAGRAPH, 2, "in bytes"),
    ]


@pytest.mark.parametrize(
    ("roff", "plain"),
    [
        (r"\fBbold\fP \fI\%italic\fP \f[CR]code\f[R]", "bold italic code"),
        (r"a\-b \(dqc\(dq \(aqd\(aq \(bu \[u20AC]", "a-b \"c\" 'd' • €"),
        (r"back\eslash \&.dot \s-1small\s0 \(zz", r"back\slash .dot small ?"),
        ("end\\", "end"),
    ],
)
def test_escapes(roff, plain):
    assert plain_text(roff) == plain


_LINES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(sorted({*BEFORE_10.splitlines(), *SINCE_10.splitlines(), ".TE", "."})),
)


@given(st.lists(_LINES, max_size=60).map("\n".join))
def test_any_text_can_be_read(text):
    manual = Manual(text)
    assert isinstance(manual.version, str)
    for name in manual.names:
        assert manual.entry(name)
    for block in read_blocks(text):
        assert block.text.strip()
        assert block.layout is Layout.EXAMPLE or "\n" not in block.text


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(data):
    text = data.decode("utf-8", "replace")
    read_blocks(text)
    assert Manual(text).entry("device_add") is None
