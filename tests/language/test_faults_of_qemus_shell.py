"""What QEMU's own shell (qemu.qmp 0.0.6) gets wrong in a line, and this language doesn't."""

import pytest

from qmpshell.errors import LineError
from qmpshell.language import is_complete, parse
from tests.language.lines import arguments, fault, sent


def test_a_quoted_value_is_sent_without_its_quotes():
    assert arguments("path=\"/machine\" property='type'") == {
        "path": "/machine",
        "property": "type",
    }


def test_a_float_is_sent_as_a_number():
    value = arguments("x=1.5")["x"]
    assert value == 1.5
    assert isinstance(value, float)


def test_null_is_sent_as_null():
    assert arguments("x=null") == {"x": None}


@pytest.mark.parametrize("text", ["01", "1_000"])
def test_what_json_calls_no_number_is_sent_as_text(text):
    assert arguments(f"id={text}") == {"id": text}


@pytest.mark.parametrize("text", ['x a="b', "x a='b c=1", 'x a=b"', "x a=it's b=1"])
def test_an_unterminated_quote_is_not_swallowed(text):
    culprit, message = fault(text)
    assert culprit in ("'", '"')
    assert "not closed" in message


@pytest.mark.parametrize("typo", ["abort x", "abort x='", "x=1", "abort x=1 x=2", "abort --no"])
def test_a_typo_in_a_transaction_can_be_left(typo):
    block = f"transaction(\n abort\n {typo}\n)"
    assert is_complete(block)
    with pytest.raises(LineError):
        sent(block)
    # Nothing of it is remembered: the next line is what it is.
    assert sent("query-status") == {"execute": "query-status"}
    assert sent("transaction( abort )")["arguments"]["actions"] == [{"type": "abort", "data": {}}]


def test_a_wrong_word_ends_a_transaction_before_its_end():
    for line in ("transaction(\n x=1", "transaction(\n abort x='", "transaction(\n abort x=[1}"):
        assert is_complete(line)
        with pytest.raises(LineError):
            parse(line)


def test_a_mismatched_bracket_is_refused_and_not_sent():
    assert fault('{"x": [1, 2}') == ("}", "] is expected before }, to close the [")
