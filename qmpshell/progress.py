"""How far something is that runs: what a job or a migration tells of itself."""

from __future__ import annotations

from collections.abc import Callable

from qmpshell.named_tuple import NamedTuple


class Progress(NamedTuple):
    """How far something is.

    Attributes:
        label: what it is: a job's id, or a few words; not yet escaped.
        status: what it does, such as ``running``; not yet escaped, ``""`` when unknown.
        done: how much is done.
        total: how much there is to do, by what is known now; 0 when nothing is.
        in_bytes: whether ``done`` and ``total`` count bytes, rather than some steps.
        rate: how much is done in a second; ``None`` when that isn't known.
        seconds_left: how long it will take; ``None`` when that isn't known.
        type: what kind of job it is, such as ``mirror``; not yet escaped.
        error: why it has failed or doesn't go on; not yet escaped, ``""`` when all is well.
    """

    label: str
    status: str = ""
    done: int = 0
    total: int = 0
    in_bytes: bool = False
    rate: float | None = None
    seconds_left: float | None = None
    type: str = ""
    error: str = ""

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1; 0 when nothing is known."""
        return min(1.0, max(0.0, self.done / self.total)) if self.total > 0 else 0.0


#: What is told of progress.
OnProgress = Callable[[Progress], object]
