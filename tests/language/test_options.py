import pytest

from qmpshell.language import OPTIONS, Options, bind, nearest, parse
from tests.language.lines import fault


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("x", Options()),
        ("x --dry-run", Options(dry_run=True)),
        ("x --no-check", Options(no_check=True)),
        ("x --timeout 5", Options(timeout=5.0)),
        ("x --wait a=1 --timeout 5", Options(timeout=5.0, wait=True)),
        ("transaction(\nx\n) --wait", Options(wait=True)),
        ("x --timeout=0.5 a=1 --dry-run", Options(dry_run=True, timeout=0.5)),
        ("x --timeout '.5'", Options(timeout=0.5)),
        ('x --timeout="5."', Options(timeout=5.0)),
        ("x --output table", Options(output="table")),
        ("x --output='json'", Options(output="json")),
        ("x --oob", Options(oob=True)),
        ("x a=--dry-run b.c='--timeout'", Options()),
    ],
)
def test_options_on_a_line(text, options):
    assert bind(parse(text)).options == options


def test_an_option_is_no_argument():
    assert bind(parse("x --timeout 5")).members == {"execute": "x"}


@pytest.mark.parametrize(
    ("text", "culprit", "part"),
    [
        ("x --dry-rum", "--dry-rum", "nearest: --dry-run; all: --dry-run, --no-check, --o"),
        ("x --dry-rum=1", "--dry-rum", "nearest: --dry-run"),
        ("x --zzz", "--zzz", "there are: --dry-run, --no-check, --oob, --output"),
        ("x --output tabel", "tabel", "nearest: table; all: pretty, json, flat, table, raw"),
        ("x --output 7", "7", "there are: pretty, json, flat, table, raw"),
        ("x --output", "--output", "takes FORM"),
        ("x --", "--", "no such option"),
        ("x --\x1b[2J", "--\x1b[2J", r'"--\x1b[2J"'),
        ("x --dry-run=yes", "yes", "takes no value"),
        ("x --dry-run --dry-run", "--dry-run", "given twice"),
        ("x --timeout", "--timeout", "takes SECONDS"),
        ("x --timeout --dry-run", "--timeout", "takes SECONDS"),
        ("x --timeout a=1", "--timeout", "takes SECONDS"),
        ("x --timeout\n5", "5", "one command at a time"),
        ("x --timeout '5", "'", "not closed"),
        ("x --timeout '--dry-run'", "'--dry-run'", "positive number"),
        ("x --timeout=", "", "positive number"),
        ("x --oob --wait", "--oob", "--oob and --wait exclude each other"),
        ("x --wait a=1 --oob", "--oob", "exclude each other"),
        ("x --oob=1", "1", "takes no value"),
    ],
)
def test_wrong_options_are_refused_at_their_place(text, culprit, part):
    pointed, message = fault(text)
    assert pointed == culprit
    assert part in message


@pytest.mark.parametrize(
    "seconds", ["0", "0.0", "-1", "+1", "1_0", "inf", "nan", "1e3", "٣", "9" * 400]
)
def test_a_timeout_is_a_positive_number(seconds):
    assert fault(f"x --timeout {seconds}") == (seconds, "a positive number of seconds is expected")


def test_every_option_in_the_table_has_a_field():
    for option in OPTIONS.values():
        assert hasattr(Options(), option.field)


def test_the_nearest_name():
    assert nearest("query-statu", ["query-stats", "query-status", "quit"]) == "query-status"
    assert nearest("zzz", ["query-status"]) is None
