import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.cli.completion.cursor import find_cursor
from qmpshell.language import Slot
from qmpshell.language.candidates import Candidate

NAME, VALUE = Slot.ARGUMENT_NAME, Slot.VALUE


@pytest.mark.parametrize(
    ("words", "typed", "kind", "kept", "rest"),
    [
        ([], "query-", Slot.COMMAND_NAME, "", "query-"),
        (["device_del"], "i", NAME, "", "i"),
        (["device_del"], "id=n", VALUE, "id=", "n"),
        (["blockdev-add", "driver=a b"], "file.", NAME, "", "file."),
        (["eject"], "id=my de", VALUE, "id=", "my de"),
        (["eject"], "id='my", VALUE, "id=", "'my"),
        (["query-block"], "--dry", Slot.OPTION_NAME, "", "--dry"),
        (["query-block"], "--timeout=1", Slot.OPTION_VALUE, "--timeout=", "1"),
        (["query-block", "--timeout"], "1", Slot.OPTION_VALUE, "", "1"),
        ([], '{"execute": "que', Slot.COMMAND_NAME, '{"execute": "', "que"),
        (["blockdev-add"], 'file={"driver": "n', VALUE, 'file={"driver": "', "n"),
    ],
)
def test_a_word_is_expected_to_be(
    words: list[str], typed: str, kind: Slot, kept: str, rest: str
) -> None:
    cursor = find_cursor(words, typed)
    assert cursor is not None
    assert (cursor.fits.kind, cursor.kept, cursor.typed) == (kind, kept, rest)


@pytest.mark.parametrize(
    ("words", "typed"), [([], "/hel"), ([], "transaction( a"), (["a", "b={} c"], "b=[] ")]
)
def test_nothing_is_expected_of_what_is_no_word_of_a_command(words: list[str], typed: str) -> None:
    assert find_cursor(words, typed) is None


def test_earlier_words_are_known_whatever_is_in_them() -> None:
    cursor = find_cursor(["eject", "id=my \"de'", "force=true"], "x")
    assert cursor is not None
    assert [given.text for given in cursor.fits.given] == ["my \"de'", "true"]


def test_a_name_is_written_as_it_is_and_in_json_as_json() -> None:
    candidate = Candidate("my dev", '"my dev"', ending=", ")
    value = find_cursor(["device_del"], "id=my")
    in_json = find_cursor(["device_del"], 'a={"id": ')
    assert value and value.written(candidate) == "id=my dev"
    assert in_json and in_json.written(candidate) == 'a={"id": "my dev", '


@given(st.lists(st.text(), max_size=3), st.text())
def test_any_words_have_a_cursor_or_none(words: list[str], typed: str) -> None:
    cursor = find_cursor(words, typed)
    assert cursor is None or cursor.kept + cursor.typed == typed
