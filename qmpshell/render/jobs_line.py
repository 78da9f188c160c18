"""Jobs and the migration in a few words, for a line that has something else on it as well."""

from __future__ import annotations

from collections.abc import Sequence

from qmpshell.progress import Progress
from qmpshell.render.progress import BLOCKS, progress_line
from qmpshell.render.styled import Role, Styled

#: One of them takes so many columns, or else isn't shown.
_WIDEST = 40
_NARROWEST = 14

#: Of what has come so far, a bar would tell no more than the word does.
_WITHOUT_BAR = frozenset({"concluded", "pending", "ready", "standby"})

_GAP = "  "


def jobs_line(jobs: Sequence[Progress], width: int, marks: str = BLOCKS) -> Styled:
    """Render one or two of them as ``mirror0 ███████░░░ 71 %  b1 ██░░░░ 32 %  +3 jobs``.

    Parameters:
        jobs: the most important first.
        width: how many columns there are. Where they are too few for a single one, the jobs
            are counted.
        marks: what is full of a bar and what isn't, a character each.
    """
    for count in (2, 1):
        shown = jobs[:count]
        others = len(jobs) - len(shown)
        more = f"{_GAP}+{others} job{'s' if others > 1 else ''}" if others else ""
        room = (width - len(more) - len(_GAP) * (count - 1)) // count
        if len(shown) == count and room >= _NARROWEST:
            styled: Styled = []
            for job in shown:
                line = progress_line(_in_few_words(job), min(room, _WIDEST), marks)
                styled += [(Role.TEXT, _GAP if styled else ""), *line]
            return [*styled, (Role.NOTE, more)]
    count_alone = f"{len(jobs)} job{'s' if len(jobs) > 1 else ''}"
    return [(Role.NOTE, count_alone)] if jobs and len(count_alone) <= width else []


def _in_few_words(job: Progress) -> Progress:
    return job._replace(total=0) if job.status in _WITHOUT_BAR else job
