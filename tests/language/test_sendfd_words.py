import pytest

from qmpshell.errors import LineError
from qmpshell.language.sendfd_words import SendFD, read_sendfd


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("state /tmp/x", SendFD("state", "/tmp/x")),
        ("state 'a b' --read", SendFD("state", "a b", "--read")),
        ("--write state x", SendFD("state", "x", "--write")),
        ("state x --fdset 3 --read-write", SendFD("state", "x", "--read-write", "3")),
        ("7 x --fdset=new", SendFD("7", "x", "--read-write", "new")),
    ],
)
def test_what_is_sent(text: str, expected: SendFD) -> None:
    assert read_sendfd(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("", "a name for QEMU is expected, and a file here", ""),
        ("state", "a name for QEMU is expected, and a file here", ""),
        ("state x y", "quote what has blanks", "y"),
        ("state ''", "a file has a name", "''"),
        ("7up x", "a name that begins with no digit is expected", "7up"),
        ("'' x", "a name that begins with no digit is expected", "''"),
        ("state x --fdset", "--fdset takes NUMBER", "--fdset"),
        ("state x --fdset one", "the number of a set is expected, or new", "one"),
        ("state x --read --write", "only one of --read, --write, --read-write", "--write"),
        ("state x --append", "no such option", "--append"),
    ],
)
def test_what_is_refused(text: str, message: str, marked: str) -> None:
    with pytest.raises(LineError) as caught:
        read_sendfd(text)
    assert message in caught.value.message
    assert text[caught.value.start : caught.value.end] == marked
