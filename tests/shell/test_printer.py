"""What is written to the terminal, and how."""

import io

import pytest

from qmpshell.render import Role
from qmpshell.shell.printer import Printer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a remark that is too long", "a remark that is too\nlong\n"),
        ("\na remark that is too long", "\na remark that is too\nlong\n"),
        ("of twenty characters", "of twenty characters\n"),
        ("/rescue 1  yank instances=[]", "/rescue 1  yank instances=[]\n"),
        ("one line\nand another that is long", "one line\nand another that is long\n"),
    ],
)
def test_no_word_of_a_remark_is_broken(
    monkeypatch: pytest.MonkeyPatch, text: str, shown: str
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = io.StringIO()
    printer = Printer(stream, None)
    printer.note(text)
    assert stream.getvalue() == shown


def test_what_a_server_said_is_left_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = io.StringIO()
    Printer(stream, None).show([(Role.TEXT, "a text that is of a server")])
    assert stream.getvalue() == "a text that is of a server\n"
