"""What a schema doesn't allow is refused: at its place, with what is expected instead."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import LineError
from qmpshell.language import ShellCommand, SystemCommand, bind, parse
from qmpshell.schema import Schema
from tests.language.generator import Arguments, in_json
from tests.language.lines import RIGHT
from tests.language.test_any_text import LONG, SHORT_TEXT
from tests.language.test_typed_binding import RIGHT_LINES
from tests.schema.recorded import entries, schema
from tests.schema.test_schema import LOOPS, STRANGE

_TABLE = Path(__file__).parents[1] / "data" / "wrong-lines.txt"


def wrong_lines() -> list[tuple[str, str]]:
    """Return marked lines, and what is said about each."""
    lines = [line for line in _TABLE.read_text().splitlines() if line and line[0] != "#"]
    return list(zip(lines[::2], map(str.strip, lines[1::2]), strict=True))


def check(text: str, model: Schema) -> None:
    """Bind whatever is typed: an answer or a LineError, never another exception."""
    for checked in (True, False):
        try:
            line = parse(text)
            if line is not None and not isinstance(line, ShellCommand | SystemCommand):
                json.dumps(bind(line, model, checked=checked).members)
        except LineError as error:
            assert 0 <= error.start <= error.end <= len(text)
            assert error.message.isprintable()


@pytest.mark.parametrize(("marked", "message"), wrong_lines())
def test_wrong_lines(marked, message):
    before, _, rest = marked.replace("⏎", "\n").partition("«")
    culprit, _, after = rest.partition("»")
    with pytest.raises(LineError) as caught:
        bind(parse(before + culprit + after), schema("7.2"))
    error = caught.value
    assert (error.start, error.end) == (len(before), len(before) + len(culprit))
    assert error.message == message


def test_the_wrong_lines_are_many():
    lines = [line.replace("«", "").replace("»", "") for line, _ in wrong_lines()]
    assert len(set(lines)) > 60
    assert len({line.split()[0] for line in lines if line[0] != "{"}) >= 15


def test_a_wrong_part_of_a_variants_variant():
    line = (
        "migrate channels.0.channel-type=main channels.0.addr.transport=socket"
        " channels.0.addr.type=inet channels.0.addr.hst=h"
    )
    with pytest.raises(LineError) as caught:
        bind(parse(line), schema("10.0"))
    assert line[caught.value.start : caught.value.end] == "hst"
    assert caught.value.message == (
        'migrate has no argument "channels.0.addr.hst" for channels.0.addr.transport=socket,'
        " channels.0.addr.type=inet; nearest: host"
    )


MEMBERS = ["file", "file.driver", "driver", "node-name", "cache.direct", "server.0", "a", "name"]
VALUES = ["qcow2", "file", "5", "on", "null", "[]", "{}", "'x'", "4G", "[{'driver': 'file'}]"]
COMMANDS = ["blockdev-add", "set_link", "device_add", "transaction", "send-key", "qom-set"]
WORDS = st.one_of(
    st.sampled_from(VALUES),
    st.tuples(st.sampled_from(MEMBERS), st.sampled_from(VALUES)).map("=".join),
)


@given(st.sampled_from(COMMANDS), st.lists(WORDS, max_size=6))
def test_any_arguments(command, words):
    check(" ".join([command, *words]), schema("7.2"))
    check(f"transaction( {command} {' '.join(words)} )", schema("7.2"))


@given(st.sampled_from(COMMANDS), SHORT_TEXT)
def test_any_text(command, text):
    check(f"{command} {text}", schema("7.2"))
    check(f'{{"execute": "{command}", "arguments": {{{text}}}}}', schema("7.2"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(VALUES),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from([*MEMBERS, "type", "data", "actions"]), below)
    ),
)


@given(st.sampled_from(COMMANDS), JSON)
def test_any_json(command, value):
    check(json.dumps({"execute": command, "arguments": value}), schema("7.2"))


@pytest.mark.parametrize("text", [*RIGHT, *LONG.values()], ids=str.__len__)
def test_lines_of_every_kind(text):
    check(text, schema("7.2"))


DEEP = [
    "blockdev-add raw file." + "file." * 390 + "driver=raw",
    "device_add x " + "a." * 390 + "b=1",
    "qom-set /m x " + "[" * 390 + "]" * 390,
    '{"execute": "blockdev-add", "arguments": '
    + '{"driver": "raw", "file": ' * 390
    + "5"
    + "}" * 391,
]


@pytest.mark.parametrize("text", DEEP, ids=["dots", "open", "literal", "json"])
def test_what_is_nested_deep_is_no_reason_for_another_exception(text):
    check(text, schema("7.2"))


@given(st.integers(), st.integers(0, 30), st.sampled_from([line for line, _ in RIGHT_LINES]))
def test_a_mutated_schema_is_no_reason_for_another_exception(seed, count, line):
    rolled = random.Random(seed)
    needed = _entries_of(line)
    mutated = [dict(entry) for entry in needed]
    for _ in range(count):
        entry = rolled.choice(mutated)
        key = rolled.choice([*entry, "tag"])
        value = rolled.choice([*STRANGE, entry.get(key), needed[-1]["name"], "\x1b[2J\u202e"])
        listed = entry.get(key)
        if isinstance(listed, list) and listed and isinstance(listed[0], dict):
            entry[key] = [dict(below) for below in listed]
            below = rolled.choice(entry[key])
            below[rolled.choice([*below, "features"])] = value
        else:
            entry[key] = value
    check(line, Schema(mutated))


def _entries_of(line: str) -> list[dict]:
    """Return the entries of a line's command, and all that it refers to, down to some depth."""
    found = {entry["name"]: entry for entry in entries("7.2")}
    name = "transaction" if line.startswith("transaction") else line.split()[0]
    names = dict.fromkeys([name])
    for _ in range(5):
        for name in list(names):
            names |= dict.fromkeys(_references(found[name]))
    return [found[name] for name in names]


def _references(entry: dict) -> list[str]:
    below = [*entry.get("members", ()), *entry.get("variants", ())]
    names = [entry.get("arg-type"), entry.get("element-type")]
    names += [member.get("type") for member in below]
    return [name for name in names if name]


def test_types_that_contain_themselves():
    for line in ("c t=x", "c x {}", "c x a.a.t=x", "c t=y", "c x a={'t': 'x', 'a': 5}"):
        check(line, Schema(LOOPS))


@given(st.sampled_from(schema("10.0").commands), st.integers(0, 1000))
def test_every_state_of_typing_a_right_line(name, seed):
    made = Arguments(seed, full=False)
    made.fill(schema("10.0").command(name).arguments)
    line = " ".join([name, *made.words])
    for text in (line, in_json(name, made.value)):
        for end in range(1, len(text) + 1, 3):
            check(text[:end], schema("10.0"))
