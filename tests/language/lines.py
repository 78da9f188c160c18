"""Lines of every kind, and what the tests of the language ask about them."""

from __future__ import annotations

from typing import Any

import pytest

from qmpshell.errors import LineError
from qmpshell.language import ShellCommand, SystemCommand, bind, parse

#: Lines that are right.
RIGHT = [
    "query-status",
    "  # a comment\nquery-status  ",
    "device_add driver=e1000 id=net1",
    "blockdev-add driver=qcow2 node-name=d file.driver=file file.filename='my disk.img'",
    'blockdev-add server.0.host=a server.1.host="b\\u00e9\\ud83d\\ude00" --timeout 2.5',
    "qom-set path=/machine property=x value=[1, -2.5e3, true, 'it''s', {\"a\": null}] --dry-run",
    'migrate file=json:{"driver": "nbd", "x": [1, 2]} uri=tcp:[::1]:4444',
    "x a={'a': [True, None, 0x10],\n  'b': {}} b=",
    'x a=one" two"three b=--not-an-option',
    "query-block --select [?a=='b c'].\"d-e\" --output table",
    "query-block --select=sort_by(@, &size)[0].{x: y} flat=true",
    '{"execute": "query-block", "id": 7}',
    '-> { "execute": "human-monitor-command",\n   "arguments": {"command-line": "info \\"x\\""}}',
    '{"execute": "transaction", "arguments": {"actions": [{"type": "abort", "data": {"a": 1}}]}}',
    "-> device_del id=x",
    "transaction( abort )",
    "transaction(\n  blockdev-snapshot device=a\n  # not this one\n  abort ; abort x=[1,\n2]\n)",
    "transaction (abort ; b y='z' ) properties.completion-mode=grouped --dry-run",
    "query-block | jq '.[] | \"it''s\"' > x #",
    "query-block >file",
    "query-block --output table >> 'my \\u00e9 file'",
    "x a=b|c d=>e f='|' g.h=> i=|",
    "query-block --select [?a>'b'] | { jq .; cat; }",
    'query-block --select "a > b | c" | tee ~/log; cat',
    '{"execute": "x"} --output table --select [] | jq .',
    '{"execute": "x"}>>file',
    "transaction( abort ; a b=|c ) grouped=1 --dry-run |less",
    "/help device_add | less -S",
    "/hmp print 5 | 3 | cat",
    "/type a | b > c",
    "/help device_add",
    "help",
    "? device_add",
    "exit now",
    "!ls -l 'a b' | wc",
    " ! ",
    "_ --select [].id",
]

#: Lines that are wrong, and stay wrong whatever follows.
WRONG = [
    'x a="b',
    "x a='b\nc'",
    "x a=it's",
    'x a="b"c',
    "x a={}b",
    'x a="\\q"',
    "x a=[1}",
    '{"x": [1, 2}',
    '{"x": "y',
    '{"a": 1} x',
    "[1, 2",
    "a=b",
    "x =1",
    "x a..b=1",
    "x --dry",
    "x\ny",
    "transaction(\n abort a='x\n",
    "transaction(\n a=b\n",
    "transaction(\n abort --dry-run\n",
    "/",
    "x |",
    "x | | jq",
    "x || jq",
    "x >",
    "x >>",
    "x >>> f",
    "x >&2",
    "x > a b",
    "x > a | b",
    "x > a --dry-run",
    "x > 'a",
    "x > 'a'b",
    "x > ''",
    "x > '\\q'",
    "| jq",
    "> f",
    "x | jq\nx",
    "x\n| jq",
    "x --select | jq",
    "x --select a | [0]",
    "x --select=a | length(@)",
    "transaction( abort | jq",
    "transaction(\n abort > f\n",
    '{"a": 1} --yes x',
    '{"a": 1}--yes',
    '{"a": 1} --timeout',
    '{"a": 1} |',
    "/help >",
    "/hmp info |",
]

#: Lines that go on.
OPEN = [
    "{",
    '-> {"execute":\n',
    '{"a": [1, {"b": "}"}',
    "transaction(",
    "transaction (\n abort\n",
    "transaction( abort x=y)",
    "transaction( abort x=[1, ",
    "x a={",
    "x b=1 a={'}': [",
    'x file=json:{"driver": "nbd",',
]


def prefixes(lines: list[str]) -> list[str]:
    """Return every state of typing these lines."""
    return sorted({line[:end] for line in lines for end in range(len(line) + 1)})


def sent(text: str) -> dict[str, Any]:
    """Return what a typed command sends."""
    line = parse(text)
    assert line is not None
    assert not isinstance(line, ShellCommand | SystemCommand)
    return bind(line).members


def arguments(text: str) -> dict[str, Any]:
    """Return the arguments that a command named ``x`` sends."""
    members = sent(f"x {text}")
    assert members.pop("execute") == "x"
    return members.pop("arguments")


def fault(text: str) -> tuple[str, str]:
    """Return what a line's error points at, and what it says."""
    with pytest.raises(LineError) as caught:
        sent(text)
    error = caught.value
    assert 0 <= error.start <= error.end <= len(text)
    assert error.message.isprintable()
    return text[error.start : error.end], error.message
