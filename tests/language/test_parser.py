import pytest

from qmpshell.errors import LineError
from qmpshell.language import (
    Action,
    Argument,
    Invocation,
    Name,
    Options,
    OptionUse,
    ShellCommand,
    Style,
    SystemCommand,
    Transaction,
    Value,
    bind,
    is_complete,
    parse,
    parse_words,
)
from tests.language.lines import arguments, fault, sent


def test_the_tree_keeps_what_was_written_and_where():
    assert parse(" x a.b='c' 5 [1] --timeout 3") == Invocation(
        Name("x", 1, 2),
        (
            Argument((Name("a", 3, 4), Name("b", 5, 6)), Value("c", Style.QUOTED, 7, 10)),
            Argument((), Value("5", Style.BARE, 11, 12)),
            Argument((), Value("[1]", Style.BRACKETED, 13, 16)),
        ),
        (OptionUse(Name("--timeout", 17, 26), Value("3", Style.BARE, 27, 28)),),
    )


def test_a_transactions_tree():
    assert parse("transaction(\na b=1\n) --dry-run") == Transaction(
        Name("transaction(", 0, 12),
        (
            Action(
                Name("a", 13, 14), (Argument((Name("b", 15, 16),), Value("1", Style.BARE, 17, 18)),)
            ),
        ),
        (),
        (OptionUse(Name("--dry-run", 21, 30), None),),
    )


def test_a_command_without_arguments_is_sent_without_them():
    assert sent("query-status") == {"execute": "query-status"}
    assert sent("# first\n  query-status\n# last") == {"execute": "query-status"}
    assert sent("-> query-status") == {"execute": "query-status"}


def test_any_blank_separates():
    assert arguments("a=1\t\tb=2\u00a0c=3\r") == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("a=1 x", "a=1"),
        ("'x' a=1", "'x'"),
        ("[1, 2] a=1", "[1, 2]"),
        ("x(y) a=1", "x(y)"),
        ("x'y z' a=1", "x'y z'"),
        ("--dry-run x", "--dry-run"),
        ("transaction( x ; a=1 )", "a=1"),
        ("transaction( a) b", "a)"),
    ],
)
def test_a_name_comes_first(text, culprit):
    pointed, message = fault(text)
    assert pointed == culprit
    assert "comes first" in message


def test_a_second_line_is_refused():
    culprit, message = fault("query-status\nquery-version a=1")
    assert culprit == "query-version"
    assert "one command at a time" in message


BLOCK = {
    "execute": "transaction",
    "arguments": {
        "actions": [
            {"type": "a", "data": {"x": 1}},
            {"type": "b", "data": {}},
        ]
    },
}


@pytest.mark.parametrize(
    "text",
    [
        "transaction(\na x=1\nb\n)",
        "transaction( a x=1\nb )",
        "transaction( a x=1 ; b )",
        "transaction (\n\n ; a x=1 ;\n# no\n ; b ; )",
        "transaction\n( a x=1 ; b\n )\n# end",
        "transaction(a x=1 ; b )",
        "-> transaction( a x=1 ; b )",
    ],
)
def test_a_block_is_a_transaction(text):
    assert sent(text) == BLOCK


def test_what_follows_a_block_belongs_to_the_transaction():
    line = parse("transaction( a ) properties.completion-mode=grouped --timeout 5")
    assert isinstance(line, Transaction)
    bound = bind(line)
    assert bound.members["arguments"] == {
        "actions": [{"type": "a", "data": {}}],
        "properties": {"completion-mode": "grouped"},
    }
    assert bound.options == Options(timeout=5.0)


def test_a_bracket_glued_to_a_value_is_part_of_it():
    assert sent("transaction( a x=y) )")["arguments"]["actions"][0]["data"] == {"x": "y)"}
    culprit, message = fault("transaction( a x=y)")
    assert culprit == "transaction("
    assert "not closed" in message
    assert "a blank before it" in message
    assert "a blank before it" not in fault("transaction( a x=y")[1]
    assert "a blank before it" not in fault("transaction(")[1]


@pytest.mark.parametrize(
    ("text", "culprit", "part"),
    [
        ("transaction( )", "transaction( )", "needs an action"),
        ("transaction( ; \n ) a=1", "transaction( ; \n )", "needs an action"),
        ("transaction( a --dry-run )", "--dry-run", "behind the block"),
        ("transaction( a ) actions=[]", "actions", "the actions already"),
        ("transaction( a ) actions.0.type=b", "actions", "the actions already"),
        ("transaction( a )\nb", "b", "one command at a time"),
        ("transaction( a ) )", ")", "has no name"),
        ("transaction( a x=1 x=2 )", "x", "given twice"),
        ("transaction( a 'b )", "'", "not closed"),
    ],
)
def test_a_wrong_block_is_refused_at_its_place(text, culprit, part):
    pointed, message = fault(text)
    assert part in message
    assert pointed.startswith(culprit)


@pytest.mark.parametrize(
    ("text", "name", "rest", "rest_start"),
    [
        ("/help", "help", "", 5),
        (" /help  device_add x \n", "help", "device_add x", 8),
        ("/hmp info  status", "hmp", "info  status", 5),
        ("help device_add", "help", "device_add", 5),
        ("?", "help", "", 1),
        ("/? x", "help", "x", 3),
        ("exit", "exit", "", 4),
        ("/no-such-command {", "no-such-command", "{", 17),
    ],
)
def test_a_command_of_the_shell(text, name, rest, rest_start):
    line = parse(text)
    assert isinstance(line, ShellCommand)
    assert (line.name.text, line.rest, line.rest_start) == (name, rest, rest_start)
    assert text[line.name.start : line.name.end] in (name, "?")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("!ls", SystemCommand("ls", 0, 3)),
        ("  # why\n ! ls -l 'a  b' | wc  ", SystemCommand("ls -l 'a  b' | wc", 9, 28)),
        ("!", SystemCommand("", 0, 1)),
        ("!for x in 1\ndo echo $x\ndone\n", SystemCommand("for x in 1\ndo echo $x\ndone", 0, 27)),
        ("!echo {", SystemCommand("echo {", 0, 7)),
    ],
)
def test_commands_of_the_operating_system(text: str, command: SystemCommand) -> None:
    assert parse(text) == command
    assert is_complete(text)


@pytest.mark.parametrize("text", ["/", "/ help", "  /\n"])
def test_a_slash_alone_is_refused(text):
    with pytest.raises(LineError, match="/help") as caught:
        parse(text)
    assert text[caught.value.start : caught.value.end] == "/"


@pytest.mark.parametrize("text", ["helpful", "exit-now", "?x", "help=1"])
def test_a_bare_word_of_the_shell_stands_alone(text):
    try:
        assert isinstance(parse(text), Invocation)
    except LineError as error:
        assert "comes first" in error.message


SPLIT = [
    (["x", "filename=my disk.img", "a=1"], {"filename": "my disk.img", "a": 1}),
    (["x", "a='b'", 'c="', "d=it's"], {"a": "'b'", "c": '"', "d": "it's"}),
    (["x", "a={'b': 1}", "c=[ 1 ]", "d="], {"a": {"b": 1}, "c": [1], "d": ""}),
    (["x", "a.0=\n", "b=json:{ "], {"a": ["\n"], "b": "json:{ "}),
    (["x", "a=#", "b=--c", "c=true"], {"a": "#", "b": "--c", "c": True}),
    (["x a='b c' d=1"], {"a": "b c", "d": 1}),
    (["/x y=1"], {"y": 1}),
]


@pytest.mark.parametrize(("words", "members"), SPLIT)
def test_words_that_another_shell_split(words, members):
    assert bind(parse_words(words)).members["arguments"] == members


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (["query-status"], {"execute": "query-status"}),
        (["query-status "], {"execute": "query-status"}),
        (["/x"], {"execute": "/x"}),
        (["help"], {"execute": "help"}),
        (["help", "x=1"], {"execute": "help", "arguments": {"x": 1}}),
        (['{"execute":"x"}'], {"execute": "x"}),
        (['{"execute": "x"}'], {"execute": "x"}),
        (['-> {"execute": "x"}'], {"execute": "x"}),
        (["transaction(", "a", "x=1", ";", "b", ")"], BLOCK),
        (["transaction", "(", "a", "x=1", ";", "b", ")"], BLOCK),
        (["transaction( a x=1\nb )"], BLOCK),
        (["transaction", "a=1"], {"execute": "transaction", "arguments": {"a": 1}}),
    ],
)
def test_commands_that_another_shell_split(words, members):
    assert bind(parse_words(words)).members == members


def test_options_among_words():
    bound = bind(parse_words(["x", "--timeout", "5", "--dry-run"]))
    assert bound.options == Options(dry_run=True, timeout=5.0)


@pytest.mark.parametrize(
    ("words", "culprit", "part"),
    [
        ([], "", "a command is expected"),
        ([""], "", "a command is expected"),
        (["", "x"], "", "comes first"),
        ([" ", " "], "   ", "a command is expected"),
        (["x y ", "a=1"], "x y ", "no command's name"),
        (["x", "a b"], "a b", "has no name"),
        (["x", "y z", "b={c d"], "{", "not closed"),
        (["x", "y=y z", "b={c d}"], "c", "neither JSON"),
        (["x", "b=[1]c"], "c", "nothing may follow"),
        (["x", "b=[1}"], "}", "] is expected"),
        (["x", "y y", "a=1e400"], "y y", "has no name"),
        (["x", "c=y y", "a=1e400"], "1e400", "too large"),
        (["x", "[1]"], "[1]", "has no name"),
        (["{execute:", "x}"], "{execute:", "one word"),
        (["transaction(", "a"], "transaction(", "not closed"),
        (["transaction", "(", "a"], "transaction (", "not closed"),
    ],
)
def test_wrong_words_are_refused_at_their_place_in_the_joined_text(words, culprit, part):
    with pytest.raises(LineError) as caught:
        bind(parse_words(words))
    assert part in caught.value.message
    assert " ".join(words)[caught.value.start : caught.value.end] == culprit
