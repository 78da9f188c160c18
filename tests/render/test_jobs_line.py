import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.progress import Progress
from qmpshell.render import Role, columns, escape, plain
from qmpshell.render.jobs_line import jobs_line
from tests.render.test_progress import MIRROR
from tests.render.test_progress import progresses as any_progress

BACKUP = Progress("b1", "running", 32, 100, in_bytes=True, type="backup")
READY = Progress("m2", "ready", 100, 100, in_bytes=True, type="mirror")
FAILED = Progress("c0", "concluded", 1, 1, type="create", error="No space")


@pytest.mark.parametrize(
    ("jobs", "width", "shown"),
    [
        ([], 80, ""),
        ([MIRROR], 80, "mirror0 ████████░░░░ 71 %  212 MB/s  3 s"),
        ([MIRROR], 24, "mirror0 ███████░░░░ 71 %"),
        ([MIRROR, BACKUP], 60, "mirror0 ████░░ 71 %  212 MB/s  b1 ██████░░░░░░░░░░░░░░░ 32 %"),
        ([MIRROR, BACKUP], 24, "mirror0 71 %  +1 job"),
        (
            [MIRROR, BACKUP, READY, FAILED],
            60,
            "mirror0 ███████░░░░ 71 %  b1 █████░░░░░░░░░░░ 32 %  +2 jobs",
        ),
        ([READY, FAILED], 60, "m2 ready  c0 failed"),
        ([MIRROR, BACKUP, READY], 20, "3 jobs"),
        ([MIRROR], 10, "1 job"),
        ([MIRROR], 4, ""),
    ],
)
def test_as_many_as_fit(jobs: list[Progress], width: int, shown: str) -> None:
    assert plain(jobs_line(jobs, width)) == shown


def test_a_failure_stands_out() -> None:
    assert (Role.ERROR, "failed") in jobs_line([FAILED], 40)


@given(st.lists(any_progress, max_size=5), st.integers(0, 120))
def test_any_jobs_are_safe_and_fit(jobs: list[Progress], width: int) -> None:
    shown = plain(jobs_line(jobs, width))
    assert columns(shown) <= width
    assert shown == escape(shown)
