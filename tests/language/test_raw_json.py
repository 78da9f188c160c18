import contextlib
import sys

import pytest

from qmpshell.errors import LineError
from qmpshell.language import Options, RawJSON, bind, parse, parse_words
from qmpshell.language.json_text import read_json
from tests.language.lines import fault, sent


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ('{"execute": "query-status"}', {"execute": "query-status"}),
        ('{\n"execute":\n"x"\n}\n', {"execute": "x"}),
        (
            '{"execute": "x", "id": {"a": [1]}, "more": null}',
            {"execute": "x", "id": {"a": [1]}, "more": None},
        ),
        ('{"exec-oob": "x", "arguments": {}}', {"exec-oob": "x", "arguments": {}}),
        ("{}", {}),
        ('-> { "execute": "x" }', {"execute": "x"}),
        ('->{"execute": "x"}', {"execute": "x"}),
        (
            '{"a": {"b": 1}, "b": {"b": 1}, "c": [{"b": "x: {"}, {"b": 2}]}',
            {"a": {"b": 1}, "b": {"b": 1}, "c": [{"b": "x: {"}, {"b": 2}]},
        ),
        (
            '{"a": 18446744073709551615, "b": -9223372036854775808, "c": 1e5, "d": "NaN 1e400"}',
            {"a": 2**64 - 1, "b": -(2**63), "c": 1e5, "d": "NaN 1e400"},
        ),
    ],
)
def test_it_is_sent_as_it_is(text, members):
    assert sent(text) == members


def test_the_tree_has_its_text_and_place():
    text = '-> {"execute": "x"} \n'
    tree = parse(text)
    assert tree == RawJSON('{"execute": "x"}', 3, 19)
    assert bind(tree).options == Options()


def test_options_may_stand_behind_it():
    text = '{"execute": "x"}  --output table --timeout=5'
    assert bind(parse(text)).options == Options(output="table", timeout=5.0)
    assert bind(parse_words(['{"execute": "x"}', "--dry-run"])).options == Options(dry_run=True)


@pytest.mark.parametrize(
    ("text", "culprit", "part"),
    [
        ('{"execute" "x"}', '"', "':'"),
        ('{"execute": "x",}', None, "no JSON"),
        ("{'execute': 'x'}", "'", "double quotes"),
        ('{"a": True}', "T", "true, false and null"),
        ('{"a": None}', "N", "true, false and null"),
        ('{"a": 01}', "1", "no JSON"),
        ('{"a": .5}', ".", "no JSON"),
        ('{"a": +1}', "+", "no JSON"),
        ('{"a": "\\q"}', "\\", "no JSON"),
        ('{"a": "x\ty"}', "\t", "no JSON"),
        ('{"a": 1 /* x */}', "/", "no JSON"),
        ('{"a": [1, NaN]}', "NaN", "JSON has no NaN"),
        ('{"a": Infinity}', "Infinity", "JSON has no Infinity"),
        ('{"a": -Infinity}', "-Infinity", "JSON has no -Infinity"),
        ('{"a": -1e400}', "-1e400", "too large"),
        ('{"a": 18446744073709551616}', "18446744073709551616", "64 bits"),
        ('{"a": 1, "b": {"a": 1}, "a" : 2}', '"a"', "twice"),
        ('{"a": 1, "\\u0061": 2}', '"\\u0061"', "twice"),
        ('{"a": 1} {"b": 2}', '{"b": 2}', "nothing may follow"),
        ('{"a": 1}}', "}", "nothing may follow"),
        ('{"a": 1} --yes {"b": 2}', '{"b": 2}', "nothing may follow the JSON object but options"),
        ('{"a": 1} --yess', "--yess", "nearest: --yes"),
        ('{"a": 1}--yes', "--yes", "a blank is expected"),
        ('{"a": 1}\n{"b": 2}', '{"b": 2}', "a second line"),
        ('{"x": [1, 2}', "}", "] is expected"),
        ('{"x": "y}', '"', "not closed"),
        ('{"x": {"y": 1}', "{", "not closed"),
        ("[1]", "[1]", "begins with {"),
    ],
)
def test_what_is_no_json_is_refused_at_its_place(text, culprit, part):
    pointed, message = fault(text)
    assert part in message
    assert culprit in (pointed, None)


def test_the_place_is_counted_from_the_texts_beginning():
    text = '# try\n-> {"a": 1,\n "a": 2}'
    with pytest.raises(LineError) as caught:
        sent(text)
    assert caught.value.start == text.rindex('"a"')


def test_a_stack_that_is_nearly_full_is_no_reason_for_another_error():
    def nest(levels: int) -> None:
        if levels:
            nest(levels - 1)
        else:
            read_json('{"a":' * 390 + "1" + "}" * 390, 0)

    before = sys.getrecursionlimit()
    depth = len(__import__("inspect").stack())
    sys.setrecursionlimit(depth + 200)
    try:
        # Python 3.12 has a stack of its own for what isn't written in Python.
        full = pytest.raises(LineError, match="nested too deep")
        with full if sys.version_info < (3, 12) else contextlib.nullcontext():
            nest(100)
    finally:
        sys.setrecursionlimit(before)
