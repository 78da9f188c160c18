"""The options and words behind a command of the shell itself."""

import pytest

from qmpshell.errors import LineError
from qmpshell.language.shell_words import read_shell_words

OPTIONS = {"--device": "ID", "--head": "NUMBER", "--overwrite": None}


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("", {}, []),
        ("a.png", {}, ["a.png"]),
        ("a=b.png", {}, ["a=b.png"]),
        ("'a b.png'", {}, ["a b.png"]),
        ("--device x a --overwrite", {"--device": "x", "--overwrite": "--overwrite"}, ["a"]),
        ("--device=x --head='1'", {"--device": "x", "--head": "1"}, []),
        ("a '--head'", {}, ["a", "--head"]),
    ],
)
def test_options_and_words(text: str, options: dict[str, str], words: list[str]) -> None:
    read = read_shell_words(text, OPTIONS)
    assert {name: value.text for name, value in read.options.items()} == options
    assert [word.text for word in read.words] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it's all  one", ["it's all  one"]),
        ("--head 1 a --head", ["a --head"]),
        ("'quoted' --head 1", ["quoted"]),
        ("[ ] = {", ["[ ] = {"]),
    ],
)
def test_a_literal_text_is_one_word(text: str, words: list[str]) -> None:
    read = read_shell_words(text, OPTIONS, literal=True)
    assert [word.text for word in read.words] == words


@pytest.mark.parametrize(
    ("text", "culprit", "said"),
    [
        ("--haed 1", "--haed", "nearest: --head"),
        ("a --head", "--head", "--head takes NUMBER"),
        ("--head 1 --head 2", "--head", "given twice"),
        ("--overwrite=yes", "yes", "takes nothing"),
        ("'a", "'a", "not closed"),
        ("--device 'a", "'a", "not closed"),
    ],
)
def test_what_is_wrong_has_its_place(text: str, culprit: str, said: str) -> None:
    with pytest.raises(LineError, match=said) as error:
        read_shell_words(text, OPTIONS)
    found = text[error.value.start : error.value.end]
    assert culprit.startswith(found)
    assert found
