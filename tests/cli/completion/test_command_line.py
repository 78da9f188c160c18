import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.cli.completion.command_line import Word, behind_program, split_line, write_behind

ENV = {"VM": "/run/vm.sock"}
HOME = os.path.expanduser("~")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", [Word()]),
        ("a b", [Word("a", "a"), Word("b", "b")]),
        (" a  ", [Word("a", "a"), Word()]),
        ("'a b", [Word("a b", "a b", "'")]),
        ("'a b' ", [Word("a b", "a b"), Word()]),
        ("''", [Word()]),
        (r"a\ b\"", [Word('a b"', 'a b"')]),
        (r'"a\" \x$VM', [Word(r'a" \x$VM', r'a" \x/run/vm.sock', '"')]),
        (r'"\$VM"', [Word("$VM", "$VM")]),
        ("$VM", [Word("$VM", "/run/vm.sock")]),
        ("${VM}x", [Word("${VM}x", "/run/vm.sockx")]),
        ("$VN'$VM'", [Word("$VN$VM", "$VN$VM")]),
        ("~/a b=~", [Word("~/a", f"{HOME}/a"), Word("b=~", "b=~")]),
        ("'~'", [Word("~", "~")]),
        (r"\~", [Word("~", "~")]),
        ("x'a'\"b\"c", [Word("xabc", "xabc")]),
        ("a\\", [Word("a", "a")]),
    ],
)
def test_a_line_is_split_as_a_shell_does(line: str, words: list[Word]) -> None:
    assert split_line(line, ENV) == words


def test_fish_has_escapes_in_single_quotes() -> None:
    assert split_line(r"'a\' b\\c\d' e", {}, fish=True)[0].text == r"a' b\c\d"


@given(st.text(), st.booleans())
def test_any_text_is_split(line: str, fish: bool) -> None:
    assert split_line(line, ENV, fish=fish)


@pytest.mark.parametrize(
    "line", ["qmp-shell a", "A=b qmp-shell a", "sudo ./qmp-shell a", "other-name a"]
)
def test_the_program_stands_before_its_words(line: str) -> None:
    assert behind_program(split_line(line, {}), "qmp-shell") == [Word("a", "a")]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_what_is_written_behind_a_word_is_read_as_it_is(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    text = "".join(map(chr, range(32, 127))).replace("!", "") + "$(id)`id`äß*"
    words = []
    for quote in "", "'", '"':
        written = write_behind(text, quote)
        assert written is not None
        words.append(f"{quote}x{written}{quote}")
    script = f"printf '%s\\n' {' '.join(words)}"
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [shell, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"x{text}\n" * 3


def test_what_would_recall_the_history_is_not_written_in_double_quotes() -> None:
    assert write_behind("a!b", '"') is None
    assert write_behind("a!b", "") == r"a\!b"
