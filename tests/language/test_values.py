import math
import sys

import pytest

from tests.language.lines import arguments, fault

SCALARS = [
    ("0", 0),
    ("-0", 0),
    ("+5", 5),
    ("-5", -5),
    ("18446744073709551615", 2**64 - 1),
    ("-9223372036854775808", -(2**63)),
    ("1.5", 1.5),
    ("-1.5e-3", -0.0015),
    ("1e3", 1000.0),
    ("1E+3", 1000.0),
    ("true", True),
    ("False", False),
    ("TRUE", True),
    ("null", None),
    ("None", None),
    ("", ""),
    ("NULL", "NULL"),
    ("none", "none"),
    ("01", "01"),
    ("-01", "-01"),
    ("1_000", "1_000"),
    ("0x10", "0x10"),
    ("1.", "1."),
    (".5", ".5"),
    ("+1.5", "+1.5"),
    ("+-1", "+-1"),
    ("--1", "--1"),
    ("nan", "nan"),
    ("NaN", "NaN"),
    ("inf", "inf"),
    ("-Infinity", "-Infinity"),
    ("1e", "1e"),
    ("٣", "٣"),
    ("4G", "4G"),
    ("on", "on"),
    ("a=b=c", "a=b=c"),
    ("(1,2)", "(1,2)"),
    ("/machine/device[0]", "/machine/device[0]"),
    ("a\\nb", "a\\nb"),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_a_bare_scalar(text, value):
    got = arguments(f"a={text}")["a"]
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize("text", ["18446744073709551616", "-9223372036854775809", "9" * 5000])
def test_an_integer_beyond_64_bits_is_refused(text):
    for line in (f"x b=1 a={text} c=2", f"x a=[{text}]", f"x a=[True, {text[:100]}]"):
        culprit, message = fault(line)
        assert culprit == text[:100] or culprit == text
        assert "64 bits" in message


@pytest.mark.parametrize("text", ["1e400", "-1e400", "1" * 400 + ".0"])
def test_a_number_that_no_float_holds_is_refused(text):
    for line in (f"x a={text}", f"x a=[{text}]", f"x a=[True, {text}]"):
        culprit, message = fault(line)
        assert culprit == text
        assert "too large" in message


def test_a_float_that_is_too_small_is_zero():
    assert arguments("a=1e-400") == {"a": 0.0}


QUOTED = [
    ('"x y"', "x y"),
    ("'x y'", "x y"),
    ('""', ""),
    ("''", ""),
    ('"5"', "5"),
    ("'null'", "null"),
    ('"{"', "{"),
    ("'say \"x\"'", 'say "x"'),
    ('"it\'s"', "it's"),
    (r"'\"\\\/\b\f\n\r\t\''", "\"\\/\b\f\n\r\t'"),
    (r'"\u0041\u00e9\u2028"', "A\u00e9\u2028"),
    (r'"\ud83d\ude00 \uD83D\uDE00"', "😀 😀"),
    (r'"a\\"', "a\\"),
]


@pytest.mark.parametrize(("text", "value"), QUOTED)
def test_a_quoted_value_is_text_without_its_quotes(text, value):
    assert arguments(f"a={text} b=1") == {"a": value, "b": 1}


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        (r'"ab\q"', r"\q"),
        (r'"ab\x41"', r"\x"),
        (r"'\u12'", r"\u1"),
        (r'"\u"', r"\u"),
        (r'"\ud83d"', r"\ud"),
        (r'"\ud83d\u0041"', r"\ud"),
        (r'"\ude00\ud83d"', r"\ud"),
        (r'"\0"', r"\0"),
    ],
)
def test_what_is_no_escape_is_refused_at_its_place(text, culprit):
    pointed, message = fault(f"x b=1 a={text}")
    assert pointed == culprit
    assert "\\" in message


@pytest.mark.parametrize(("text", "culprit"), [('"x"y', "y"), ("'x'=", "="), ('"x"""', '""')])
def test_nothing_may_follow_the_closing_quote(text, culprit):
    assert fault(f"x a={text} b=1") == (culprit, "a blank is expected after the closing quote")


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("value", ["{}b c", "{}b\\", "b{}c d"])
def test_an_open_quote_is_refused_at_the_quote(quote, value):
    culprit, message = fault(f"x a={value.format(quote)}")
    assert culprit == quote
    assert "not closed" in message


def test_a_line_ends_an_open_quote_even_if_another_quote_follows():
    culprit, message = fault("transaction(\n a b='x\n c d='y'\n)")
    assert culprit == "'"
    assert "not closed" in message


def test_a_quote_in_a_bare_word_stays_and_guards_blanks():
    assert arguments("a=b\"c d\"e'f g' h=1") == {"a": "b\"c d\"e'f g'", "h": 1}
    assert arguments(r'a=b"c\" d"') == {"a": r'b"c\" d"'}


def test_a_json_file_name_is_sent_as_it_is_with_its_blanks():
    name = 'json:{"driver":"nbd", "x":[1, 2]}'
    assert arguments(f"file.filename={name} b=1") == {"file": {"filename": name}, "b": 1}
    assert fault(f"x a={name}b")[0] == "b"


LITERALS = [
    ("{}", {}),
    ("[]", []),
    ('{"a": [1, 1.5, true, false, null, "x"]}', {"a": [1, 1.5, True, False, None, "x"]}),
    ("[ 1,\n 2 ]", [1, 2]),
    ('["}", "]"]', ["}", "]"]),
    (r'["\u0041\/"]', ["A/"]),
    ("{'a': 1}", {"a": 1}),
    ("[True, False, None]", [True, False, None]),
    ("['x', true, false, null]", ["x", True, False, None]),
    ("[True, 0x10, 1_000, 0b11, 1., .5, -1, +2, -1.5]", [True, 16, 1000, 3, 1.0, 0.5, -1, 2, -1.5]),
    ("['a' \"b\",\n 'c',]", ["ab", "c"]),
    (r"['\x41\'', r'\d', u'x']", ["A'", r"\d", "x"]),
    ("{'é': {'b': [1]},\r\n 'c': None}", {"é": {"b": [1]}, "c": None}),
    ("['}', ']']", ["}", "]"]),
]


@pytest.mark.parametrize(("text", "value"), LITERALS)
def test_a_literal(text, value):
    got = arguments(f"a={text} b=1")["a"]
    assert got == value
    assert repr(got) == repr(value)


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("[1, foo]", "f"),
        ("[é, 1]", "é"),
        ("['é', 'é' foo]", "f"),
        ("['é' , , 2]", ","),
        ("[1 2]", "2"),
        ("[1 [2]]", "["),
        ("[[1] 'a']", "'"),
        ("['a'\n1]", "1"),
        ("[01]", "0"),
        ("{1, 2}", "{1, 2}"),
        ("[b'x']", "b"),
        ("[1j]", "1"),
        ("[(1, 2)]", "("),
        ("[1, 2 + 3]", "+"),
        ("[f'x']", "f"),
        ("[x for x in y]", "x"),
        ("[1:2]", ":"),
        ("{'a': 1, **b}", "*"),
        # From Python 3.12 on, its parser says where in the string.
        (r"['\d']", "'" if sys.version_info < (3, 12) else "\\"),
        ("[True, '\ud800']", "[True, '\ud800']"),
        ("{'a' 1}", "1"),
        ("{'a': 1 'b'}", "'"),
    ],
)
def test_what_is_no_literal_is_refused_at_its_place(text, culprit):
    pointed, message = fault(f"x b=1 a={text}")
    assert (pointed, "neither JSON nor a Python literal" in message) == (culprit, True)


@pytest.mark.parametrize(
    ("text", "culprit", "part"),
    [
        ('{"a": 1, "a": 2}', '"a"', "twice"),
        ("{'é': 1, 'a': 1, 'a': 2}", "'a'", "twice"),
        ("{True: 2}", "True", "a string"),
        ("{1: 2}", "1", "a string"),
        ("[NaN]", "NaN", "NaN"),
        ("[-Infinity]", "-Infinity", "-Infinity"),
        ("[1}", "}", "] is expected"),
        ("{}}", "}", "blank"),
        ("[1]x", "x", "blank"),
        ("['x]", "'", "not closed"),
        ("[1", "[", "not closed"),
    ],
)
def test_a_literal_that_cant_be_sent_is_refused_at_its_place(text, culprit, part):
    pointed, message = fault(f"x b=1 a={text}")
    assert pointed == culprit
    assert part in message


def test_a_literal_is_refused_when_nested_too_deep():
    assert arguments(f"a={'[' * 190}1{']' * 190}")
    assert "400 levels" in fault(f"x a={'[' * 401}{']' * 401}")[1]


def test_zero_is_no_minus_zero_in_a_literal():
    assert math.copysign(1, arguments("a=[-0]")["a"][0]) == 1
