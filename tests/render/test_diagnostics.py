from qmpshell.errors import AddressError, CommandError, LineError
from qmpshell.render import caret_line, caret_lines, error_line, plain


def test_an_error_of_the_server_has_its_class() -> None:
    error = CommandError("DeviceNotFound", "Device '\x1b[31m' not found")
    assert plain(error_line(error)) == "DeviceNotFound: Device '\\u001b[31m' not found"


def test_an_error_of_ours_is_its_text() -> None:
    assert plain(error_line(AddressError("no\naddress"))) == "no\\u000aaddress"


def test_carets_stand_under_the_culprit() -> None:
    error = LineError("a boolean", 19, 24)
    assert plain(caret_lines("set_link name=x up=maybe", error)) == (
        "set_link name=x up=maybe\n                   ^^^^^ a boolean"
    )
    assert plain(caret_line("set_link name=x up=maybe", error, margin=4)).index("^") == 23


def test_what_is_too_long_goes_on_in_lines_of_its_own() -> None:
    text = "query-name --wait"
    error = LineError("it can't be waited for; what can be: block-commit, quit", 11, 17)
    assert plain(caret_line(text, error, 4, width=64)).split("\n") == [
        "               ^^^^^^ it can't be waited for; what can be:",
        "               block-commit, quit",
    ]
    assert plain(caret_lines(text, error, width=40)).split("\n") == [
        "query-name --wait",
        "           ^^^^^^",
        "it can't be waited for; what can be:",
        "block-commit, quit",
    ]


def test_a_place_between_two_characters_is_one_caret() -> None:
    assert plain(caret_lines("ab", LineError("more", 2, 2))) == "ab\n  ^ more"


def test_of_many_lines_the_culprits_is_shown() -> None:
    text = "transaction(\n  a x=1\n  b =2\n)"
    start = text.index("=2")
    assert plain(caret_lines(text, LineError("a name", start, start + 1))) == (
        "  b =2\n    ^ a name"
    )


def test_a_culprit_of_many_lines_ends_with_its_first() -> None:
    assert plain(caret_lines("{\n}", LineError("no", 0, 3))) == "{\n^ no"


def test_of_a_long_line_the_culprits_surroundings_are_shown() -> None:
    text = "a" * 500 + "CULPRIT" + "b" * 500
    line, carets = plain(caret_lines(text, LineError("no", 500, 507))).split("\n")
    assert line.startswith("…a")
    assert line.endswith("b…")
    assert len(line) < 200
    assert line.index("CULPRIT") == carets.index("^")


def test_wide_and_escaped_characters_are_counted_as_shown() -> None:
    text = "x=漢\x1b e\u0301 up=maybe"
    error = LineError("a boolean", text.index("maybe"), len(text))
    line, carets = plain(caret_lines(text, error)).split("\n")
    assert line == "x=漢\\u001b e\u0301 up=maybe"
    assert carets.index("^") == len("x=__\\u001b e up=")
