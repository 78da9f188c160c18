"""What the history keeps of a line that answers the question itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.shell.answered import without_answer


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("quit --yes", "quit"),
        ("  system_reset   --yes  --timeout 5", "  system_reset  --timeout 5"),
        ("system_reset --timeout 5 --yes | cat", "system_reset --timeout 5 | cat"),
        ('{"execute": "quit"} --yes', '{"execute": "quit"}'),
        ("transaction(\nabort\n) --yes", "transaction(\nabort\n)"),
        ("/hmp quit --yes", "/hmp quit"),
        # These are no answers of ours.
        ("qom-set path=/a property=b value='quit --yes'",) * 2,
        ("/run apt-get install --yes hello",) * 2,
        ("!apt-get install --yes hello",) * 2,
        ("/hmp info --yes",) * 2,
        ("quit --yes 'unclosed",) * 2,
    ],
)
def test_the_answer_goes(typed: str, kept: str) -> None:
    assert without_answer(typed, hmp=False) == kept


def test_in_the_mode_of_the_human_monitor() -> None:
    assert without_answer("quit --yes", hmp=True) == "quit"
    assert without_answer("/hmp quit --yes", hmp=True) == "/hmp quit"
    assert without_answer("info --yes", hmp=True) == "info --yes"


@given(st.text(), st.booleans())
def test_any_text(text: str, hmp: bool) -> None:
    kept = without_answer(text, hmp=hmp)
    assert kept == text or "--yes" in text
