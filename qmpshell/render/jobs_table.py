"""Jobs and the migration as a table: how far each is, and what would help those that stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qmpshell.progress import Progress
from qmpshell.render.diagnostics import columns
from qmpshell.render.escape import escape
from qmpshell.render.progress import (
    BLOCKS,
    LONGEST_NAME,
    bar,
    rate_of,
    share_text,
    status_piece,
    time_left,
)
from qmpshell.render.styled import Role, Styled, plain
from qmpshell.render.wrap import cut

#: What brings one on that doesn't go on by itself.
_ADVICE: Mapping[str, str] = {
    "concluded": "job-dismiss id={id}",
    "paused": "job-resume id={id}",
    "pending": "job-finalize id={id}",
    "postcopy-paused": "migrate resume=true",
    "pre-switchover": "migrate-continue pre-switchover",
    "ready": "job-complete id={id}, or job-cancel id={id}",
    "standby": "job-resume id={id}",
}

#: Which columns there are: as many as fit.
_CHOICES = (
    ("id", "type", "status", "bar", "share", "rate", "left"),
    ("id", "type", "status", "short bar", "share", "rate", "left"),
    ("id", "status", "short bar", "share", "rate"),
    ("id", "status", "short bar", "share"),
    ("id", "status", "share"),
    ("id", "share or status"),
)

_TO_THE_RIGHT = ("share", "rate", "left")

_BAR, _SHORT_BAR = 20, 8

#: A name is cut to a third of the width, but to no less than this.
_NAME = 12

_GAP = "  "


def jobs_table(
    jobs: Sequence[Progress], width: int, height: int | None = None, marks: str = BLOCKS
) -> Styled:
    """Render a line for each, and below it why it doesn't go on and what would help.

    Parameters:
        jobs: in the order in which they are shown.
        width: how many columns there are; where they are few, there are fewer of the table's.
        height: how many lines there are. Where they are too few, only the first lines are
            left, and at last the jobs that there is no room for are counted. ``None`` for as
            many as are needed.
        marks: what is full of a bar and what isn't, a character each.

    Returns:
        Lines, without an end of line behind the last.
    """
    rows = _rows(jobs, width, marks)
    remarks = [[cut(remark, width) for remark in _remarks(job)] for job in jobs]
    lines = [line for row, below in zip(rows, remarks, strict=True) for line in (row, *below)]
    if height is not None and len(lines) > height:
        lines = rows
    if height is not None and len(lines) > height:
        more = f"+{len(rows) - height + 1} more"
        lines = [*rows[: height - 1], cut([(Role.NOTE, more)], width)]
    return [piece for line in lines for piece in ((Role.TEXT, "\n"), *line)][1:]


def _remarks(job: Progress) -> Iterable[Styled]:
    """Say why it doesn't go on, and what would help."""
    if job.error:
        yield [(Role.ERROR, f"{_GAP}{escape(job.error[:LONGEST_NAME])}")]
    if advice := _ADVICE.get(job.status):
        yield [(Role.NOTE, _GAP + advice.format(id=escape(job.label[:LONGEST_NAME])))]


def _rows(jobs: Sequence[Progress], width: int, marks: str) -> list[Styled]:
    """Lay out the first choice of columns that fits."""
    cells = [_cells(job, max(_NAME, width // 3), marks) for job in jobs]
    rows: list[Styled] = []
    for names in _CHOICES:
        widths = {
            name: max((columns(plain(row[name])) for row in cells), default=0) for name in names
        }
        widths = {name: size for name, size in widths.items() if size}
        rows = [_row(row, widths) for row in cells]
        if sum(widths.values()) + len(_GAP) * (len(widths) - 1) <= width:
            return rows
    return [list(cut(row, width)) for row in rows]


def _row(cells: Mapping[str, Styled], widths: Mapping[str, int]) -> Styled:
    row: Styled = []
    for name, width in widths.items():
        blank = (Role.TEXT, " " * (width - columns(plain(cells[name]))))
        cell = [blank, *cells[name]] if name in _TO_THE_RIGHT else [*cells[name], blank]
        row += [(Role.TEXT, _GAP if row else ""), *cell]
    while row and not row[-1][1].strip(" "):
        row.pop()
    return row


def _cells(job: Progress, widest_name: int, marks: str) -> Mapping[str, Styled]:
    status = [status_piece(job)]
    measured = job.total > 0 and job.status != "concluded"
    moving = measured and job.status not in _ADVICE
    share: Styled = [(Role.TEXT, share_text(job))] if measured else []
    left = time_left(job) if moving else ""
    return {
        "id": cut([(Role.KEY, escape(job.label[:LONGEST_NAME]))], widest_name),
        "type": [(Role.TEXT, escape(job.type[:LONGEST_NAME]))],
        "status": status,
        "bar": bar(job.share, _BAR, marks) if measured else [],
        "short bar": bar(job.share, _SHORT_BAR, marks) if measured else [],
        "share": share,
        "share or status": share if moving else status,
        "rate": [(Role.TEXT, rate_of(job) if moving else "")],
        "left": [(Role.TEXT, f"{left} left" if left else "")],
    }
