import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import LineError
from qmpshell.language.guest_words import (
    Copy,
    Run,
    read_get,
    read_put,
    read_run,
    written_run,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uname", Run("uname", ())),
        ("  ls  -l   /tmp ", Run("ls", ("-l", "/tmp"))),
        ("sh -c 'echo \"a b\" > c'", Run("sh", ("-c", 'echo "a b" > c'))),
        ('printf "%s\\n" a\\ b', Run("printf", ("%s\\n", "a b"))),
        ("test [ -f {x ]", Run("test", ("[", "-f", "{x", "]"))),
        ("echo # $HOME `x` ''", Run("echo", ("#", "$HOME", "`x`", ""))),
        ("ls --color --input=x", Run("ls", ("--color", "--input=x"))),
        ("--input 'my file' wc -c", Run("wc", ("-c",), "my file")),
        ("--timeout=5 --input=- cat", Run("cat", (), "-", 5.0)),
        ("A=1 b", Run("A=1", ("b",))),
    ],
)
def test_what_is_run(text: str, expected: Run) -> None:
    assert read_run(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("", "a program is expected", ""),
        ("--timeout 5", "a program is expected", ""),
        ("--timeout", "--timeout takes SECONDS", "--timeout"),
        ("--timeout x ls", "a positive number of seconds", "x"),
        ("--timout 5 ls", 'no such option "--timout"; nearest: --timeout', "--timout"),
        ("--input a --input b c", "--input is given twice", "--input"),
        ("echo 'a", "a quote in this is not closed", "'a"),
        ("echo  a\\", "a quote in this is not closed", "a\\"),
    ],
)
def test_what_is_not_understood(text: str, message: str, marked: str) -> None:
    with pytest.raises(LineError) as caught:
        read_run(text)
    assert message in caught.value.message
    assert text[caught.value.start : caught.value.end] == marked


@given(st.lists(st.text(), min_size=1))
def test_any_words_are_read_as_they_are(words: list[str]) -> None:
    program, *arguments = words
    if program.startswith("--"):
        words = ["env", *words]
    read = read_run(written_run(words))
    assert [read.program, *read.arguments] == words
    assert arguments == words[-len(arguments) :] or not arguments


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_run, read_get, read_put):
        try:
            read(text)
        except LineError as error:
            assert 0 <= error.start <= error.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/etc/passwd", Copy("/etc/passwd", ".")),
        ("/etc/passwd -", Copy("/etc/passwd", "-")),
        ("'C:\\\\my file' here --overwrite", Copy("C:\\my file", "here", overwrite=True)),
        ("--overwrite a=b c", Copy("a=b", "c", overwrite=True)),
    ],
)
def test_what_is_got(text: str, expected: Copy) -> None:
    assert read_get(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a /b", Copy("a", "/b")),
        ("a /b --in-place --overwrite", Copy("a", "/b", overwrite=True, in_place=True)),
        ("- /b --in-place", Copy("-", "/b", in_place=True)),
    ],
)
def test_what_is_put(text: str, expected: Copy) -> None:
    assert read_put(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is expected"),
        ("a b c", "quote a name with blanks"),
        ("'' b", "a file has a name"),
        ("a b --overwite", "nearest: --overwrite"),
    ],
)
def test_files_that_are_not_understood(text: str, message: str) -> None:
    for read in (read_get, read_put):
        with pytest.raises(LineError, match=message):
            read(text)


def test_where_it_goes_in_the_guest_must_be_said() -> None:
    with pytest.raises(LineError, match="where it goes in the guest"):
        read_put("a")
