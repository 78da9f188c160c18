import pytest

import qmpshell.language
from qmpshell.language import Expected, Given, Slot, expected
from tests.language.lines import OPEN, RIGHT, prefixes

COMMAND, ACTION, SHELL = Slot.COMMAND_NAME, Slot.ACTION_NAME, Slot.SHELL_COMMAND_NAME


@pytest.mark.parametrize(
    ("text", "kind", "prefix"),
    [
        ("", COMMAND, ""),
        ("  ", COMMAND, ""),
        ("query-", COMMAND, "query-"),
        ("# no\nque", COMMAND, "que"),
        ("-> que", COMMAND, "que"),
        ("-> ", COMMAND, ""),
        ("hel", COMMAND, "hel"),
        ("help", COMMAND, "help"),
        ("transaction", COMMAND, "transaction"),
        ("/", SHELL, ""),
        ("/he", SHELL, "he"),
        ("/help", SHELL, "help"),
        ("/help ", Slot.SHELL_ARGUMENT, ""),
        ("/help query-", Slot.SHELL_ARGUMENT, "query-"),
        ("help query-", Slot.SHELL_ARGUMENT, "query-"),
        ("transaction(", ACTION, ""),
        ("transaction( blo", ACTION, "blo"),
        ("transaction(blo", ACTION, "blo"),
        ("transaction(\n", ACTION, ""),
        ("transaction(\nabort\n", ACTION, ""),
        ("transaction(\nabort\n# no\n blo", ACTION, "blo"),
        ("transaction( abort ; ", ACTION, ""),
        ("transaction( abort ; blo", ACTION, "blo"),
        ("transaction( abort x=[1,\n2]\nblo", ACTION, "blo"),
        ('{"execute": "', COMMAND, ""),
        ('{"execute": "query-', COMMAND, "query-"),
        ('{"execute": ', COMMAND, ""),
        ('{"execute": que', COMMAND, "que"),
        ('{"id": 1, "exec-oob": "mig', COMMAND, "mig"),
        ('-> {\n  "execute": "query-', COMMAND, "query-"),
        ('{"execute": "transaction", "arguments": {"actions": [{"type": "blo', ACTION, "blo"),
        (
            '{"execute": "transaction", "arguments": {"actions": [{"type": "a"}, {"type": "b',
            ACTION,
            "b",
        ),
        ("{", Slot.MEMBER_NAME, ""),
        ('{"a": [1}, "execute": "x', COMMAND, "x"),
        ('{"exe', Slot.MEMBER_NAME, "exe"),
        ('{"execute": "x", "', Slot.MEMBER_NAME, ""),
        ("!", Slot.PROGRAM, ""),
        (" !l", Slot.PROGRAM, "l"),
        ("! l", Slot.PROGRAM, "l"),
        ("!ls ", Slot.PATH, ""),
        ("!ls -l my\\ fi", Slot.PATH, "my\\ fi"),
        ("!ls | gr", Slot.PROGRAM, "gr"),
        ("!ls |", Slot.PROGRAM, ""),
        ("!a && ", Slot.PROGRAM, ""),
        ("!cat <a >", Slot.PATH, ""),
        ("!cat <a", Slot.PATH, "a"),
        ("!cat \\", Slot.PATH, ""),
        ("!cat; ls ~/", Slot.PATH, "~/"),
        ("/save ~/a", Slot.SHELL_ARGUMENT, "~/a"),
        ('/save "my fi', Slot.SHELL_ARGUMENT, "my fi"),
        ("/save 'my file' x", Slot.SHELL_ARGUMENT, "x"),
        ("x --", Slot.OPTION_NAME, "--"),
        ("x --dry", Slot.OPTION_NAME, "--dry"),
        ('{"execute": "x"} --dry', Slot.OPTION_NAME, "--dry"),
        ('{"execute": "x"} --output ', Slot.OPTION_VALUE, ""),
        ("x |", Slot.PROGRAM, ""),
        ("x | j", Slot.PROGRAM, "j"),
        ("x a=1 --output table |j", Slot.PROGRAM, "j"),
        ("x | jq ", Slot.PATH, ""),
        ("x | jq -f da", Slot.PATH, "da"),
        ("x | jq '.a | b' | so", Slot.PROGRAM, "so"),
        ("x | jq .; so", Slot.PROGRAM, "so"),
        ("x | ./so", Slot.PROGRAM, "./so"),
        ("x | jq . > fi", Slot.PATH, "fi"),
        ("x | jq .>fi", Slot.PATH, "fi"),
        ("x >", Slot.FILE, ""),
        ("x > di/fi", Slot.FILE, "di/fi"),
        ("x >>fi", Slot.FILE, "fi"),
        ("x > 'my fi", Slot.FILE, "my fi"),
        ("{} | j", Slot.PROGRAM, "j"),
        ("transaction( abort ) > fi", Slot.FILE, "fi"),
        ("/help x | le", Slot.PROGRAM, "le"),
        ("/hmp info mtree > fi", Slot.FILE, "fi"),
        ("/type a | le", Slot.SHELL_ARGUMENT, "le"),
    ],
)
def test_a_name_is_expected(text, kind, prefix):
    place = expected(text)
    assert (place.kind, place.prefix) == (kind, prefix)
    assert text[place.start :] == prefix


@pytest.mark.parametrize(
    "text",
    [
        "# que",
        " # que",
        "x\n# que",
        "transaction(\nabort\n# blo",
        "transaction(\n# blo",
        "'que",
        "a=",
        "[",
        "x\nque",
        "x a='b'",
        "x a='b'c",
        "x a={}",
        "x a=json:{]",
        "x json:{}b",
        "json:{]",
        "x a={'b'",
        "x a={'b' ",
        "x a={'b': 1 ",
        "transaction( abort ;",
        "transaction( abort )",
        "transaction( a=",
        "{}",
        '{"execute"',
        '{"execute": "x"',
        '{"execute": "x" ',
        '{"execute": "x"} ',
        '{"id": ',
        '{"id": {"execute": "',
        '{"execute": ["',
        '{"execute" "que',
        '{"arguments": "',
        '{"execute": {"',
        '{"a": ' + "[" * 500,
        '{"execute": "x"}--',
        '{"execute": "x"}\n--dr',
        "x | jq 'so",
        'x | jq "so',
        "x | jq\nso",
        "x > 'fi'",
        "x > fi ",
        "x > fi so",
        "x > fi\nso",
    ],
)
def test_nothing_is_expected(text):
    place = expected(text)
    assert (place.kind, place.start, place.prefix) == (Slot.NOTHING, len(text), "")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x ", Expected(Slot.ARGUMENT_NAME, 2, "", command="x")),
        ("x dri", Expected(Slot.ARGUMENT_NAME, 2, "dri", command="x")),
        (
            "x a=1 b file.dr",
            Expected(
                Slot.ARGUMENT_NAME,
                8,
                "file.dr",
                command="x",
                argument=("file",),
                given=(Given(("a",), "1"), Given((), "b")),
            ),
        ),
        (
            "x a.0.b='c' d.e=",
            Expected(
                Slot.VALUE,
                16,
                "",
                command="x",
                argument=("d", "e"),
                given=(Given(("a", "0", "b"), "c"),),
            ),
        ),
        ("x a=b\\c", Expected(Slot.VALUE, 4, "b\\c", command="x", argument=("a",))),
        ("x a='b c", Expected(Slot.VALUE, 5, "b c", "'", command="x", argument=("a",))),
        ('x "b', Expected(Slot.VALUE, 3, "b", '"', command="x")),
        ("x --timeout ", Expected(Slot.OPTION_VALUE, 12, "", command="x", argument=("--timeout",))),
        (
            "x --timeout 5",
            Expected(Slot.OPTION_VALUE, 12, "5", command="x", argument=("--timeout",)),
        ),
        (
            "x --timeout=5",
            Expected(Slot.OPTION_VALUE, 12, "5", command="x", argument=("--timeout",)),
        ),
        ("x --timeout 5 ", Expected(Slot.ARGUMENT_NAME, 14, "", command="x")),
        ("x --dry-run ", Expected(Slot.ARGUMENT_NAME, 12, "", command="x")),
        ("x --timeout=5 a", Expected(Slot.ARGUMENT_NAME, 14, "a", command="x")),
        ("x --zzz a", Expected(Slot.ARGUMENT_NAME, 8, "a", command="x")),
        (
            "x a={'b': [1, {'c': 'd",
            Expected(
                Slot.VALUE,
                21,
                "d",
                "'",
                command="x",
                argument=("a", "b", "1", "c"),
                given=(Given(("a", "b", "0"), "1"),),
                in_json=True,
            ),
        ),
        (
            "x a={'b",
            Expected(Slot.ARGUMENT_NAME, 6, "b", "'", command="x", argument=("a",), in_json=True),
        ),
        ("x a=[", Expected(Slot.VALUE, 5, "", command="x", argument=("a", "0"), in_json=True)),
        (
            "transaction( abort x=1 y",
            Expected(
                Slot.ARGUMENT_NAME,
                23,
                "y",
                command="transaction",
                action="abort",
                given=(Given(("x",), "1"),),
            ),
        ),
        (
            "transaction( abort x=1 ) prop",
            Expected(Slot.ARGUMENT_NAME, 25, "prop", command="transaction"),
        ),
        ("transaction( abort ) ", Expected(Slot.ARGUMENT_NAME, 21, "", command="transaction")),
        (
            '{"execute": "x", "arguments": {"a": {"b": 1}, "',
            Expected(
                Slot.ARGUMENT_NAME,
                47,
                "",
                '"',
                command="x",
                given=(Given(("a", "b"), "1"),),
                in_json=True,
            ),
        ),
        (
            '{"execute": "x", "arguments": {"a": {"b": "c',
            Expected(Slot.VALUE, 43, "c", '"', command="x", argument=("a", "b"), in_json=True),
        ),
        (
            '{"execute": "transaction", "arguments": {"actions": [{"type":"t", "data":{"a":1, "b',
            Expected(
                Slot.ARGUMENT_NAME,
                82,
                "b",
                '"',
                command="transaction",
                action="t",
                given=(Given(("a",), "1"),),
                in_json=True,
            ),
        ),
    ],
)
def test_the_place_of_what_is_expected(text, place):
    assert expected(text) == place


@pytest.mark.parametrize("text", prefixes(RIGHT + OPEN))
def test_the_prefix_is_what_stands_before_the_cursor(text):
    place = expected(text)
    assert text[place.start :] == place.prefix


def test_the_package_has_no_other_names():
    assert not hasattr(qmpshell.language, "no_such_name")
