import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import LineError, UsageError
from qmpshell.language import bind, parse, parse_words
from qmpshell.language.selection import Selection, read_selection
from tests.cli.programs import run
from tests.language.lines import fault

DISKS = [
    {"device": "virtio0", "inserted": {"node-name": "disk0", "ro": False}, "size": 3},
    {"device": "cd0", "size": 5},
]


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ("[0].device", "virtio0"),
        ("[].device", ["virtio0", "cd0"]),
        ('[].inserted."node-name"', ["disk0"]),
        ("[?device=='cd0'].size | [0]", 5),
        ("[*].{name: device, size: size}[1]", {"name": "cd0", "size": 5}),
        ("sort_by(@, &size)[-1].device", "cd0"),
        ("length(@)", 2),
        ("[7].device", None),
        ("nothing", None),
        ("[0].inserted.ro", False),
    ],
)
def test_what_is_selected(expression: str, selected: object) -> None:
    assert read_selection(expression).apply(DISKS) == selected


@pytest.mark.parametrize(
    ("expression", "culprit", "reason"),
    [
        ("", "", "a JMESPath expression is expected"),
        ("  ", "  ", "a JMESPath expression is expected"),
        ("[0].", "", "isn't complete"),
        ("foo[", "", "isn't complete"),
        ("[?a==", "", "isn't complete"),
        ("inserted.node-name", "-", 'in double quotes: "node-name"'),
        ("a=b", "=", "no JMESPath: unknown token"),
        ("(\x0c", "\x0c", r"no JMESPath: unknown token \x0c"),
        ("'abc", "'", "unclosed ' delimiter"),
        ("[0]a", "a", "can't stand here"),
        ("a lenght", "lenght", "can't stand here"),
        ("[].lenght(@)", "lenght", "nearest: length"),
        ("zzz(@)", "zzz", "there are: abs, avg"),
        ("length(a, b)", "length", "length() takes 1 argument, not 2"),
        ("x[?contains(a)]", "contains", "contains() takes 2 arguments, not 1"),
        ("not_null()", "not_null", "at least 1 argument, not 0"),
    ],
)
def test_a_wrong_expression_is_refused_at_its_place(
    expression: str, culprit: str, reason: str
) -> None:
    with pytest.raises(LineError, match=".") as raised:
        read_selection(expression)
    error = raised.value
    assert expression[error.start : error.end] == culprit
    assert reason in error.message


def test_one_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(LineError, match="nested too deep"):
        read_selection("(" * sys.getrecursionlimit())


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("length([0].size)", "length() takes string or array or object, not number"),
        ("&device", "doesn't suit the reply"),
        ("to_number('inf')", "doesn't suit the reply"),
        ("`NaN`", "doesn't suit the reply"),
    ],
)
def test_one_that_does_not_suit_the_value(expression: str, reason: str) -> None:
    with pytest.raises(UsageError, match="--select") as raised:
        read_selection(expression).apply(DISKS)
    assert reason in str(raised.value)
    assert "\n" not in str(raised.value)


PIECES = st.sampled_from(
    [
        *(*"[]{}()@*&|.,:?!<>=-`'\"\\ 05a", "[?", "[]", "length(", "sort_by(", "max_by("),
        *("to_number(", "join(", "merge(", "map(", "`1`", "`{}`", "'x'", "&a", "::0"),
        *("node-name", "é", "\n"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "node-name"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(PIECES, max_size=9).map("".join), VALUES)
def test_any_expression_on_any_value_selects_json_or_is_refused(text: str, value: object) -> None:
    try:
        selection = read_selection(text)
    except LineError as error:
        assert 0 <= error.start <= error.end <= max(len(text), 1)
        assert error.message.isprintable()
        return
    try:
        json.dumps(selection.apply(value), allow_nan=False)
    except UsageError as error:
        assert "\n" not in str(error)


@given(
    st.sampled_from(
        ["[0].a", "length(@)", "sort_by(@, &a)[0]", "[*].{x: a}", "max_by(@, &a)", "a.b", "avg(@)"]
    ),
    VALUES,
)
def test_a_right_expression_on_any_value(text: str, value: object) -> None:
    try:
        read_selection(text).apply(value)
    except UsageError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("line", "expression"),
    [
        ("x --select [0].device", "[0].device"),
        ("x --select=[0].device", "[0].device"),
        ("x --select [?a=='b c'].d a=1", "[?a=='b c'].d"),
        ("x --select items[?a=='b'].c", "items[?a=='b'].c"),
        ('x --select [].inserted."node-name" --dry-run', '[].inserted."node-name"'),
        ('x --select "[0].device | a"', "[0].device | a"),
        (r'x --select "a.\"node-name\""', 'a."node-name"'),
        ('x --select "node-name".b', '"node-name".b'),
        ("x --select [*].{a: b, c: d}", "[*].{a: b, c: d}"),
        ("x --select sort_by(@, &size)[0] a=1", "sort_by(@, &size)[0]"),
        ("x --select 'a'", "a"),
        ("x --select length(@)", "length(@)"),
        ("x --select `{}`", "`{}`"),
        ("transaction( y ) --select [0]", "[0]"),
    ],
)
def test_an_expression_on_a_line_is_one_word(line: str, expression: str) -> None:
    command = parse(line)
    assert command is not None
    assert bind(command).options.select == Selection(expression)  # type: ignore[arg-type]
    if "'[" not in line and "\\" not in line and '"[' not in line and "'a'" not in line:
        start = line.index(expression)
        words = [*line[:start].split(), expression, *line[start + len(expression) :].split()]
        if "=" not in words[1]:
            assert bind(parse_words(words)).options.select == Selection(expression)


def test_as_a_word_of_its_own_it_is_what_was_given() -> None:
    command = parse_words(["x", "--select=[?a=='b c'].d", "e=[1]"])
    assert bind(command).options.select == Selection("[?a=='b c'].d")
    assert bind(command).members["arguments"] == {"e": [1]}


@pytest.mark.parametrize(
    ("line", "culprit", "part"),
    [
        ("x --select", "--select", "takes EXPRESSION"),
        ("x --select --dry-run", "--select", "takes EXPRESSION"),
        ("x --select ''", "", "is expected"),
        ("x --select a.node-name", "-", "double quotes"),
        ("x --select 'a.node-name'", "-", "double quotes"),
        (r"x --select 'a\u002enode-name'", r"'a\u002enode-name'", "double quotes"),
        ("x --select a.'b", "'", "not closed"),
        ("x --select [0", "[", "] is missing"),
        ("x --select [0]a b=1", "a", "can't stand here"),
        ("x --select (a b=1", "=", "unknown token"),
        ("x --select a\nb", "b", "second line"),
        ("x --select a --output raw", "--select", "nothing can be selected"),
        ("x --output raw --select a", "--select", "nothing can be selected"),
    ],
)
def test_a_wrong_expression_on_a_line(line: str, culprit: str, part: str) -> None:
    pointed, message = fault(line)
    assert pointed == culprit
    assert part in message


def test_the_library_is_imported_for_an_expression_only() -> None:
    script = (
        "import sys\n"
        "from qmpshell.language import bind, parse\n"
        "bind(parse('x --output json'))\n"
        "print('jmespath' in sys.modules)\n"
        "bind(parse('x --select a'))\n"
        "print('jmespath' in sys.modules)\n"
    )
    assert run(sys.executable, "-c", script).out == "False\nTrue\n"
