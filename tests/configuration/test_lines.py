import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.configuration.lines import find_lines, statements

TEXT = '''\
# a = 1 [
pager = "less # [" # ]

[ "a.b" . c ]  # [x]
d = """
[e]
f = "1" """""
g = [ # ]
  "]", 'it"s',
  { h = 1 },
]
h.i = '\\'
[colors]
dark = {x = """{"""}
light = \'\'\'
'\'\'\'\'
[[list]]
z = 1
[list.y]'''


def test_each_key_is_found_in_the_first_of_its_lines() -> None:
    assert find_lines(TEXT) == {
        ("pager",): 2,
        ("a.b",): 4,
        ("a.b", "c"): 4,
        ("a.b", "c", "d"): 5,
        ("a.b", "c", "g"): 8,
        ("a.b", "c", "h"): 12,
        ("a.b", "c", "h", "i"): 12,
        ("colors",): 13,
        ("colors", "dark"): 14,
        ("colors", "dark", "x"): 14,
        ("colors", "light"): 15,
        ("list",): 17,
        ("list", "z"): 18,
        ("list", "y"): 19,
    }


def test_statements_are_the_text() -> None:
    assert "".join(statement.text for statement in statements(TEXT)) == TEXT


PIECES = st.sampled_from(
    [
        *"abc=.#[]{},\n \"'\\1",
        '"""',
        "'''",
        "\n[a]\n",
        "\na = ",
        "\nb.c = ",
        "[1, 2]",
        '"x"',
        "\\u0041",
    ]
)


@given(st.lists(PIECES).map("".join))
def test_whatever_toml_takes_can_be_cut_into_what_it_takes(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = find_lines(text)
    assert {path[0] for path in lines} == set(document)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@pytest.mark.parametrize("name", ["a", '"a b"', "'a.b'", '"\\u0061"'])
@given(
    before=st.lists(st.sampled_from(["# a = 1", "", "b1 = '''\n\n'''", "b2 = [\n]"]), unique=True)
)
def test_the_line_is_the_right_one(name: str, before: list[str]) -> None:
    above = "".join(f"{text}\n" for text in before)
    (path,) = tomllib.loads(f"{name} = 1")
    assert find_lines(f"{above}{name} = 1\n")[(path,)] == above.count("\n") + 1
