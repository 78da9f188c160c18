import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.client.waiting.rate import Rate
from qmpshell.progress import Progress


def _at(*seen: tuple[float, int], total: int = 1000) -> Progress:
    rate = Rate()
    for moment, done in seen:
        progress = rate.complete(Progress("j", done=done, total=total), moment)
    return progress


@pytest.mark.parametrize(
    ("seen", "per_second", "seconds_left"),
    [
        (((0, 0),), None, None),
        (((0, 0), (0, 100)), None, None),
        (((0, 100), (1, 100)), None, None),
        (((0, 0), (1, 100)), 100, 9),
        (((0, 0), (1, 100), (2, 300)), 150, 700 / 150),
        # What was long ago counts no more.
        (((0, 0), (10, 100), (12, 300)), 100, 7),
        # What goes in steps has a rate between them too, until they get rare.
        (((0, 0), (4, 400), (5, 400), (6, 400), (7, 400)), 400 / 7, 10.5),
        (((0, 0), (4, 400), (6, 400), (8, 800)), 100, 2),
        # Another one began.
        (((0, 500), (1, 0), (2, 10)), 10, 99),
        # More is done than there was to do.
        (((0, 1000), (1, 1100)), 100, None),
    ],
)
def test_the_rate_is_that_of_the_last_seconds(seen, per_second, seconds_left) -> None:
    progress = _at(*seen)
    assert progress.rate == per_second
    assert progress.seconds_left == seconds_left


def test_a_rate_that_is_known_is_kept() -> None:
    known = Progress("migration", done=1, total=2, rate=5.0, seconds_left=3.0)
    assert Rate().complete(known, 0.0) is known


@given(st.lists(st.tuples(st.floats(0, 1e9), st.integers(0, 2**64)), min_size=1))
def test_any_steps_at_any_moments(seen: list[tuple[float, int]]) -> None:
    progress = _at(*sorted(seen, key=lambda step: step[0]), total=2**70)
    assert progress.rate is None or progress.rate > 0
