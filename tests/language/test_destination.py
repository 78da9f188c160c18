"""Where a line says that its reply goes; and what still is a value."""

import pytest

from qmpshell.errors import LineError
from qmpshell.language import bind, parse, parse_words
from qmpshell.language.destination import split_hmp
from qmpshell.language.tree import Destination, Name, ShellCommand, Style, Value
from tests.language.lines import fault, sent


def destination(text: str) -> tuple[str, str] | None:
    """Return the operator and what stands behind it."""
    line = parse(text)
    assert line is not None
    found = line.destination
    if found is None:
        return None
    assert text[found.operator.start : found.operator.end] == found.operator.text
    if found.target.style is Style.BARE:
        assert text[found.target.start : found.target.end] == found.target.text
    return found.operator.text, found.target.text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("query-block", None),
        ("query-block | jq .", ("|", "jq .")),
        ("query-block |jq", ("|", "jq")),
        (
            "query-block  |  jq '.[] | \"a'  > f; cat {[( # x ",
            ("|", "jq '.[] | \"a'  > f; cat {[( # x"),
        ),
        ("query-block > file", (">", "file")),
        ("query-block >file", (">", "file")),
        ("query-block >> ~/a|b>c", (">>", "~/a|b>c")),
        ("query-block > 'my \\u0041 \"file\"'  ", (">", 'my A "file"')),
        ("query-block --output table | cat", ("|", "cat")),
        ("x a=|b c=d>e f='> g' h={'|': '>'}", None),
        ("x a= | cat", ("|", "cat")),
        ("x\n# | jq\n", None),
        ('{"execute": "x | y"} | jq', ("|", "jq")),
        ('{"execute":\n "x"}>f', (">", "f")),
        ("-> { } --yes | jq", ("|", "jq")),
        ("transaction( abort x=|y )", None),
        ("transaction(\nabort\n) a=b > f", (">", "f")),
        ("query-block --select [?a>`5`] | jq", ("|", "jq")),
        ("query-block --select '[] | [0]' > f", (">", "f")),
        ("query-block --select sort_by(@, &a)[? b | c] --timeout 5 |jq", ("|", "jq")),
        ("query-block --select=[?a > b || c].{d: e|f} | jq", ("|", "jq")),
        ("/help query-block | less", ("|", "less")),
        ("help > f", (">", "f")),
        ("? > f", (">", "f")),
        ("/search 'a | b'", None),
        ("/search it's | a", None),
        ("/type a | b", None),
        ("/type a > b", None),
        ("/hmp info mtree | less", ("|", "less")),
        ('/hmp migrate "exec:cat > f" | cat', ("|", "cat")),
    ],
)
def test_where_a_reply_goes(text: str, found: tuple[str, str] | None) -> None:
    assert destination(text) == found


def test_what_stands_before_is_as_without_it() -> None:
    for text in ("query-block a=|b", '{"execute": "x"}', "transaction( abort )", "x a='|'"):
        assert sent(f"{text} | cat") == sent(f"{text} > f") == sent(text)
    line = parse("/help  a  b  | c")
    assert isinstance(line, ShellCommand)
    assert (line.rest, line.rest_start) == ("a  b", 7)
    assert bind(parse("x --timeout 5 > f")).options.timeout == 5
    value = Value("f g", Style.QUOTED, 5, 10)
    assert parse("x >> 'f g'").destination == Destination(Name(">>", 2, 4), value._replace())


@pytest.mark.parametrize(
    ("text", "culprit", "reason"),
    [
        ("x |", "|", "a command is expected behind |"),
        ("x >  ", ">", "a file is expected behind >"),
        ("x >>", ">>", "a file is expected behind >>"),
        ("x || jq", "|", "a command is expected"),
        ("x |& jq", "&", "a command is expected"),
        ("x >&2", "&", "quote a name that begins with &"),
        ("x >>> f", ">", "quote a name that begins with >"),
        ("x >=5", "=", "quote a name that begins with ="),
        ("x > a b c", "b c", "one file is expected"),
        ("x > a --timeout 5", "--timeout 5", "options stand before >"),
        ("x > a | cat", "| cat", "one file is expected"),
        ("x > 'a'b", "b", "a blank is expected"),
        ("x > 'a", "'", "not closed"),
        ("x > ''", "''", "a file has a name"),
        ("x > '\\q'", "\\q", "no escape"),
        ("x > f\ny", "y", "a second line"),
        ("x | cat\n\n y z\n", "y z", "a second line"),
        ("x\n| cat", "|", "a second line"),
        ("| cat", "|", "a command comes first, before |"),
        ("> f", ">", "a command comes first, before >"),
        ("x a='b | cat", "'", "not closed"),
        ("transaction( abort | cat )", "|", "| comes behind the block's )"),
        ("transaction(\nabort\n) > ", ">", "a file is expected"),
        ("x --select | cat", "--select", "takes EXPRESSION"),
        ("x --output | cat", "--output", "takes FORM"),
        ("x --select a | [0]", "| [0]", "quote an expression"),
        ("x --select a | length(@)", "| length(@)", "quote an expression"),
        ("x --select a | {b: c}", "| {b: c}", "quote an expression"),
        ("x --select=a > `5`", "> `5`", "quote an expression"),
    ],
)
def test_what_is_wrong_with_it(text: str, culprit: str, reason: str) -> None:
    pointed, message = fault(text)
    assert pointed == culprit
    assert reason in message


def test_to_a_word_of_another_shell_it_is_nothing() -> None:
    line = parse_words(["x", "a", "|", "> b", ">c"])
    assert line.destination is None
    assert [argument.value.text for argument in line.arguments] == ["a", "|", "> b", ">c"]
    assert parse_words(["x | cat"]).destination is not None


@pytest.mark.parametrize(
    ("text", "line", "operator", "target"),
    [
        ("info mtree", "info mtree", "", ""),
        ("info mtree | grep -c ram", "info mtree", "|", "grep -c ram"),
        ("info mtree >> f", "info mtree", ">>", "f"),
        ("print 5 | 3", "print 5 | 3", "", ""),
        ("p 5|3 |$eax |(4) | -1 | ~2 |'a' | ~/x", "p 5|3 |$eax |(4) | -1 | ~2 |'a'", "|", "~/x"),
        ('migrate "exec:a | b" | cat', 'migrate "exec:a | b"', "|", "cat"),
        ('migrate exec:"a > b', 'migrate exec:"a > b', "", ""),
        ("sendkey '|' | cat", "sendkey '|'", "|", "cat"),
    ],
)
def test_behind_a_line_of_hmp(text: str, line: str, operator: str, target: str) -> None:
    before, found = split_hmp(text)
    assert before == line
    assert (found.operator.text, found.target.text) == (operator, target) if found else not operator


def test_it_is_refused_behind_a_line_of_hmp_as_well() -> None:
    with pytest.raises(LineError, match="a file is expected") as caught:
        split_hmp("info name >")
    assert (caught.value.start, caught.value.end) == (10, 11)
