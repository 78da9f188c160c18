import pytest

from tests.language.lines import arguments, fault, sent


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("a=1 b=2", {"a": 1, "b": 2}),
        ("a.b=1 a.c=2", {"a": {"b": 1, "c": 2}}),
        ("a.b.c=1 d=2 a.b.e=3", {"a": {"b": {"c": 1, "e": 3}}, "d": 2}),
        ("a.0=x", {"a": ["x"]}),
        ("a.1=y a.0=x", {"a": ["x", "y"]}),
        ("a.0.b=1 a.1.b=2 a.0.c=3", {"a": [{"b": 1, "c": 3}, {"b": 2}]}),
        ("a.0.0=1 a.0.1=2", {"a": [[1, 2]]}),
        ("a.b-0=1 a.0b=2", {"a": {"b-0": 1, "0b": 2}}),
        (" ".join(f"a.{i}={i}" for i in range(12)), {"a": list(range(12))}),
        ("a.b={'c': 1}", {"a": {"b": {"c": 1}}}),
        ("x[0]=1", {"x[0]": 1}),
    ],
)
def test_dotted_names_nest(text, members):
    assert arguments(text) == members


@pytest.mark.parametrize(
    ("text", "start", "culprit", "part"),
    [
        ("a=1 a=2", 4, "a", '"a" is given twice'),
        ("a.b=1 c=3 a.b=2", 10, "a.b", '"a.b" is given twice'),
        ("a=1 a.b=2", 4, "a", "can't have members"),
        ("a.b=1 a.b.c=2", 8, "b", "can't have members"),
        ("a={} a.b=2", 5, "a", "can't have members"),
        ("a.b=2 a=1", 6, "a", "can't have a value"),
        ("a.0=1 a.b=2", 8, "b", "an index is expected"),
        ("a.0.b=1 a.b.c=2", 10, "b", "an index is expected"),
        ("a.b=1 a.0=2", 8, "0", "a name is expected"),
        ("0=1", 0, "0", "a name is expected"),
        ("a.1=1", 2, "1", "0 is missing"),
        ("a.0=1 b=1 a.4=1 a.2=1", 12, "4", "1 is missing"),
        ("a.00=1", 2, "00", "0 is missing"),
        ("a..b=1", 2, ".", "beside the dot"),
        (".a=1", 0, ".", "beside the dot"),
        ("b=1 a.=1", 6, "=", "beside the dot"),
        ("=1", 0, "=", "before ="),
    ],
)
def test_contradictions_are_refused_at_the_second_culprit(text, start, culprit, part):
    line = f"x {text}"
    pointed, message = fault(line)
    assert pointed == culprit
    assert part in message
    assert line.index(culprit, start + 2) == start + 2


def test_names_are_refused_when_nested_too_deep():
    assert "400 levels" in fault("x " + "a." * 400 + "b=1")[1]
    assert sent("x " + "a." * 399 + "b=1")


def test_a_word_without_a_name_is_refused_where_no_schema_gives_it_one():
    assert fault("x a=1 net1 b=2") == ("net1", '"net1" has no name: write NAME=VALUE')
    assert fault("x 'net1'") == ("'net1'", '"net1" has no name: write NAME=VALUE')
    assert fault("x {}") == ("{}", '"{}" has no name: write NAME=VALUE')
    assert fault("x \x1b" + "a" * 50)[1] == f'"\\x1b{"a" * 39}..." has no name: write NAME=VALUE'
