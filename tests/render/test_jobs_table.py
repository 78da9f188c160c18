import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.progress import Progress
from qmpshell.render import Role, columns, escape_lines, plain
from qmpshell.render.jobs_table import jobs_table
from qmpshell.render.progress import ASCII
from tests.render.test_progress import MIRROR
from tests.render.test_progress import progresses as any_progress

JOBS = [
    MIRROR._replace(type="mirror"),
    Progress("create0", "concluded", 1, 1, type="create", error="No such file"),
    Progress("migration", "active", 1, 3, in_bytes=True, rate=1e6, seconds_left=80),
]

WIDE = """
mirror0    mirror  running  ██████████████░░░░░░  71 %  212 MB/s         3 s left
create0    create  failed
  No such file
  job-dismiss id=create0
migration          active   ██████░░░░░░░░░░░░░░  33 %  1.0 MB/s  1 min 20 s left
"""
MIDDLING = """
mirror0    running  █████░░░  71 %  212 MB/s
create0    failed
  No such file
  job-dismiss id=create0
migration  active   ██░░░░░░  33 %  1.0 MB/s
"""
NARROW = """
mirror0    71 %
create0    failed
  No such file
  job-dismiss id=c…
migration  33 %
"""
LOW = """
mirror0    71 %
create0    failed
migration  33 %
"""
LOWEST = """
mirror0    71 %
+2 more
"""


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [
        (100, None, WIDE),
        (100, 5, WIDE),
        (50, None, MIDDLING),
        (19, None, NARROW),
        (19, 4, LOW),
        (19, 3, LOW),
        (19, 2, LOWEST),
    ],
)
def test_what_fits(width: int, height: int | None, shown: str) -> None:
    assert plain(jobs_table(JOBS, width, height)) == shown.strip("\n")


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("ready", "job-complete id=j, or job-cancel id=j"),
        ("pending", "job-finalize id=j"),
        ("concluded", "job-dismiss id=j"),
        ("paused", "job-resume id=j"),
        ("running", None),
        ("ended", None),
    ],
)
def test_advice(status: str, advice: str | None) -> None:
    _, *below = plain(jobs_table([Progress("j", status)], 80)).split("\n")
    assert below == ([f"  {advice}"] if advice else [])


def test_an_error_stands_out() -> None:
    assert (Role.ERROR, "  No such file") in jobs_table(JOBS, 80)
    assert plain(jobs_table(JOBS, 80, marks=ASCII)).isascii()


@given(st.lists(any_progress, max_size=6), st.integers(1, 120), st.none() | st.integers(1, 12))
def test_any_jobs_are_safe_and_fit(jobs: list[Progress], width: int, height: int | None) -> None:
    shown = plain(jobs_table(jobs, width, height))
    assert shown == escape_lines(shown)
    assert all(columns(line) <= width for line in shown.split("\n"))
    assert height is None or shown.count("\n") < height
