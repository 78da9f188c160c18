import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.progress import Progress
from qmpshell.render import columns, escape, plain
from qmpshell.render.progress import ASCII, progress_line, rate_text, time_text
from qmpshell.simulator.faults import HOSTILE

MIRROR = Progress("mirror0", "running", 71, 100, in_bytes=True, rate=212e6, seconds_left=2.1)


@pytest.mark.parametrize(
    ("progress", "width", "shown"),
    [
        (MIRROR, 39, "mirror0 ███████░░░░ 71 %  212 MB/s  3 s"),
        (MIRROR, 32, "mirror0 ██░░ 71 %  212 MB/s  3 s"),
        (MIRROR, 31, "mirror0 █████░░░ 71 %  212 MB/s"),
        (MIRROR, 20, "mirror0 ████░░░ 71 %"),
        (MIRROR, 14, "mirror0 71 %"),
        (MIRROR, 10, "mirro 71 %"),
        (MIRROR, 3, " 71"),
        (MIRROR, 0, ""),
        (MIRROR._replace(status="paused"), 29, "mirror0 paused ██████░░░ 71 %"),
        (MIRROR._replace(rate=None, seconds_left=None), 23, "mirror0 ███████░░░ 71 %"),
        # Steps of whatever kind have no rate in bytes.
        (MIRROR._replace(in_bytes=False), 26, "mirror0 █████░░░ 71 %  3 s"),
        (MIRROR._replace(total=0), 80, "mirror0"),
        (
            MIRROR._replace(total=0, status="waiting for the guest"),
            80,
            "mirror0 waiting for the guest",
        ),
        (MIRROR._replace(done=0, rate=None, seconds_left=None), 20, "mirror0 ░░░░░░░░ 0 %"),
        (MIRROR._replace(done=120, rate=None, seconds_left=None), 20, "mirror0 ██████ 100 %"),
        (MIRROR._replace(done=-5, rate=None, seconds_left=None), 20, "mirror0 ░░░░░░░░ 0 %"),
        (MIRROR._replace(seconds_left=1e9), 33, "mirror0 ███████░░░ 71 %  212 MB/s"),
    ],
)
def test_progress_in_its_width(progress: Progress, width: int, shown: str) -> None:
    assert plain(progress_line(progress, width)) == shown


def test_a_bar_is_never_wider_than_it_is_worth() -> None:
    assert plain(progress_line(MIRROR, 1000)) == f"mirror0 {'█' * 21}{'░' * 9} 71 %  212 MB/s  3 s"


def test_without_blocks_in_the_terminals_characters() -> None:
    assert plain(progress_line(MIRROR, 42, ASCII)).isascii()


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (0.4, "0 B/s"),
        (999, "999 B/s"),
        (999.5, "1.0 kB/s"),
        (9_940, "9.9 kB/s"),
        (9_960, "10 kB/s"),
        (212e6, "212 MB/s"),
        (1.44e9, "1.4 GB/s"),
        (5e15, "5000 TB/s"),
    ],
)
def test_rates(rate: float, text: str) -> None:
    assert rate_text(rate) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.1, "1 s"), (59.5, "1 min 0 s"), (125, "2 min 5 s"), (3780, "1 h 3 min")],
)
def test_times(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


names = st.text(max_size=30) | st.just(HOSTILE) | st.just("x" * 10_000) | st.just("虚拟机")
numbers = st.integers(-5, 2**64)
floats = st.none() | st.floats(min_value=0, allow_nan=False)
progresses = st.builds(
    Progress, names, names, numbers, numbers, st.booleans(), floats, floats, names, names
)


@given(progresses, st.integers(0, 200))
def test_any_progress_is_safe_and_fits_on_the_line(progress: Progress, width: int) -> None:
    shown = plain(progress_line(progress, width))
    assert columns(shown) <= width
    assert shown == escape(shown)
